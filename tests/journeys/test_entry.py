"""The questions of a journey's door, and how each is answered."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.build import NOON

from dangol.journeys.entry import Answer, Door, Hurdle, check_entry
from dangol.journeys.occasions import NEVER
from dangol.store.vocabulary import CustomerState, EnrollmentState, EntryKind, JourneyState

DAY = timedelta(days=1)
# Somebody who may enter: the event has just happened, in a journey ten days old.
OPEN = Door(
    journey_state=JourneyState.RUNNING,
    customer_state=CustomerState.ACTIVE,
    entry_kind=EntryKind.EVENT,
    entry_event="Cart Viewed",
    has_filter=False,
    condition=None,
    first_time_only=False,
    reentry_days=None,
    has_key=False,
    per_day=None,
    segment_ko=None,
    segment_en=None,
    member_since=None,
    times=1,
    first_at=NOON,
    last_at=NOON,
    trait=None,
    has_day=False,
    next_at=None,
    turned_away=0,
    last_state=None,
    last_entered_at=None,
    begun_at=NOON - 10 * DAY,
)
SEGMENT = replace(OPEN, segment_ko="단골", segment_en="Regulars", times=0, last_at=None)
INSIDE = replace(OPEN, last_entered_at=NOON, last_state=EnrollmentState.WAITING)


def answers(door: Door, *, fits: bool | None = True) -> dict[Hurdle, Answer]:
    """What is not passed."""
    checks = check_entry(door, fits=lambda _: fits, now=NOON)
    return {one.hurdle: one.answer for one in checks if one.answer is not Answer.PASSED}


def test_who_may_enter_is_kept_out_by_nothing() -> None:
    assert answers(OPEN) == {}


@pytest.mark.parametrize(
    ("door", "found"),
    [
        (replace(OPEN, journey_state=JourneyState.PAUSED), {Hurdle.NOT_RUNNING: Answer.STOPPED}),
        (replace(OPEN, customer_state=CustomerState.ERASED), {Hurdle.NOT_ACTIVE: Answer.STOPPED}),
        (replace(OPEN, times=0, last_at=None), {Hurdle.NEVER_HAPPENED: Answer.STOPPED}),
        (replace(OPEN, last_at=NOON - 11 * DAY), {Hurdle.HAPPENED_BEFORE: Answer.STOPPED}),
        (
            replace(OPEN, first_time_only=True, first_at=NOON - 99 * DAY),
            {Hurdle.NOT_THE_FIRST: Answer.STOPPED},
        ),
        (replace(OPEN, first_time_only=True), {}),
        (replace(OPEN, has_filter=True), {Hurdle.FILTER: Answer.PERHAPS}),
        (replace(OPEN, per_day=5, turned_away=2), {Hurdle.DAY_FULL: Answer.PERHAPS}),
        (replace(OPEN, per_day=5), {}),
    ],
)
def test_an_event_opens_it_unless_something_speaks_against_it(
    door: Door, found: dict[Hurdle, Answer]
) -> None:
    assert answers(door) == found


@pytest.mark.parametrize(
    ("door", "found"),
    [
        (replace(SEGMENT, times=1), {}),
        (SEGMENT, {Hurdle.NOT_LEFT_SEGMENT: Answer.STOPPED}),
        (replace(SEGMENT, times=1, member_since=NOON), {Hurdle.NOT_LEFT_SEGMENT: Answer.STOPPED}),
    ],
)
def test_leaving_a_segment_is_having_been_in_it_and_being_out(
    door: Door, found: dict[Hurdle, Answer]
) -> None:
    assert answers(replace(door, entry_kind=EntryKind.SEGMENT_LEFT)) == found


def test_who_entered_a_segment_since_the_journey_is_there_may_enter() -> None:
    door = replace(SEGMENT, entry_kind=EntryKind.SEGMENT_ENTERED)

    assert answers(door) == {Hurdle.NOT_IN_SEGMENT: Answer.STOPPED}
    assert answers(replace(door, member_since=NOON)) == {}
    assert answers(replace(door, member_since=NOON - 11 * DAY)) == {
        Hurdle.IN_SEGMENT_BEFORE: Answer.STOPPED
    }


@pytest.mark.parametrize("next_at", [None, NEVER])
def test_a_schedule_without_another_time_is_over(next_at: object) -> None:
    door = replace(OPEN, entry_kind=EntryKind.SCHEDULE, next_at=next_at)

    assert answers(door) == {Hurdle.SCHEDULE_OVER: Answer.STOPPED}
    assert answers(replace(door, next_at=NOON + DAY)) == {Hurdle.SCHEDULE_AHEAD: Answer.WAITS}


def test_a_condition_that_nobody_can_judge_is_not_called_a_no() -> None:
    door = replace(OPEN, condition={"kind": "in_segment"})

    assert answers(door, fits=None) == {Hurdle.CONDITION: Answer.PERHAPS}
    assert answers(door, fits=False) == {Hurdle.CONDITION: Answer.STOPPED}
    assert answers(door, fits=True) == {}


@pytest.mark.parametrize(
    ("door", "found"),
    [
        (INSIDE, {Hurdle.NEVER_AGAIN: Answer.STOPPED}),
        (replace(INSIDE, reentry_days=0), {}),
        (replace(INSIDE, reentry_days=3), {Hurdle.STILL_INSIDE: Answer.STOPPED}),
        (
            replace(INSIDE, reentry_days=3, last_state=EnrollmentState.ENDED),
            {Hurdle.TOO_SOON: Answer.WAITS},
        ),
        (
            replace(
                INSIDE,
                reentry_days=3,
                last_state=EnrollmentState.ENDED,
                last_entered_at=NOON - 3 * DAY,
            ),
            {},
        ),
        # Another order may open it again: which one came with the event is not known any more.
        (replace(INSIDE, has_key=True), {Hurdle.NEVER_AGAIN: Answer.PERHAPS}),
    ],
)
def test_whether_they_may_enter_again_is_the_journeys_own_rule(
    door: Door, found: dict[Hurdle, Answer]
) -> None:
    assert answers(door) == found


def test_what_let_them_in_is_not_held_against_them() -> None:
    # An event of before the journey that came in late enough to open it.
    door = replace(INSIDE, last_at=NOON - 11 * DAY, last_entered_at=NOON - 11 * DAY)

    assert answers(door) == {Hurdle.NEVER_AGAIN: Answer.STOPPED}
