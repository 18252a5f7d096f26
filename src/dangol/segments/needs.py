"""Which journeys need a segment or a list, as they themselves wrote down when published."""

from collections import defaultdict
from typing import Literal

from dangol.store.connect import Connection
from dangol.store.statements import load_statements

STATEMENTS = load_statements(__package__ or "dangol.segments")
Kind = Literal["segment", "list"]


def find_holders(
    connection: Connection, *, workspace_id: int, kind: Kind
) -> dict[str, tuple[str, ...]]:
    """Return the names of the running and paused journeys that need a segment or list, by its name.

    Nobody publishes a journey from now until the transaction ends.
    """
    values = {"workspace_id": workspace_id}
    _ = connection.execute(STATEMENTS["await_publishing"], values)
    holders: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
    for found, name, journey in connection.execute(STATEMENTS["list_holders"], values):
        if found == kind:
            holders[name] += (journey,)
    return dict(holders)
