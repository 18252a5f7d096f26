"""Why somebody has not entered a journey.

Each question that the tick asks of who comes to the door, in its order, as it is answered now.

What only the event itself can tell (its properties) is not known any more: such a question is
answered with PERHAPS, never with a guess.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from psycopg.rows import class_row

from dangol.journeys.ask import STATEMENTS
from dangol.journeys.occasions import NEVER
from dangol.store.connect import Connection
from dangol.store.vocabulary import CustomerState, EnrollmentState, EntryKind, JourneyState


class Hurdle(StrEnum):
    """What may keep somebody out of a journey, in the order in which it is asked."""

    NOT_RUNNING = "not_running"
    NOT_ACTIVE = "not_active"
    NEVER_HAPPENED = "never_happened"
    HAPPENED_BEFORE = "happened_before"
    NOT_THE_FIRST = "not_the_first"
    FILTER = "filter"
    NOT_IN_SEGMENT = "not_in_segment"
    IN_SEGMENT_BEFORE = "in_segment_before"
    NOT_LEFT_SEGMENT = "not_left_segment"
    NO_DAY = "no_day"
    DAY_AHEAD = "day_ahead"
    SCHEDULE_AHEAD = "schedule_ahead"
    SCHEDULE_OVER = "schedule_over"
    NOT_CALLED = "not_called"
    CONDITION = "condition"
    STILL_INSIDE = "still_inside"
    NEVER_AGAIN = "never_again"
    TOO_SOON = "too_soon"
    DAY_FULL = "day_full"


class Answer(StrEnum):
    """What came of a question: no hurdle, one, one for now, or one that cannot be told."""

    PASSED = "passed"
    STOPPED = "stopped"
    WAITS = "waits"
    PERHAPS = "perhaps"


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """What is known of a journey's entry and of a customer who stands before it; times in UTC."""

    journey_state: JourneyState
    customer_state: CustomerState
    entry_kind: EntryKind
    entry_event: str | None
    has_filter: bool
    condition: object
    first_time_only: bool
    reentry_days: int | None
    has_key: bool
    per_day: int | None
    segment_ko: str | None
    segment_en: str | None
    member_since: datetime | None
    times: int
    first_at: datetime | None
    last_at: datetime | None
    trait: str | None
    has_day: bool
    next_at: datetime | None
    turned_away: int
    last_state: EnrollmentState | None
    last_entered_at: datetime | None
    begun_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A question and its answer; ``at`` is when it happened, or until when it keeps them out."""

    hurdle: Hurdle
    answer: Answer
    at: datetime | None = None


# Tells whether the customer fits a condition now; None where nobody can say.
Fits = Callable[[object], bool | None]


def read_door(
    connection: Connection, *, workspace_id: int, journey: str, customer_id: int, now: datetime
) -> Door | None:
    """Return what decides about an entry; None: no such journey or customer, or no version yet."""
    values = {
        "workspace_id": workspace_id,
        "journey": journey,
        "customer_id": customer_id,
        "now": now,
    }
    with connection.cursor(row_factory=class_row(Door)) as cursor:
        return cursor.execute(STATEMENTS["read_entry"], values).fetchone()


def check_entry(door: Door, *, fits: Fits, now: datetime) -> list[Check]:
    """Ask every question that this kind of entry has, in the order of the tick."""
    return [
        judge(Hurdle.NOT_RUNNING, stops=door.journey_state != JourneyState.RUNNING),
        judge(Hurdle.NOT_ACTIVE, stops=door.customer_state != CustomerState.ACTIVE),
        *check_occasion(door),
        *check_condition(door, fits=fits),
        *check_again(door, now=now),
        *check_room(door),
    ]


def judge(hurdle: Hurdle, *, stops: bool, at: datetime | None = None) -> Check:
    return Check(hurdle=hurdle, answer=Answer.STOPPED if stops else Answer.PASSED, at=at)


def check_occasion(door: Door) -> Iterator[Check]:
    """Ask whether what opens the journey has happened."""
    match door.entry_kind:
        case EntryKind.EVENT:
            yield from check_event(door)
        case EntryKind.SEGMENT_ENTERED:
            yield judge(Hurdle.NOT_IN_SEGMENT, stops=door.member_since is None)
            if door.member_since is not None:
                before = door.member_since < door.begun_at
                yield judge(Hurdle.IN_SEGMENT_BEFORE, stops=before, at=door.member_since)
        case EntryKind.SEGMENT_LEFT:
            stays = door.member_since is not None or not door.times
            yield judge(Hurdle.NOT_LEFT_SEGMENT, stops=stays, at=door.member_since)
        case EntryKind.DATE:
            yield judge(Hurdle.NO_DAY, stops=not door.has_day)
            if door.has_day:
                yield Check(hurdle=Hurdle.DAY_AHEAD, answer=Answer.WAITS)
        case EntryKind.SCHEDULE:
            if door.segment_ko is not None:
                yield judge(Hurdle.NOT_IN_SEGMENT, stops=door.member_since is None)
            yield check_schedule(door)
        case EntryKind.CALL:
            yield Check(hurdle=Hurdle.NOT_CALLED, answer=Answer.PERHAPS)


def check_event(door: Door) -> Iterator[Check]:
    """Ask whether the event came in, since the journey is there, and whether it was the first."""
    yield judge(Hurdle.NEVER_HAPPENED, stops=door.times == 0)
    if door.last_at is None or is_opened(door):
        return
    yield judge(Hurdle.HAPPENED_BEFORE, stops=door.last_at < door.begun_at, at=door.last_at)
    if door.first_time_only:
        was_before = door.first_at is not None and door.first_at < door.begun_at
        yield judge(Hurdle.NOT_THE_FIRST, stops=was_before, at=door.first_at)
    if door.has_filter:
        yield Check(hurdle=Hurdle.FILTER, answer=Answer.PERHAPS, at=door.last_at)


def is_opened(door: Door) -> bool:
    """Tell whether their last such event is what let them in, or came before that."""
    return (
        door.last_entered_at is not None
        and door.last_at is not None
        and door.last_at <= door.last_entered_at
    )


def check_schedule(door: Door) -> Check:
    if door.next_at is None or door.next_at >= NEVER:
        return judge(Hurdle.SCHEDULE_OVER, stops=True)
    return Check(hurdle=Hurdle.SCHEDULE_AHEAD, answer=Answer.WAITS, at=door.next_at)


def check_condition(door: Door, *, fits: Fits) -> Iterator[Check]:
    """Ask whether they fit the entry's condition, as they are now."""
    if door.condition is None:
        return
    found = fits(door.condition)
    if found is None:
        yield Check(hurdle=Hurdle.CONDITION, answer=Answer.PERHAPS)
    else:
        yield judge(Hurdle.CONDITION, stops=not found)


def check_again(door: Door, *, now: datetime) -> Iterator[Check]:
    """Ask whether an earlier entry forbids another; by the same value, where re-entry has a key."""
    if door.last_entered_at is None or door.reentry_days == 0:
        return
    if door.reentry_days is None:
        found = judge(Hurdle.NEVER_AGAIN, stops=True, at=door.last_entered_at)
    elif door.last_state in (EnrollmentState.ACTIVE, EnrollmentState.WAITING):
        found = judge(Hurdle.STILL_INSIDE, stops=True, at=door.last_entered_at)
    else:
        until = door.last_entered_at + timedelta(days=door.reentry_days)
        answer = Answer.WAITS if until > now else Answer.PASSED
        found = Check(hurdle=Hurdle.TOO_SOON, answer=answer, at=until)
    if door.has_key and found.answer is not Answer.PASSED:
        found = Check(hurdle=found.hurdle, answer=Answer.PERHAPS, at=found.at)
    yield found


def check_room(door: Door) -> Iterator[Check]:
    """Ask whether today's places were taken; who was turned away for it is not kept."""
    if door.per_day is not None:
        full = door.turned_away > 0
        yield Check(hurdle=Hurdle.DAY_FULL, answer=Answer.PERHAPS if full else Answer.PASSED)
