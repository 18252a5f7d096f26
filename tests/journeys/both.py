"""One history lived twice: by the engine on a real PostgreSQL, and by the plain reference."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from tests.build import TEST_VAULT, customer, one, reach, template
from tests.journeys import random_journeys as r
from tests.journeys.reference import Happened, Journey, Life, Run, World
from tests.journeys.reference_clock import ZONES, begins_by_clock, moments, moments_of, shift

from dangol.app.conditions import Conditions
from dangol.app.journeys import apply_journey
from dangol.app.tick import decide_and_fall
from dangol.ingest.tick import take_events
from dangol.journeys.advance import advance_journeys
from dangol.journeys.publish import set_state
from dangol.segments.condition import EventMeasure
from dangol.segments.define import define_segment
from dangol.store.connect import Connection
from dangol.store.vocabulary import JourneyState
from dangol.store.workspace import create_workspace

# Two days before the clocks change in New York; no time of the day that journeys ask for.
BEGIN: Final = datetime(2027, 3, 12, 9, 3, 20, tzinfo=UTC)
MOMENT: Final = timedelta(microseconds=1)
SECOND: Final = timedelta(seconds=1)
DAY: Final = timedelta(days=1)
# Many more than any history makes: what is read is always all there is.
ALL: Final = 10_000
ROUNDS_MAX: Final = 60
END: Final = "end"
# Room for the events of all these days, in one part: there is a query a tick over all of them.
ROOM: Final = """
create table event_long partition of event for values from ('2027-03-05') to ('2028-03-01')
"""

DESK: Final = """
insert into webhook_endpoint (workspace_id, name, url, kinds, sealed_secret, created_at)
values (%s, 'desk', 'https://desk.example/', '{journey.step}', '', %s)
"""

RUNS: Final = """
select identifier.key, journey.name, enrollment.entered_at, enrollment.state::text,
    enrollment.end_reason::text, enrollment.ended_at, enrollment.wake_at,
    array(
        select journey_step.name from unnest(enrollment.trail) with ordinality as came (id, place)
        join journey_step on journey_step.id = came.id order by came.place
    ),
    array(
        select array[journey_step.name, template.name, message.planned_at::text] from message
        join journey_step using (version_id)
        join template on template.id = message.template_id
        where message.enrollment_id = enrollment.id and journey_step.number = message.step_number
        order by message.visit, message.rung
    ),
    array(
        select array[journey_step.name, webhook_call.occurred_at::text] from webhook_call
        join journey_step on journey_step.id = webhook_call.step_id
        where webhook_call.enrollment_id = enrollment.id order by webhook_call.id
    ),
    (select conversion.occurred_at from conversion where conversion.enrollment_id = enrollment.id),
    enrollment.parked_because
from enrollment
join journey on journey.id = enrollment.journey_id
join identifier on identifier.customer_id = enrollment.customer_id and identifier.kind = 'external'
where enrollment.workspace_id = %s
"""

# What can be said of an enrollment from outside.
Seen = tuple[Any, ...]


@dataclass(kw_only=True)
class Both:
    """A shop kept twice, at one moment."""

    connection: Connection
    batch: int
    now: datetime = BEGIN
    workspace: int = 0
    segment_id: int = 0
    world: World = field(init=False)
    happened: int = 0
    # Of each customer, when the last thing happened: nothing comes out of order.
    last_at: dict[str, datetime] = field(default_factory=dict)

    def open(self, *definitions: r.Words) -> None:
        """Open a shop of its own, with everybody in it and these journeys running."""
        with self.connection.transaction():
            shops = one(self.connection, "select count(*) from workspace")
            if not shops:
                self.connection.execute(ROOM)
            self.workspace = create_workspace(
                self.connection,
                name=f"단골 {shops}호점",
                time_zone=r.SHOP_ZONE,
                default_locale="ko",
                sender_name="-",
                sender_email="hello@shop.example",
                sender_postal="-",
                sender_phone="-",
                now=BEGIN,
            )
            for name, channel in r.TEMPLATES.items():
                template(
                    self.connection,
                    self.workspace,
                    name=name,
                    channel=channel,
                    # What is no advertising goes wherever there is an address.
                    purpose="informational",
                    now=BEGIN,
                )
            self.connection.execute(DESK, (self.workspace, BEGIN))
            self.segment_id = define_segment(
                self.connection,
                workspace_id=self.workspace,
                name=r.SEGMENT,
                title_ko="뜸해진 고객",
                title_en="Lapsed",
                definition=EventMeasure(event="Never"),
                now=BEGIN,
            )
        lives = {name: self.join(name, zone) for name, zone in r.PEOPLE.items()}
        self.world = World(
            zone=r.SHOP_ZONE,
            journeys={},
            lives=lives,
            channels=r.TEMPLATES,
            batch=self.batch,
        )
        for definition in definitions:
            self.publish(definition)

    def join(self, name: str, zone: str | None) -> Life:
        made = customer(self.connection, self.workspace, name=name, email=None, time_zone=zone)
        reached_by = r.REACHED_BY.get(name, frozenset())
        for channel in sorted(reached_by):
            reach(self.connection, self.workspace, customer_id=made, channel=channel)
        return Life(id=made, name=name, zone=zone, reached_by=reached_by)

    # ---- what is done to both

    def publish(self, definition: r.Words) -> None:
        """Publish a journey, or its next version; a new one runs, a paused one stays so."""
        name = definition["name"]
        with self.connection.transaction():
            apply_journey(
                self.connection,
                workspace_id=self.workspace,
                text=json.dumps(definition),
                now=self.now,
            )
            journey_id = self.journey_id(name)
        known = self.world.journeys.setdefault(name, Journey(id=journey_id, name=name))
        known.publish(definition, self.now)

    def journey_id(self, name: str) -> int:
        query = "select id from journey where workspace_id = %(workspace)s and name = %(name)s"
        return one(self.connection, query, workspace=self.workspace, name=name)

    def pause(self, name: str, state: JourneyState) -> None:
        """Pause or resume a journey."""
        with self.connection.transaction():
            set_state(self.connection, journey_id=self.journey_id(name), state=state, now=self.now)
        if state is JourneyState.RUNNING:
            self.world.journeys[name].resume(self.now)
        else:
            self.world.journeys[name].state = str(state)

    def move(self, who: str, zone: str | None) -> None:
        """Let somebody move to another zone."""
        self.world.lives[who].zone = zone
        query = "update customer set time_zone = %s where id = %s"
        with self.connection.transaction():
            self.connection.execute(query, (zone, self.world.lives[who].id))

    def let_happen(self, told: Sequence[Mapping[str, Any]]) -> None:
        """Let these things have happened, and both act on them."""
        with self.connection.transaction():
            ago = [SECOND * number for number in range(len(told), 0, -1)]
            events = [
                self.event_of(each, at=self.now - gone)
                for each, gone in zip(told, ago, strict=True)
            ]
            for event in events:
                self.write(event)
        self.settle(events)

    def settle(self, events: Sequence[Happened] = ()) -> None:
        """Let both do all there is to do now."""
        self.world.settle(self.now, events)
        for _ in range(ROUNDS_MAX):
            if not self.tick():
                return
        raise AssertionError(f"after {ROUNDS_MAX} ticks there is still something to do")

    def tick(self) -> int:
        """Let what has come in act, and move everybody, however small the batch."""
        with self.connection.transaction():
            taken = take_events(
                self.connection,
                workspace_id=self.workspace,
                vault=TEST_VAULT,
                now=self.now,
                batch=ALL,
            )
            moved = self.advance()
        return taken + moved + sum(iter(self.move_rest, 0))

    def move_rest(self) -> int:
        with self.connection.transaction():
            return self.advance()

    def advance(self) -> int:
        """Return how much was done, or is left to do."""
        advanced = advance_journeys(
            self.connection,
            workspace_id=self.workspace,
            judge=Conditions(),
            now=self.now,
            batch=self.batch,
        )
        decide_and_fall(
            self.connection, workspace_id=self.workspace, now=self.now, batch=self.batch
        )
        return advanced.moved + advanced.enrolled + advanced.unfinished

    # ---- events

    def event_of(self, told: Mapping[str, Any], *, at: datetime) -> Happened:
        """Return what happened, after all that happened to the customer before."""
        name, who = told["name"], told["customer"]
        earliest = self.last_at.get(who, BEGIN - 30 * DAY) + MOMENT
        at = max(earliest, at - SECOND * told["late"])
        self.last_at[who] = at
        self.happened += 1
        known = {"id": f"e{self.happened}", "customer": who, "occurred_at": at}
        if name == "told":
            return Happened(name="Identified", traits=told["traits"], **known)
        said = {"color": told["color"], "amount": told["amount"]}
        if name != r.OPEN:
            return Happened(name=name, properties=said, **known)
        entry = self.world.journeys[r.MAIN].versions[-1]["entry"]
        if "event" in entry:
            return Happened(name=entry["event"], properties=said, **known)
        if "segment" in entry or "of" in entry.get("schedule", ()):
            return self.change_segment(who, known)
        if "date" in entry:
            day = self.now.date() + DAY * told["days"] - shift(entry["date"])
            return Happened(name="Identified", traits={"renews_on": str(day)}, **known)
        if "schedule" in entry:
            return Happened(name=r.VIEWED, properties=said, **known)
        # An id as only our own calls may have it.
        known["id"] = f"call:{known['id']}"
        return Happened(name="Journey Called", properties={"journey": r.MAIN, **said}, **known)

    def change_segment(self, who: str, known: Mapping[str, Any]) -> Happened:
        """Let somebody enter the segment, or leave it."""
        belongs = self.world.lives[who].segments ^ {r.SEGMENT}
        self.world.lives[who].segments = belongs
        place = (self.workspace, self.segment_id, self.world.lives[who].id)
        if belongs:
            query = "insert into membership (workspace_id, segment_id, customer_id, entered_at)"
            self.connection.execute(f"{query} values (%s, %s, %s, %s)", (*place, self.now))
        else:
            query = "delete from membership where (workspace_id, segment_id, customer_id)"
            self.connection.execute(f"{query} = (%s, %s, %s)", place)
        name = "Segment Entered" if belongs else "Segment Left"
        said = {"segment": r.SEGMENT, "segment_id": self.segment_id}
        return Happened(name=name, properties=said, **known)

    def write(self, event: Happened) -> None:
        kind = "identify" if event.traits or event.name == "Identified" else "track"
        self.connection.execute(
            "insert into event (workspace_id, received_at, occurred_at, type, name, message_id,"
            " customer_id, properties, traits) values (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (
                self.workspace,
                self.now,
                event.occurred_at,
                kind,
                event.name,
                event.id,
                self.world.lives[event.customer].id,
                json.dumps(event.properties),
                json.dumps(event.traits),
            ),
        )

    # ---- time

    def pass_time(self, seconds: int | None) -> None:
        """Let time pass; without a number, until the next wakes or the clock may let in."""
        if seconds is not None:
            self.now += SECOND * seconds
            return
        runs = (run for life in self.world.lives.values() for run in life.runs)
        wakes = [run.wake_at for run in runs if run.wake_at and run.wake_at > self.now]
        for journey in self.world.journeys.values():
            if begins_by_clock(journey.versions[-1]):
                wakes += self.next_moments(journey.versions[-1])
        self.now = min(wakes, default=self.now)

    def next_moments(self, version: r.Words) -> list[datetime]:
        """Return when a version may let somebody in, during the next two days or so."""
        soon = moments(version, ZoneInfo(r.SHOP_ZONE), self.now + MOMENT, self.now + 2 * DAY)
        if "schedule" in version["entry"]:
            return soon
        said, zones = version["entry"]["date"], {*r.PEOPLE.values(), r.SHOP_ZONE} & ZONES
        traits = [life.traits.get(said["trait"]) for life in self.world.lives.values()]
        return [
            moment
            for trait in traits
            for zone in map(ZoneInfo, zones)
            for _, moment in moments_of(said, trait, zone, years=range(2027, 2029))
            # Nearer than so far that the room for events would end.
            if self.now < moment < self.now + 21 * DAY
        ]

    # ---- what is to be seen of both

    def real(self) -> list[Seen]:
        """Return what the engine has made of it all."""
        with self.connection.transaction():
            rows = self.connection.execute(RUNS, (self.workspace,)).fetchall()
        return sorted(map(from_row, rows), key=str)

    def expected(self) -> list[Seen]:
        """Return what the reference has made of it all."""
        runs = ((life, run) for life in self.world.lives.values() for run in life.runs)
        return sorted((from_run(life, run) for life, run in runs), key=str)


def from_row(row: tuple) -> Seen:
    *known, messages, calls, converted_at, parked = row
    planned = [(name, what, datetime.fromisoformat(at)) for name, what, at in messages]
    called = [(name, datetime.fromisoformat(at)) for name, at in calls]
    return (*known, planned, called, converted_at, parked)


def from_run(life: Life, run: Run) -> Seen:
    return (
        life.name,
        run.journey.name,
        run.entered_at,
        run.state,
        run.end_reason,
        run.ended_at,
        run.wake_at,
        [name or END for name in run.trail],
        run.messages,
        run.calls,
        run.converted_at,
        None,
    )
