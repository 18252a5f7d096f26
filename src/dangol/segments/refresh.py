"""Membership follows the lake: who newly belongs enters, who no longer does leaves.

1. Find out about whom each segment has to be asked: everybody where it is new, was changed, or
   asks what a beat cannot follow; otherwise those whose answer can have changed (``beat``).
2. Judge them, all segments at once (nothing is written yet, so no tick waits).
3. Put the verdicts beside ``membership``, and write only the differences, each with an event that
   journeys can begin with.
"""

# pyarrow ships no types: what comes from it is unknown.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from dangol.segments.beat import (
    Places,
    Touches,
    crossed,
    delete_touches,
    find_busy,
    find_crossing,
    is_followed,
    move_place,
    read_places,
    read_touches,
)
from dangol.segments.compare import Moment
from dangol.segments.concern import Changes, asked_alone, together
from dangol.segments.condition import Condition, leaves
from dangol.segments.dates import find_aged
from dangol.segments.differences import Change, difference, write_changes
from dangol.segments.evaluate import Ids, named_segments, order_segments
from dangol.segments.facts import read_facts
from dangol.segments.faults import BadCondition
from dangol.segments.ids import read_customers, read_members, read_some
from dangol.segments.judge import Judge
from dangol.segments.parse import parse_condition
from dangol.segments.people import People
from dangol.segments.quiet import is_quiet, look_ahead
from dangol.segments.slices import Passing
from dangol.store.connect import Connection
from dangol.store.crash import crashpoint
from dangol.store.heads import read_heads
from dangol.store.lake import Lake
from dangol.store.statements import load_statements
from dangol.store.workspace import read_workspace

STATEMENTS = load_statements(__package__ or "dangol.segments")
# Above this share of the customers, unless they are few, looking at everybody is quicker.
MOST_OF_SOME: Final = 0.2
FEW: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Refreshed:
    """One segment after a refresh.

    ``fault`` says why a segment was left as it was, and is empty for one that was refreshed.
    """

    name: str
    entered: int = 0
    left: int = 0
    size: int = 0
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A segment: its newest definition, and by which one its members are right as of when."""

    id: int
    name: str
    condition: Condition | None
    fault: str
    number: int
    refreshed_number: int | None
    refreshed_at: datetime | None
    size: int

    @property
    def since(self) -> datetime | None:
        """As of when the newest definition was judged; None if it never was."""
        return self.refreshed_at if self.number == self.refreshed_number else None


@dataclass(kw_only=True)
class Beat:
    """One refresh under way, inside a transaction."""

    connection: Connection
    lake: Lake
    workspace_id: int
    at: Moment
    # In order, see ``evaluate``.
    trees: Mapping[str, Condition]
    standing: Mapping[str, Standing]
    # Who is to enter and to leave, by segment id.
    changes: dict[int, Change] = field(default_factory=dict[int, Change])
    entered: dict[int, int] = field(default_factory=dict[int, int])
    left: dict[int, int] = field(default_factory=dict[int, int])
    sizes: dict[int, int] = field(default_factory=dict[int, int])

    def run(self, *, afresh: bool) -> None:
        """Judge whom has to be judged, write the differences, and note how far this came."""
        # Before all else: what changes from here on is seen by the next beat.
        places = read_places(self.connection, workspace_id=self.workspace_id)
        touches = read_touches(self.connection, workspace_id=self.workspace_id)
        right = all(self.standing[name].since == places.seen_at for name in self.trees)
        if not afresh and right and is_quiet(places, touches, now=self.at.now):
            self.note(places, touches, quiet_until=places.quiet_until)
            return
        whole = set(self.trees) if afresh else self.asked_of_everybody(places)
        changes = self.what_changed(whole, places, touches)
        changed = changes.customers()
        if self.are_most(changed):
            whole = set(self.trees)
        self.judge_everybody(self.only(whole))
        if places.seen_at is not None:
            self.judge_changed(self.only(self.trees.keys() - whole), changes, since=places.seen_at)
        # Asked before anything is written, so that no tick waits for the answer.
        quiet_until = None if whole or len(changed) else self.look_ahead()
        self.write()
        self.note(places, touches, quiet_until=quiet_until)

    def only(self, names: Collection[str]) -> dict[str, Condition]:
        """Return some of the segments, in order."""
        return {name: tree for name, tree in self.trees.items() if name in names}

    def note(self, places: Places, touches: Touches, *, quiet_until: datetime | None) -> None:
        """Note as of when the segments are right, what they have seen, and until when they rest."""
        self.stamp()
        delete_touches(self.connection, touches)
        seen = replace(places, quiet_until=quiet_until)
        move_place(self.connection, seen, workspace_id=self.workspace_id, now=self.at.now)

    def look_ahead(self) -> datetime | None:
        """Return before when no answer changes unless something comes."""
        return look_ahead(
            self.connection,
            self.lake,
            self.trees.values(),
            workspace_id=self.workspace_id,
            at=self.at,
        )

    def asked_of_everybody(self, places: Places) -> set[str]:
        """Return the segments that are new, changed or not followed by beats, and their like.

        A segment that asks for another is asked of the same customers.
        """
        if places.seen_at is None:
            return set(self.trees)
        passing = self.passing(places.seen_at)
        whole = {
            name
            for name, tree in self.trees.items()
            if self.standing[name].since != places.seen_at or not is_followed(tree, passing)
        }
        return joined(whole, self.trees)

    def passing(self, since: datetime) -> Passing:
        """Return the time that passed since the last beat."""
        return Passing(since=since, now=self.at.now, zone=self.at.zone)

    def what_changed(self, whole: set[str], places: Places, touches: Touches) -> Changes:
        """Return whose answer can have changed where not everybody is asked."""
        rest = [tree for name, tree in self.trees.items() if name not in whole]
        if not rest or places.seen_at is None:
            return Changes(touched=touches.customers, busy={}, crossing={})
        workspace_id, passing = self.workspace_id, self.passing(places.seen_at)
        aged = find_aged(self.connection, rest, passing, workspace_id=workspace_id)
        slices = crossed(rest, passing)
        return Changes(
            touched=together([touches.customers, aged]),
            busy=find_busy(self.connection, places, workspace_id=workspace_id),
            crossing=find_crossing(self.lake, slices, workspace_id=workspace_id),
        )

    def are_most(self, changed: Ids) -> bool:
        """Tell whether these are so many that looking at everybody is quicker."""
        if len(changed) <= FEW:
            return False
        everybody = read_customers(self.connection, workspace_id=self.workspace_id)
        return len(changed) > MOST_OF_SOME * len(everybody)

    def judge_changed(
        self, trees: Mapping[str, Condition], changes: Changes, *, since: datetime
    ) -> None:
        """Ask segments of those whose answer can have changed."""
        passing = self.passing(since)
        alone = {
            name: whom
            for name in asked_alone(trees, at=self.at)
            if len(whom := changes.concerning(trees[name], passing))
        }
        shared = trees.keys() - asked_alone(trees, at=self.at)
        self.judge_some(self.only(shared), changes.customers())
        self.judge_some(self.only(alone), together(alone.values()))

    def judge_everybody(self, trees: Mapping[str, Condition]) -> None:
        """Ask segments of all customers."""
        if not trees:
            return
        customers = read_customers(self.connection, workspace_id=self.workspace_id)
        segments = [self.standing[name].id for name in trees]
        members = read_members(self.connection, segments)
        self.sizes.update({segment_id: len(ids) for segment_id, ids in members.items()})
        self.judge(trees, customers, members, among=None)

    def judge_some(self, trees: Mapping[str, Condition], changed: Ids) -> None:
        """Ask segments of these customers and nobody else."""
        if not trees or not len(changed):
            return
        customers, looked_at = read_some(self.connection, changed, workspace_id=self.workspace_id)
        segments = [self.standing[name].id for name in trees]
        members = read_members(self.connection, segments, among=looked_at)
        self.judge(trees, customers, members, among=customers)

    def judge(
        self,
        trees: Mapping[str, Condition],
        customers: Ids,
        members: Mapping[int, Ids],
        *,
        among: Ids | None,
    ) -> None:
        """Ask segments of these customers, and find out where their members differ.

        ``among`` are the same customers, where they are not everybody.
        """
        asked = [leaf for tree in trees.values() for leaf in leaves(tree)]
        judge = Judge(
            lake=self.lake,
            facts=read_facts(
                self.connection,
                asked,
                workspace_id=self.workspace_id,
                now=self.at.now,
                among=among,
            ),
            workspace_id=self.workspace_id,
            at=self.at,
        )
        heads = read_heads(self.connection, workspace_id=self.workspace_id, among=among)
        verdicts = judge.judge(trees, People(ids=customers, heads=heads))
        for name in trees:
            segment_id = self.standing[name].id
            self.changes[segment_id] = difference(members[segment_id], customers, verdicts[name])

    def write(self) -> None:
        """Let in and out whom the verdicts say."""
        written = write_changes(
            self.connection, self.changes, workspace_id=self.workspace_id, now=self.at.now
        )
        self.entered.update(written.entered)
        self.left.update(written.left)

    def stamp(self) -> None:
        """Note as of when members are right, and how many there are."""
        segments = [self.standing[name] for name in self.trees]
        values = {
            "workspace_id": self.workspace_id,
            "segment_ids": [segment.id for segment in segments],
            "numbers": [segment.number for segment in segments],
            "sizes": [self.size_of(segment) for segment in segments],
            "came": [self.entered.get(segment.id, 0) for segment in segments],
            "went": [self.left.get(segment.id, 0) for segment in segments],
            "now": self.at.now,
        }
        self.connection.execute(STATEMENTS["stamp_segments"], values)
        self.connection.execute(STATEMENTS["keep_sizes"], values)

    def size_of(self, segment: Standing) -> int:
        """Return how many members a segment has now."""
        before = self.sizes.get(segment.id, segment.size)
        return before + self.entered.get(segment.id, 0) - self.left.get(segment.id, 0)

    def report(self, segment: Standing, fault: str) -> Refreshed:
        """Say what became of a segment."""
        if segment.name not in self.trees:
            return Refreshed(name=segment.name, fault=segment.fault or fault)
        return Refreshed(
            name=segment.name,
            entered=self.entered.get(segment.id, 0),
            left=self.left.get(segment.id, 0),
            size=self.size_of(segment),
        )


def refresh_segments(
    connection: Connection, lake: Lake, *, workspace_id: int, now: datetime, afresh: bool = False
) -> list[Refreshed]:
    """Bring every segment's members up to what the lake holds as of ``now``.

    Looks only at customers whose answer can have changed since the last refresh, or, ``afresh``,
    at all of them. Returns one entry a segment, by id; nothing at all while another process is
    refreshing the same workspace. A second refresh of the same moment changes nothing. To be
    called inside a transaction: members, events and the time of refresh are committed together or
    not at all.
    """
    values = {"workspace_id": workspace_id, "now": now}
    if connection.execute(STATEMENTS["lock_segments"], values).fetchone() != (True,):
        return []
    # Whoever a refresh that began before let into a segment that was archived meanwhile.
    _ = connection.execute(STATEMENTS["end_stays"], {**values, "segment_id": None})
    standing = [
        read_standing(*row) for row in connection.execute(STATEMENTS["read_standing"], values)
    ]
    if not standing:
        # Nobody asks what was written to whom; once somebody does, everybody is judged.
        delete_touches(connection, read_touches(connection, workspace_id=workspace_id))
        return []
    ordered = order_segments({one.name: one.condition for one in standing if one.condition})
    beat = Beat(
        connection=connection,
        lake=lake,
        workspace_id=workspace_id,
        at=Moment(now=now, zone=read_zone(connection, workspace_id=workspace_id)),
        trees=ordered.trees,
        standing={one.name: one for one in standing},
    )
    beat.run(afresh=afresh)
    crashpoint("segments.before_commit")
    return [beat.report(one, str(ordered.faults.get(one.name, ""))) for one in standing]


def read_standing(
    segment_id: int,
    name: str,
    definition: str,
    number: int,
    refreshed_number: int | None,
    refreshed_at: datetime | None,
    size: int,
) -> Standing:
    """Read a row; a definition that cannot be read must not keep others from being refreshed."""
    condition, fault = None, ""
    try:
        condition = read_condition(definition)
    except BadCondition as bad:
        fault = str(bad)
    return Standing(
        id=segment_id,
        name=name,
        condition=condition,
        fault=fault,
        number=number,
        refreshed_number=refreshed_number,
        refreshed_at=refreshed_at,
        size=size,
    )


@lru_cache(maxsize=1_000)
def read_condition(definition: str) -> Condition:
    """Read a definition; beat after beat they are the same texts.

    Raises:
        BadCondition: it cannot be read.
    """
    return parse_condition(definition)


def read_zone(connection: Connection, *, workspace_id: int) -> ZoneInfo:
    """Return the zone whose days the shop lives by."""
    return read_workspace(connection, workspace_id=workspace_id).zone


def joined(names: set[str], trees: Mapping[str, Condition]) -> set[str]:
    """Add the segments that these ask for, and that ask for these, and so on."""
    known = set(names)
    while True:
        asking = {name for name, tree in trees.items() if named_segments(tree) & known}
        asked = {other for name in known for other in named_segments(trees[name])}
        more = (asking | asked) - known
        if not more:
            return known
        known |= more
