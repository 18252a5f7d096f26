"""A published change is judged at once, and not only at the next beat."""

from collections.abc import Callable
from dataclasses import dataclass, field

from dangol.app.clock import STATEMENTS
from dangol.store.connect import Connection

Unjudged = tuple[int, int, int]


@dataclass(slots=True, kw_only=True)
class Recompute:
    """Refreshes the workspaces in which a version of a segment was published.

    ``refresh`` refreshes one and tells whether it could. A version that cannot be judged is tried
    once: the beats look after it from then on.
    """

    refresh: Callable[[Connection, int], bool]
    tried: set[Unjudged] = field(default_factory=set[Unjudged])

    def look(self, connection: Connection) -> None:
        """Look for new versions, and have them judged."""
        with connection.transaction():
            rows = connection.execute(STATEMENTS["list_unjudged"]).fetchall()
        unjudged: set[Unjudged] = {(row[0], row[1], row[2]) for row in rows}
        fresh = unjudged - self.tried
        done = {one for one in {one[0] for one in fresh} if self.refresh(connection, one)}
        self.tried = {one for one in unjudged if one in self.tried or one[0] in done}
