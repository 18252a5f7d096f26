"""Uploaded lists as they are: how many are on each, and who asks for it."""

from dataclasses import dataclass
from datetime import datetime

from dangol.segments.catalog import Entry, read_catalog
from dangol.segments.change import SegmentFault
from dangol.segments.condition import Condition, OnList, leaves
from dangol.segments.needs import find_holders
from dangol.store.connect import Connection
from dangol.store.statements import load_statements

STATEMENTS = load_statements(__package__ or "dangol.segments")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A list: rows of its file (``entries``), customers they led to (``matched``), and its users.

    A customer who has been erased since is on no list any more. ``used_by`` are segments,
    ``journeys`` those that name it in a condition and were not stopped.
    """

    id: int
    name: str
    entries: int
    matched: int
    uploaded_at: datetime
    used_by: tuple[str, ...]
    journeys: tuple[str, ...]


def read_lists(connection: Connection, *, workspace_id: int, now: datetime) -> dict[str, Listed]:
    """Return every uploaded list by its name."""
    catalog = read_catalog(connection, workspace_id=workspace_id, now=now)
    rows = connection.execute(STATEMENTS["list_lists"], {"workspace_id": workspace_id})
    return {
        name: Listed(
            id=list_id,
            name=name,
            entries=entries,
            matched=matched,
            uploaded_at=uploaded_at,
            used_by=tuple(one.name for one in catalog.values() if asks_for(one, name)),
            journeys=tuple(journeys),
        )
        for list_id, name, uploaded_at, entries, matched, journeys in rows
    }


def asks_for(entry: Entry, name: str) -> bool:
    """Tell whether a segment in use, or a draft of one, asks for a list."""
    if entry.archived_at is not None:
        return False
    trees = (tree for tree in (entry.published, entry.draft) if tree is not None)
    return any(names_list(tree, name) for tree in trees)


def names_list(tree: Condition, name: str) -> bool:
    return any(isinstance(leaf, OnList) and leaf.list == name for leaf in leaves(tree))


def find_list(connection: Connection, *, workspace_id: int, name: str, now: datetime) -> Listed:
    """Return a list.

    Raises:
        SegmentFault: there is none of this name.
    """
    lists = read_lists(connection, workspace_id=workspace_id, now=now)
    if name not in lists:
        raise SegmentFault("no_list", name=name)
    return lists[name]


def delete_list(connection: Connection, *, workspace_id: int, name: str, now: datetime) -> None:
    """Forget a list and who is on it.

    Raises:
        SegmentFault: there is none of this name, or a segment or a journey asks for it.
    """
    holders = find_holders(connection, workspace_id=workspace_id, kind="list")
    listed = find_list(connection, workspace_id=workspace_id, name=name, now=now)
    if users := (*holders.get(name, ()), *listed.used_by):
        raise SegmentFault("list_in_use", name=name, users=users)
    values = {"list_id": listed.id}
    _ = connection.execute(STATEMENTS["empty_list"], values)
    _ = connection.execute(STATEMENTS["drop_list"], values)
