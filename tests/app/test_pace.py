"""Turns grow while they are quick, and shrink before an opt-out waits for long."""

from dangol.app.pace import FIRST, LEAST, Pace


def test_quick_turns_grow_to_the_limit():
    pace = Pace(most=1_000)

    for _ in range(5):
        pace.note(claimed=pace.size, seconds=0.2)

    assert pace.size == 1_000


def test_slow_turns_shrink_and_never_to_nothing():
    pace = Pace(most=1_000)

    for _ in range(9):
        pace.note(claimed=pace.size, seconds=30.0)

    assert pace.size == LEAST


def test_a_turn_that_found_little_says_nothing_of_speed():
    pace = Pace(most=1_000)

    pace.note(claimed=FIRST - 1, seconds=0.1)

    assert pace.size == FIRST


def test_the_limit_holds_from_the_first_turn_on():
    pace = Pace(most=10)

    pace.note(claimed=10, seconds=30.0)

    assert pace.size == 10
