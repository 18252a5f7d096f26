"""Which segments share members."""

from dataclasses import dataclass

from dangol.store.connect import Connection
from dangol.store.statements import load_statements

STATEMENTS = load_statements(__package__ or "dangol.segments")


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """Another segment, how many are in it, and how many of those are in both."""

    name: str
    title_ko: str
    title_en: str
    size: int
    both: int


def count_overlaps(connection: Connection, *, workspace_id: int, segment_id: int) -> list[Overlap]:
    """Return the segments that share members with this one, the most first; twenty at most."""
    values = {"workspace_id": workspace_id, "segment_id": segment_id}
    return [
        Overlap(name=name, title_ko=title_ko, title_en=title_en, size=size, both=both)
        for name, title_ko, title_en, size, both in connection.execute(
            STATEMENTS["count_overlaps"], values
        )
    ]
