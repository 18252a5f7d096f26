"""Making a workspace's segments what files say: what that changes, and doing it as a whole."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from dangol.segments.catalog import Entry, conditions_in_use, read_catalog
from dangol.segments.change import SegmentFault, archive_segment, save_segment, take_out
from dangol.segments.condition import Condition, walk
from dangol.segments.define import names_in, read_references
from dangol.segments.document import BadFiles, Fault, Wanted
from dangol.segments.evaluate import order_segments
from dangol.segments.faults import BadCondition
from dangol.segments.needs import find_holders
from dangol.segments.preview import Preview, Timer, preview_condition
from dangol.store.connect import Connection
from dangol.store.lake import Lake

Action = Literal["add", "change", "keep", "restore", "archive"]
TWICE: Final = "Another document has this name, too. Rename one of them."


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What becomes of one segment; ``seen`` says about how many enter and leave, where known."""

    action: Action
    name: str
    before: Entry | None
    wanted: Wanted | None
    seen: Preview | None = None

    @property
    def asks_anew(self) -> bool:
        """Whether the condition is another, so that everybody is judged anew."""
        before = self.before.published if self.before else None
        return self.wanted is not None and self.wanted.condition != before


def make_plan(
    connection: Connection,
    wanted: Iterable[Wanted],
    *,
    workspace_id: int,
    prune: bool,
    now: datetime,
) -> list[Step]:
    """Return what applying the files would do, in the order to do it in.

    Segments that the files do not name stay as they are, or, with ``prune``, are archived; drafts
    that were never published stay in any case.

    Raises:
        BadFiles: with everything that keeps them from being applied.
    """
    documents = list(wanted)
    catalog = read_catalog(connection, workspace_id=workspace_id, now=now)
    by_name = {one.name: one for one in documents}
    going = [
        one
        for one in catalog.values()
        if prune and one.name not in by_name and one.state == "published"
    ]
    staying = conditions_in_use(catalog)
    holders = find_holders(connection, workspace_id=workspace_id, kind="segment") if going else {}
    for one in going:
        _ = staying.pop(one.name, None)
    trees = {**staying, **{one.name: one.condition for one in documents}}
    faults = [
        *name_faults(documents),
        *reference_faults(connection, documents, trees, workspace_id=workspace_id),
        *[held_fault(one, holders[one.name]) for one in going if one.name in holders],
    ]
    if faults:
        raise BadFiles(faults)
    steps = {one.name: step_for(one, catalog.get(one.name)) for one in documents}
    ordered = [steps[name] for name in order_segments(trees).trees if name in steps]
    # Who asks for another segment goes before that one.
    asking = order_segments(conditions_in_use(catalog)).trees
    last_first = {name: place for place, name in enumerate(reversed(asking))}
    going.sort(key=lambda one: last_first.get(one.name, 0))
    archived = [Step(action="archive", name=one.name, before=one, wanted=None) for one in going]
    return [*ordered, *archived]


def name_faults(documents: list[Wanted]) -> list[Fault]:
    """Return the documents whose names stand before them already."""
    seen: set[str] = set()
    faults: list[Fault] = []
    for one in documents:
        if one.name in seen:
            faults.append(Fault(place=one.place, path="$.name", remedy=TWICE))
        seen.add(one.name)
    return faults


def reference_faults(
    connection: Connection,
    documents: list[Wanted],
    trees: Mapping[str, Condition],
    *,
    workspace_id: int,
) -> list[Fault]:
    """Return where documents name what there is not going to be, or ask in a circle."""
    known = read_references(connection, workspace_id=workspace_id)
    there = {one for one in known if one[0] != "segment"} | {("segment", name) for name in trees}
    found: list[tuple[Wanted, BadCondition]] = [
        (one, BadCondition(place, f"no_{kind}", name=other))
        for one in documents
        for path, node, _ in walk(one.condition)
        for kind, other, place in names_in(path, node)
        if (kind, other) not in there
    ]
    lacking = {one.name for one, _ in found}
    circles = order_segments(trees).faults
    found += [
        (one, circles[one.name])
        for one in documents
        if one.name in circles and one.name not in lacking
    ]
    return [Fault(place=one.place, path=fault.path, remedy=fault.message) for one, fault in found]


def held_fault(entry: Entry, holders: tuple[str, ...]) -> Fault:
    """Say which journeys keep a segment from being archived."""
    fault = SegmentFault("in_use", name=entry.name, users=holders)
    return Fault(place="--prune", path=entry.name, remedy=str(fault))


def step_for(wanted: Wanted, before: Entry | None) -> Step:
    """Return what a document does to a segment."""
    action: Action = "change"
    if before is None or before.number is None:
        action = "add"
    elif before.archived_at is not None:
        action = "restore"
    elif same(wanted, before):
        action = "keep"
    return Step(action=action, name=wanted.name, before=before, wanted=wanted)


def same(wanted: Wanted, before: Entry) -> bool:
    titles = (wanted.title_ko, wanted.title_en) == (before.title_ko, before.title_en)
    return titles and wanted.condition == before.published


def carry_out(
    connection: Connection, plan: Iterable[Step], *, workspace_id: int, now: datetime
) -> None:
    """Do everything a plan says. To be called inside a transaction.

    Raises:
        BadCondition, SegmentFault: something has changed since the plan was made.
    """
    for step in plan:
        if step.action == "archive":
            archive_segment(connection, workspace_id=workspace_id, name=step.name, now=now)
        elif step.wanted is not None and step.action != "keep":
            if step.before is not None and step.before.archived_at is not None:
                take_out(connection, step.before.id, workspace_id=workspace_id)
            save_segment(
                connection,
                workspace_id=workspace_id,
                name=step.name,
                title_ko=step.wanted.title_ko,
                title_en=step.wanted.title_en,
                definition=step.wanted.condition,
                publish=True,
                now=now,
            )


def look_ahead(
    connection: Connection,
    lake: Lake,
    plan: list[Step],
    *,
    workspace_id: int,
    now: datetime,
    timer: Timer,
    budget: timedelta,
    progress: Callable[[Step], None],
) -> list[Step]:
    """Return a plan with how many would enter and leave each segment that asks anew.

    To be called in the transaction in which it was carried out, and which is then undone: so
    conditions that ask for one another are judged together. ``budget`` is for each segment.
    """
    looked: list[Step] = []
    for step in plan:
        progress(step)
        seen = None
        if step.wanted is not None and (step.asks_anew or step.action == "restore"):
            seen = preview_condition(
                connection,
                lake,
                step.wanted.condition,
                workspace_id=workspace_id,
                name=step.name,
                now=now,
                timer=timer,
                budget=budget,
            )
        looked.append(replace(step, seen=seen))
    return looked
