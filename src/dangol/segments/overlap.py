"""Which segments share members: counted, or estimated from some members of a large one."""

from dataclasses import dataclass
from typing import Final

from dangol.segments.preview import scale_up
from dangol.store.connect import Connection
from dangol.store.statements import load_statements

STATEMENTS = load_statements(__package__ or "dangol.segments")
# Of more members than these only so many are looked at: an interval is at most 1.4 % wide then.
MOST: Final = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """Another segment, how many are in it, and how many of those are in both.

    Where not every member was looked at, ``both`` is an estimate, and Wilson's 95 % interval goes
    from ``low`` to ``high``; otherwise the three are the same.
    """

    name: str
    title_ko: str
    title_en: str
    size: int
    both: int
    low: int
    high: int


def count_overlaps(
    connection: Connection, *, workspace_id: int, segment_id: int, most: int = MOST
) -> list[Overlap]:
    """Return the segments that share members with this one, the most first; twenty at most.

    About ``most`` of its members are looked at, or all where there are not more.
    """
    values = {"workspace_id": workspace_id, "segment_id": segment_id, "most": most}
    return [
        Overlap(
            name=name,
            title_ko=title_ko,
            title_en=title_en,
            size=size,
            both=both,
            low=low,
            high=high,
        )
        for name, title_ko, title_en, size, found, looked_at, members in connection.execute(
            STATEMENTS["count_overlaps"], values
        )
        for both, low, high in [scale_up(found, looked_at, members)]
    ]
