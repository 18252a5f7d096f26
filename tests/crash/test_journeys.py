"""Twenty deaths among people inside journeys; `make crash WHAT=journeys KILLS=n` does more."""

from tests.crash.campaigns import survive


def test_twenty_kills_lose_nobody_inside_a_journey_and_write_to_nobody_twice():
    assert survive("tests.crash.journeys", kills=20)["customers"] > 10
