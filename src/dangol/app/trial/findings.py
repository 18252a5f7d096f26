"""What a backtest found: figures of the days that were tried, and some people's ways."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from dangol.app.clock import STATEMENTS
from dangol.app.trial.telling import say_time
from dangol.store.connect import Connection

# What no replay of the past can know; told with every report.
CANNOT_KNOW: Final = (
    "What people would have done because of a message: conversions are orders placed without it.",
    "Who would have opened, clicked or answered the journey's messages: to it, nobody did.",
    "Traits, addresses, time zones, templates and who is one person: they are as of today.",
    "What other journeys would have done differently: their messages count as they really left.",
)
FREE: Final = Decimal(0)
Row = tuple[object, ...]
SENTENCES: Final = {
    "entered": "entered",
    "came": "{what} ({detail})",
    "allow": "{what} sent",
    "hold": "{what} held until {until}: {detail}",
    "skip": "{what} skipped: {detail}",
    "reached": "reached the goal",
    "left": "left: {detail}",
}


class Day(msgspec.Struct, kw_only=True):
    """One day of the shop's."""

    day: date
    enrollments: int = 0
    turned_away: int = 0
    # By channel.
    messages: dict[str, int] = {}


class Collisions(msgspec.Struct, kw_only=True):
    """How the journey got in the way of others, by their names, and they in its."""

    # Of ours: skipped over the cap, which these journeys' messages helped to fill.
    over_cap: dict[str, int]
    # Of theirs: they really left, and the cap would have had no room for them.
    crowded_out: dict[str, int]
    # Of ours: on a day on which somebody also got one of theirs.
    same_day: dict[str, int]


class Conversions(msgspec.Struct, kw_only=True):
    """Goals that were reached after entering, in the goal's window."""

    count: int
    # By currency.
    revenue: dict[str, str]


class Example(msgspec.Struct, kw_only=True):
    """One customer's way, under a name that is nobody's."""

    name: str
    lines: list[str]


class Findings(msgspec.Struct, kw_only=True):
    """The whole report. The same past and the same journey make the same report."""

    journey: str
    first_day: date
    last_day: date
    time_zone: str
    events: int
    enrollments: int
    turned_away: int
    messages: int
    most_a_day: int
    by_channel: dict[str, int]
    cost_krw: str
    holds: dict[str, int]
    skips: dict[str, int]
    ends: dict[str, int]
    # Who was still inside at the end, by step.
    inside: dict[str, int]
    parked: int
    # How many came to each step.
    steps: dict[str, int]
    conversions: Conversions
    collisions: Collisions
    days: list[Day]
    examples: list[Example]
    notes: list[str]
    cannot_know: list[str]


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """Which version ran where, and over which days."""

    workspace_id: int
    journey: str
    journey_id: int
    version_id: int
    zone: ZoneInfo
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """The tables of a trial, asked about its version."""

    scratch: Connection
    values: Mapping[str, object]

    def ask(self, statement: str) -> list[Row]:
        """Return what a statement says about the trial."""
        return self.scratch.execute(STATEMENTS[statement], self.values).fetchall()


def gather(
    scratch: Connection,
    trial: Trial,
    *,
    prices: Mapping[str, Decimal],
    events: int,
    examples: int,
    notes: Sequence[str],
) -> Findings:
    """Read off the tables of a trial what it came to; ``prices`` are KRW a message, by channel."""
    asked = {
        "workspace_id": trial.workspace_id,
        "journey_id": trial.journey_id,
        "version_id": trial.version_id,
        "zone": trial.zone.key,
        "since": trial.since,
        "most": examples,
    }
    tables = Tables(scratch=scratch, values=asked)
    with scratch.transaction():
        days = count_days(trial, tables.ask("count_trial_days"))
        decisions = by_first(tables.ask("count_trial_decisions"))
        people = by_first(tables.ask("count_trial_ends"))
        by_channel = add_up(day.messages for day in days)
        return Findings(
            journey=trial.journey,
            first_day=days[0].day,
            last_day=days[-1].day,
            time_zone=trial.zone.key,
            events=events,
            enrollments=sum(day.enrollments for day in days),
            turned_away=sum(day.turned_away for day in days),
            messages=by_channel.total(),
            most_a_day=max(sum(day.messages.values()) for day in days),
            by_channel=dict(by_channel),
            cost_krw=price(by_channel, prices=prices),
            holds=decisions["hold"],
            skips=decisions["skip"],
            ends=people["ended"],
            inside=people["waiting"] | people["active"],
            parked=sum(people["parked"].values()),
            steps=counts(tables.ask("count_trial_steps")),
            conversions=read_conversions(tables.ask("count_trial_conversions")),
            collisions=find_collisions(tables),
            days=days,
            examples=tell_examples(scratch, tables.ask("draw_examples"), zone=trial.zone),
            notes=list(notes),
            cannot_know=list(CANNOT_KNOW),
        )


def find_collisions(tables: Tables) -> Collisions:
    """Return where the journey and others met."""
    return Collisions(
        over_cap=counts(tables.ask("count_cap_collisions")),
        crowded_out=counts(tables.ask("count_crowded_out")),
        same_day=counts(tables.ask("count_same_day")),
    )


def add_up(some: Iterable[Mapping[str, int]]) -> Counter[str]:
    """Add up counts by name."""
    total: Counter[str] = Counter()
    for one in some:
        total.update(one)
    return total


def price(messages: Mapping[str, int], *, prices: Mapping[str, Decimal]) -> str:
    """Return what messages cost, in KRW."""
    return str(sum((prices.get(name, FREE) * count for name, count in messages.items()), FREE))


def count_days(trial: Trial, rows: Sequence[Row]) -> list[Day]:
    """Return every day of the window, those on which nothing happened included."""
    first, last = (
        moment.astimezone(trial.zone).date()
        for moment in (trial.since, trial.until - timedelta(microseconds=1))
    )
    days = {
        day: Day(day=day)
        for day in (first + timedelta(days=n) for n in range((last - first).days + 1))
    }
    for day, entered, turned_away, channel, messages in rows:
        # An event of the last step before the window may count for the day before.
        one = days.setdefault(_day(day), Day(day=_day(day)))
        one.enrollments, one.turned_away = number(entered), number(turned_away)
        if channel is not None:
            one.messages = one.messages | {str(channel): number(messages)}
    return [days[day] for day in sorted(days)]


def _day(value: object) -> date:
    assert isinstance(value, date)  # noqa: S101 - the statement's column is a date
    return value


def number(value: object) -> int:
    """Read a count."""
    assert isinstance(value, int)  # noqa: S101 - the statements count
    return value


def counts(rows: Sequence[Row]) -> dict[str, int]:
    """Return counts by name."""
    return {str(name): number(count) for name, count in rows}


def by_first(rows: Sequence[Row]) -> dict[str, dict[str, int]]:
    """Return counts by name, by what comes before it."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for first, name, count in rows:
        found[str(first)][str(name)] = number(count)
    return found


def read_conversions(rows: Sequence[Row]) -> Conversions:
    """Return how many conversions there were, and what they brought."""
    return Conversions(
        count=sum(number(count) for _, count, _ in rows),
        revenue={str(currency): f"{revenue:f}" for currency, _, revenue in rows if revenue},
    )


def tell_examples(scratch: Connection, drawn: Sequence[Row], *, zone: ZoneInfo) -> list[Example]:
    """Tell what happened to those who were drawn."""
    examples: list[Example] = []
    for place, (enrollment_id, _) in enumerate(drawn, start=1):
        rows = scratch.execute(
            STATEMENTS["tell_enrollment"], {"enrollment_id": enrollment_id}
        ).fetchall()
        lines = [say_row(*row, zone=zone) for row in rows]
        examples.append(Example(name=f"customer {place}", lines=lines))
    return examples


def say_row(
    at: datetime, kind: str, what: str, detail: str, until: datetime | None, *, zone: ZoneInfo
) -> str:
    """Say one thing that happened."""
    end = say_time(until, zone) if until else ""
    return f"{say_time(at, zone)}  {SENTENCES[kind].format(what=what, detail=detail, until=end)}"
