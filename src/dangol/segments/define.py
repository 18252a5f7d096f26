"""A segment's name, titles and versions."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

from dangol.segments.condition import Condition, Engagement, InSegment, OnList, walk
from dangol.segments.evaluate import order_segments
from dangol.segments.faults import BadCondition
from dangol.segments.parse import check_condition, parse_condition, write_condition
from dangol.store.connect import Connection
from dangol.store.statements import load_statements

STATEMENTS = load_statements(__package__ or "dangol.segments")
ALWAYS: Final = datetime.max.replace(tzinfo=UTC)


def define_segment(
    connection: Connection,
    *,
    workspace_id: int,
    name: str,
    title_ko: str,
    title_en: str,
    definition: Condition,
    now: datetime,
) -> int:
    """Create a segment or change it; return its id. The same definition again is no new version.

    Its members are found at the next refresh.

    Raises:
        BadCondition: the definition cannot be used.
    """
    check_condition(definition)
    check_references(connection, name, definition, workspace_id=workspace_id)
    titles = {"name": name, "title_ko": title_ko, "title_en": title_en}
    values = {**titles, "workspace_id": workspace_id, "now": now}
    (segment_id,) = connection.execute(STATEMENTS["save_segment"], values).fetchall()[0]
    version = {
        "segment_id": segment_id,
        "definition": write_condition(definition).decode(),
        "now": now,
    }
    connection.execute(STATEMENTS["save_segment_version"], version)
    return int(segment_id)


def check_references(
    connection: Connection, name: str, definition: Condition, *, workspace_id: int
) -> None:
    """Refuse a definition that names what there is not, or asks for itself through others.

    Raises:
        BadCondition: naming the place in the tree and the remedy.
    """
    values = {"workspace_id": workspace_id, "now": ALWAYS}
    there = read_references(connection, workspace_id=workspace_id)
    named = {name for _, node, _ in walk(definition) for _, name, _ in names_in("", node)}
    if not named:
        return
    for path, node, _ in walk(definition):
        for kind, other, place in names_in(path, node):
            if (kind, other) not in there | {("segment", name)}:
                raise BadCondition(place, f"no_{kind}", name=other)
    trees = {name: definition}
    for _, other, text in connection.execute(STATEMENTS["read_segments"], values):
        if other != name:
            # A broken one is its own trouble, unless this one asks for it.
            with suppress(BadCondition):
                trees[other] = parse_condition(text)
    if fault := order_segments(trees).faults.get(name):
        raise fault


def read_references(connection: Connection, *, workspace_id: int) -> set[tuple[str, str]]:
    """Return what a condition can name: kinds (segment, list, journey) and names."""
    values = {"workspace_id": workspace_id}
    rows = connection.execute(STATEMENTS["list_references"], values).fetchall()
    return {(str(kind), str(name)) for kind, name in rows}


def names_in(path: str, node: Condition) -> Iterator[tuple[str, str, str]]:
    """Yield what a node names: its kind, its name, and the place in the tree."""
    match node:
        case InSegment():
            yield "segment", node.segment, f"{path}.segment"
        case OnList():
            yield "list", node.list, f"{path}.list"
        case Engagement(journey=str() as journey):
            yield "journey", journey, f"{path}.journey"
        case _:
            return
