"""The access log: who saw whose data, when, from where, and what of it.

Every answer that shows a person writes one row, in one insert, before it leaves. Where more than
``MOST_NAMED`` people were shown, how many is kept and not who. What the log must hold, and how long
it is kept, is said by the Korean standard of security measures (안전성 확보조치 기준): a
year, two where the shop has 50,000 people or more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from psycopg.rows import class_row

from dangol.rights.find import STATEMENTS
from dangol.store.connect import Connection
from dangol.store.vocabulary import AccessBy, MemberRole

MOST_NAMED: Final = 50
LONGEST_REASON: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was shown, of whom; ``subjects`` where their number is known and they are not."""

    what: str
    customer_ids: Sequence[int] = ()
    subjects: int = 0
    reason: str = ""

    @property
    def count(self) -> int:
        """How many people were shown."""
        return max(self.subjects, len(set(self.customer_ids)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who looks: through what, under which name, and from which network address."""

    kind: AccessBy
    name: str
    role: MemberRole | None = None
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """An entry of the log; ``seen_at`` is in UTC."""

    id: int
    seen_at: datetime
    by_kind: AccessBy
    by_whom: str
    role: MemberRole | None
    from_address: str
    what: str
    reason: str
    subjects: int
    customer_ids: list[int]


def note_seen(
    connection: Connection,
    viewer: Viewer,
    seen: Sequence[Seen],
    *,
    workspace_id: int,
    now: datetime,
) -> None:
    """Write down what was shown; what showed nobody is left out. The caller commits."""
    shown = [one for one in seen if one.count]
    for one in shown:
        people = sorted(set(one.customer_ids))
        values = {
            "workspace_id": workspace_id,
            "now": now,
            "by_kind": viewer.kind,
            "by_whom": viewer.name,
            "role": viewer.role,
            "from_address": viewer.address,
            "what": one.what,
            "reason": one.reason[:LONGEST_REASON],
            "subjects": one.count,
            "customer_ids": people if len(people) <= MOST_NAMED else [],
        }
        _ = connection.execute(STATEMENTS["insert_access"], values)


def list_accesses(
    connection: Connection,
    *,
    workspace_id: int,
    customer_id: int | None = None,
    by_whom: str | None = None,
    before: int | None = None,
    most: int = 100,
) -> list[Access]:
    """Return the newest entries, of everybody or about one customer or by one viewer.

    ``before`` is the id of the last one already seen.
    """
    values = {
        "workspace_id": workspace_id,
        "customer_id": customer_id,
        "by_whom": by_whom,
        "before": before,
        "most": most,
    }
    with connection.cursor(row_factory=class_row(Access)) as cursor:
        return cursor.execute(STATEMENTS["list_accesses"], values).fetchall()


def count_accesses(
    connection: Connection, *, workspace_id: int, customer_id: int
) -> list[tuple[AccessBy, MemberRole | None, int, datetime]]:
    """Return how often somebody's data was seen by whom: kind, role, count, and when last."""
    values = {"workspace_id": workspace_id, "customer_id": customer_id}
    rows = connection.execute(STATEMENTS["count_accesses"], values).fetchall()
    return [
        (AccessBy(kind), MemberRole(role) if role else None, int(count), last)
        for kind, role, count, last in rows
    ]


def expire_accesses(connection: Connection, *, workspace_id: int, now: datetime) -> int:
    """Delete what is older than the log must be; return how many entries."""
    values = {"workspace_id": workspace_id, "now": now}
    return connection.execute(STATEMENTS["expire_accesses"], values).rowcount
