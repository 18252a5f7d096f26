"""What journeys mean, said once more: plain Python, one customer at a time, no SQL.

Written from the definition's own words (docs/guides/journeys.md) and not from the engine, which is
held to it by test_against_reference.py. A definition is the mapping that its YAML says. Whom the
clock lets in, and when, ``reference_clock`` says.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from tests.journeys.reference_clock import (
    INSTANT,
    WEEKDAYS,
    ZONES,
    Clock,
    beginning,
    begins_by_clock,
    length,
    moments_of,
    shows,
)

Words = Mapping[str, Any]
GOAL_WITHIN = "14 days"
ENTRY_WITHIN = "3 days"
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One event of a customer, or, with ``traits``, something new about them."""

    id: str
    customer: str
    name: str
    occurred_at: datetime
    properties: Words = field(default_factory=dict)
    traits: Words = field(default_factory=dict)


class Unclear(Exception):  # noqa: N818 - it is no error
    """The history says two things at once; neither is wrong."""


@dataclass(kw_only=True)
class Journey:
    """A journey: its versions, the newest of which lets people in."""

    id: int
    name: str
    versions: list[Words] = field(default_factory=list)
    state: str = "running"
    clock: Clock = field(default_factory=lambda: Clock.begin(datetime.min.replace(tzinfo=UTC)))

    def publish(self, version: Words, now: datetime) -> None:
        """Let a version be the next; what begins as before goes on as before."""
        if not self.versions or beginning(version) != beginning(self.versions[-1]):
            self.clock = Clock.begin(now)
        self.versions.append(version)

    def resume(self, now: datetime) -> None:
        """Run again: what was missed is missed, but whom it was letting in it lets in."""
        self.state = "running"
        if not self.clock.last:
            self.clock = Clock.begin(now)


@dataclass(kw_only=True)
class Run:
    """One enrollment."""

    journey: Journey
    version: Words
    entry: Happened
    entered_at: datetime
    step: str | None = None
    state: str = "active"
    wake_at: datetime | None = None
    # Set once what it waits for has come.
    met: bool = False
    end_reason: str | None = None
    ended_at: datetime | None = None
    trail: list[str | None] = field(default_factory=list)
    # By step and template, each with when it was planned.
    messages: list[tuple[str, str, datetime]] = field(default_factory=list)
    calls: list[tuple[str, datetime]] = field(default_factory=list)
    converted_at: datetime | None = None

    @property
    def inside(self) -> bool:
        return self.state in {"active", "waiting"}


@dataclass(kw_only=True)
class Life:
    """One customer, what is known of them, and where they are."""

    id: int
    name: str
    zone: str | None
    # The channels on which they have an address.
    reached_by: frozenset[str] = frozenset()
    traits: dict[str, Any] = field(default_factory=dict)
    traits_at: dict[str, datetime] = field(default_factory=dict)
    events: list[Happened] = field(default_factory=list)
    segments: set[str] = field(default_factory=set)
    runs: list[Run] = field(default_factory=list)


@dataclass(kw_only=True)
class World:
    """A shop: its journeys and its customers."""

    zone: str
    journeys: dict[str, Journey]
    lives: dict[str, Life]
    # The channel of each template.
    channels: Mapping[str, str] = field(default_factory=dict)
    # How many customers the clock lets in at once.
    batch: int = 99
    # How many a journey with a limit has let in on a day of the shop.
    entered: Counter[tuple[str, date]] = field(default_factory=Counter)

    def tick(self, now: datetime, events: Sequence[Happened]) -> list[Happened]:
        """Let these events act and everybody move; return what journeys themselves made happen."""
        turns = [
            Turn(
                world=self,
                life=life,
                now=now,
                events=[event for event in events if event.customer == life.name],
            )
            for life in self.lives.values()
        ]
        for turn in turns:
            turn.begin()
        for journey in self.journeys.values():
            if journey.state == "running" and begins_by_clock(journey.versions[-1]):
                self.look(journey, turns, now)
        for journey in self.journeys.values():
            self.turn_away(journey, turns, now, events)
        return [made for turn in turns for made in turn.go_on()]

    def look(self, journey: Journey, turns: Sequence["Turn"], now: datetime) -> None:
        """Let the next of those in whose moment has come."""
        version, clock = journey.versions[-1], journey.clock
        entry, shop = version["entry"], ZoneInfo(self.zone)
        within = length(entry.get("within", ENTRY_WITHIN))
        if not clock.look(version, within=within, shop=shop, now=now):
            return
        segment = entry["schedule"].get("of") if "schedule" in entry else None
        asked = {
            turn.life.id: turn for turn in turns if segment is None or segment in turn.life.segments
        }
        looked_at = clock.next_of([*asked], batch=self.batch)
        for each in looked_at:
            asked[each].look(journey, within=within)
        clock.go_on(looked_at, version, batch=self.batch, now=now)

    @property
    def unfinished(self) -> bool:
        """Tell whether there are more to be let in than at once."""
        running = (each for each in self.journeys.values() if each.state == "running")
        return any(each.clock.moment is not None for each in running)

    def turn_away(
        self,
        journey: Journey,
        turns: Sequence["Turn"],
        now: datetime,
        events: Sequence[Happened],
    ) -> None:
        """Let nobody in beyond a journey's limit for today: who came first, then who was heard."""
        most = journey.versions[-1]["entry"].get("per_day")
        entering = [(turn, run) for turn in turns for run in turn.new if run.journey is journey]
        if most is None:
            return
        day = (journey.name, now.astimezone(ZoneInfo(self.zone)).date())
        place = {event.id: number for number, event in enumerate(events)}
        heard = [
            (run.entered_at, place.get(run.entry.id, 0), turn.life.id, turn, run)
            for turn, run in entering
        ]
        for _, _, _, turn, run in sorted(heard, key=lambda each: each[:3]):
            if self.entered[day] < most:
                self.entered[day] += 1
            else:
                turn.life.runs.remove(run)

    def settle(self, now: datetime, events: Sequence[Happened] = ()) -> None:
        """Tick until nothing happens any more at ``now``."""
        made = self.tick(now, events)
        while made or self.unfinished:
            made = self.tick(now, made)

    def stop(self, name: str, now: datetime) -> None:
        self.journeys[name].state = "stopped"
        for run in (run for life in self.lives.values() for run in life.runs):
            if run.journey.name == name and run.inside:
                end(run, "stopped", now)


@dataclass(kw_only=True)
class Turn:
    """One customer's part of a tick."""

    world: World
    life: Life
    now: datetime
    events: list[Happened]
    new: list[Run] = field(default_factory=list)
    made: list[Happened] = field(default_factory=list)

    def begin(self) -> None:
        """Hear what happened, and enter what it opens."""
        for event in self.events:
            hear(self.life, event)
        self.life.events += self.events
        for journey in self.world.journeys.values():
            if journey.state == "running":
                self.let_in(journey)

    def go_on(self) -> list[Happened]:
        """Leave, wait or move, in every journey."""
        for run in self.life.runs:
            self.convert(run)
        for run in self.life.runs:
            if run.inside:
                self.listen(run)
        for run in [*self.life.runs]:
            if run.inside and run.journey.state == "running":
                self.move(run)
        return self.made

    # ---- who enters

    def let_in(self, journey: Journey) -> None:
        version = journey.versions[-1]
        for event in sorted(self.events, key=lambda event: event.occurred_at):
            if self.opens(version["entry"], event, journey.name):
                self.enter(journey, event)

    def enter(self, journey: Journey, event: Happened) -> None:
        """Enter by an event or a moment, if that may be."""
        if not self.may_enter(journey, event):
            return
        version = journey.versions[-1]
        run = Run(journey=journey, version=version, entry=event, entered_at=event.occurred_at)
        self.life.runs.append(run)
        self.new.append(run)

    def look(self, journey: Journey, *, within: timedelta) -> None:
        """Enter if the clock says so."""
        version, clock = journey.versions[-1], journey.clock
        said = version["entry"].get("date")
        assert clock.moment
        if said is None:
            self.enter(journey, self.moment("schedule", clock.moment, clock.moment))
            return
        # Whose moment came during the day before: who was late, or moved.
        since = max(clock.moment - DAY, self.now - within, clock.begun - INSTANT)
        years = range(since.year - 1, self.now.year + 2)
        trait = self.life.traits.get(said["trait"])
        for day, moment in moments_of(said, trait, self.zone(version), years=years):
            if since < moment <= self.now:
                self.enter(journey, self.moment("date", day, moment))

    def moment(self, kind: str, key: object, at: datetime) -> Happened:
        """Return the moment that lets somebody in: once for each key."""
        return Happened(
            id=f"{kind}:{key}:{self.life.name}",
            customer=self.life.name,
            name=f"by {kind}",
            occurred_at=at,
        )

    def opens(self, entry: Words, event: Happened, name: str) -> bool:
        """Tell whether an event is one that opens the journey, whoever's it is."""
        if event.occurred_at <= self.now - length(entry.get("within", ENTRY_WITHIN)):
            return False
        if "segment" in entry:
            left = entry.get("when", "entered") == "left"
            if event.name != ("Segment Left" if left else "Segment Entered"):
                return False
            # What it says must still be so.
            belongs = entry["segment"] in self.life.segments
            return event.properties["segment"] == entry["segment"] and belongs != left
        if entry.get("call"):
            return event.name == "Journey Called" and event.properties["journey"] == name
        return is_one(event, entry.get("event"), entry.get("where", ()))

    def may_enter(self, journey: Journey, event: Happened) -> bool:
        entry = journey.versions[-1]["entry"]
        if entry.get("first_time_only"):
            known = [each for each in self.life.events if each.name == event.name]
            if event != min(known, key=lambda each: each.occurred_at):
                return False
        if "condition" in entry and not holds(self.life, entry["condition"]):
            return False
        days, key = entry.get("reentry_days"), entry.get("key")
        before = [run for run in self.life.runs if run.journey is journey]
        if key:
            before = [
                run for run in before if run.entry.properties.get(key) == event.properties.get(key)
            ]
        if any(run.entry.id == event.id for run in self.life.runs if run.journey is journey):
            return False
        if days is None and entry.get("date", {}).get("yearly"):
            return True
        if days is None:
            return not before
        since = event.occurred_at - timedelta(days=days)
        return days == 0 or not any(run.inside or run.entered_at > since for run in before)

    # ---- what happens to those inside

    def convert(self, run: Run) -> None:
        """Note the first event that the journey is for; whoever is still inside leaves with it."""
        goal = run.version.get("goal")
        if goal is None or run.end_reason == "stopped":
            return
        goal = {"event": goal} if isinstance(goal, str) else goal
        name, filters = goal["event"], goal.get("where", ())
        until = run.entered_at + length(goal.get("within", GOAL_WITHIN))
        reached = [each for each in self.since_entering(run) if is_one(each, name, filters)]
        if not reached and not filters:
            reached = self.heard_before(run, name)
        for event in sorted(reached, key=lambda event: event.occurred_at):
            if event.occurred_at <= until:
                run.converted_at = run.converted_at or event.occurred_at
                if run.inside:
                    end(run, "goal_met", self.now)

    def listen(self, run: Run) -> None:
        """Leave, or note that what is waited for has come; also while the journey is paused."""
        leaving = run.version.get("exit_when", {}).get("events", ())
        named = any(event.name in leaving for event in self.since_entering(run))
        if named or any(self.heard_before(run, name) for name in leaving):
            end(run, "exited", self.now)
        elif run.state == "waiting" and (awaited := self.step_of(run).get("event")):
            filters = self.step_of(run).get("where", ())
            came = (is_one(event, awaited, filters) for event in self.since_entering(run))
            run.met = run.met or any(came)

    def heard_before(self, run: Run, name: str) -> list[Happened]:
        """Return the last event of a name if it is later than an entry heard of only now."""
        named = [event for event in self.life.events if event.name == name]
        last = max(named, key=lambda event: event.occurred_at, default=run.entry)
        fresh = run.state == "active" and not run.trail
        return [last] if fresh and last.occurred_at > run.entered_at else []

    def since_entering(self, run: Run) -> Iterator[Happened]:
        """Yield this tick's events that count for a run; never the one that let them in."""
        for event in self.events:
            if event is not run.entry and event.occurred_at > run.entered_at:
                yield event

    def move(self, run: Run) -> None:
        """Leave, wake if it is time, and go on from step to step until there is a rest."""
        due = run.state == "active" or run.met or (run.wake_at and run.wake_at <= self.now)
        leaving = run.version.get("exit_when", {}).get("condition")
        if leaving and (due or self.events) and holds(self.life, leaving):
            return end(run, "exited", self.now)
        if run.state == "active":
            run.step = run.version["steps"][0]["name"]
        elif self.step_of(run)["kind"] == "wait_for":
            step = self.step_of(run)
            asked = "condition" in step and (due or self.events)
            met = run.met or (asked and holds(self.life, step["condition"]))
            if not (met or due):
                return None
            run.step = self.way(run, "then" if met else "otherwise")
        elif due:
            # Nobody answers a call here, so that the limit ends the wait for it.
            awaited = self.step_of(run)["kind"] == "webhook"
            run.step = self.way(run, "otherwise" if awaited else "next")
        else:
            return None
        run.state, run.met, run.wake_at = "active", False, None
        while run.state == "active":
            self.arrive(run)
        return None

    def arrive(self, run: Run) -> None:
        """Do what the step says that the run has come to."""
        run.trail.append(run.step)
        if run.step is None:
            return end(run, "completed", self.now)
        step, way = self.step_of(run), "next"
        match step["kind"]:
            case "exit":
                return end(run, step.get("ending", "completed"), self.now)
            case "message":
                for template in self.rungs(step):
                    run.messages.append((step["name"], template, self.now))
            case "wait":
                run.wake_at = self.wake(run, step)
                if run.wake_at > self.now:
                    run.state = "waiting"
                    return None
            case "wait_for":
                if not ("condition" in step and holds(self.life, step["condition"])):
                    run.state, run.wake_at = "waiting", self.now + length(step["at_most"])
                    return None
                way = "then"
            case "check_event":
                happened = any(self.counts(run, event, step) for event in self.life.events)
                way = "then" if happened else "otherwise"
            case "branch":
                fitting = (each for each in step["ways"] if holds(self.life, each["when"]))
                run.step = next(fitting, {"then": self.way(run, "otherwise")})["then"]
                return None
            case "split":
                run.step = split(step, journey_id=run.journey.id, customer_id=self.life.id)
                return None
            case "update":
                self.make(run, "Identified", traits=self.changed(step))
            case "enter":
                self.make(run, "Journey Called", properties={"journey": step["journey"]})
            case "webhook":
                run.calls.append((step["name"], self.now))
                if "at_most" in step:
                    run.state, run.wake_at = "waiting", self.now + length(step["at_most"])
                    return None
            case "goal":
                run.converted_at = run.converted_at or self.now
        run.step = self.way(run, way)
        return None

    def counts(self, run: Run, event: Happened, step: Words) -> bool:
        after = event is not run.entry and event.occurred_at > run.entered_at
        return after and is_one(event, step["event"], step.get("where", ()))

    def make(self, run: Run, name: str, **said: Words) -> None:
        made = f"{run.entry.id}/{run.journey.id}/{len(run.trail)}"
        self.made.append(
            Happened(id=made, customer=self.life.name, name=name, occurred_at=self.now, **said)
        )

    def changed(self, step: Words) -> Words:
        """Return the traits that an update leaves; tags are added to those of the same tick."""
        traits = {**step.get("set", {}), **dict.fromkeys(step.get("unset", ()))}
        if "add_tags" in step or "remove_tags" in step:
            before = self.life.traits.get("tags") or []
            for made in self.made:
                before = made.traits.get("tags", before)
            kept = [tag for tag in before if tag not in step.get("remove_tags", ())]
            traits["tags"] = [*dict.fromkeys([*kept, *step.get("add_tags", ())])]
        return traits

    def rungs(self, step: Words) -> Iterator[str]:
        """Yield what is planned: the step's template, and the next until one has where to go."""
        for template in (step["template"], *step.get("fallback", ())):
            yield template
            if self.world.channels[template] in self.life.reached_by:
                return

    def wake(self, run: Run, step: Words) -> datetime:
        """Return when a wait that begins now is over."""
        zone = self.zone(run.version)
        at = self.now + length(step.get("for", "0 days"))
        if "until" in step:
            return first_time(step["until"], at, zone, strictly=step["name"] in run.trail[:-1])
        if "until_date" in step:
            return date_of(self.life, step["until_date"], zone) or at
        return at

    def zone(self, version: Words) -> ZoneInfo:
        """Return by whose clocks a version means local times."""
        own = self.life.zone if version.get("time_zone", "customer") == "customer" else None
        return ZoneInfo(own if own in ZONES else self.world.zone)

    def step_of(self, run: Run) -> Words:
        return next(step for step in run.version["steps"] if step["name"] == run.step)

    def way(self, run: Run, name: str) -> str | None:
        """Name the step a way leads to: the one after it unless it says another."""
        after = [step["name"] for step in run.version["steps"]] + [None]
        following = dict(pairwise(after))[run.step or ""]
        return self.step_of(run).get(name) or following


def hear(life: Life, event: Happened) -> None:
    """Believe what was said last, whenever it is heard."""
    for name, value in event.traits.items():
        said_at = life.traits_at.get(name)
        if said_at == event.occurred_at and value != life.traits[name]:
            raise Unclear(name)
        if said_at is None or said_at < event.occurred_at:
            life.traits[name], life.traits_at[name] = value, event.occurred_at


def end(run: Run, reason: str, now: datetime) -> None:
    run.state, run.end_reason, run.ended_at, run.wake_at = "ended", reason, now, None


def first_time(until: Words, at: datetime, zone: ZoneInfo, *, strictly: bool) -> datetime:
    """Return the first such local time at or after ``at``; one that comes twice is its first."""
    today = at.astimezone(zone).date()
    for days in range(-1, 9):
        moment = on_clock(today + timedelta(days=days), until["at"], zone)
        day = WEEKDAYS[(today + timedelta(days=days)).weekday()]
        late_enough = moment > at if strictly else moment >= at
        if late_enough and day in until.get("on", WEEKDAYS):
            return moment
    raise AssertionError(until)


def date_of(life: Life, until: Words, zone: ZoneInfo) -> datetime | None:
    """Return the moment beside the date in a trait; None where there is no such date."""
    found = moments_of(until, life.traits.get(until["trait"]), zone, years=range(0))
    return next((moment for _, moment in found), None)


def on_clock(day: date, at: str, zone: ZoneInfo) -> datetime:
    return shows(datetime.combine(day, time.fromisoformat(at)), zone)


def split(step: Words, *, journey_id: int, customer_id: int) -> str:
    """Draw a way: always the same for a customer at a step of this name."""
    text = f"{journey_id}:{step['name']}:{customer_id}"
    drawn = int(hashlib.md5(text.encode()).hexdigest()[:8], 16) % 100  # noqa: S324 - no secret
    for way in step["ways"]:
        drawn -= way["share"]
        if drawn < 0:
            return way["then"]
    raise AssertionError(step)


def is_one(event: Happened, name: str | None, filters: Sequence[Words]) -> bool:
    """Tell whether an event is of this name and fits every filter."""
    fit = (fits(event.properties.get(each["property"]), each["is"]) for each in filters)
    return event.name == name and all(fit)


def holds(life: Life, condition: Words) -> bool:
    """Tell whether a condition holds for a customer now."""
    match condition["kind"]:
        case "all":
            return all(holds(life, each) for each in condition["of"])
        case "any":
            return any(holds(life, each) for each in condition["of"])
        case "none":
            return not any(holds(life, each) for each in condition["of"])
        case "event":
            times = sum(event.name == condition["event"] for event in life.events)
            return fits(times, condition.get("is", {"kind": "at_least", "value": 1}))
        case kind:
            assert kind == "trait", kind
            return fits(life.traits.get(condition["trait"]), condition["is"])


def fits(value: object, test: Words) -> bool:
    """Tell whether a value fits a comparison; nothing fits none."""
    match test["kind"]:
        case "equals":
            return value is not None and value == test["value"]
        case "at_least":
            return isinstance(value, int) and value >= test["value"]
        case "has":
            return isinstance(value, list) and any(each in value for each in test["values"])
        case kind:
            assert kind == "is_true", kind
            return value is True
