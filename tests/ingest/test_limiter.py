"""A key sends as fast as it may, and is told when it may again."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.build import NOON

from dangol.ingest.fault import BadPayload
from dangol.ingest.keys import ApiKey
from dangol.ingest.limiter import GUST_SECONDS, Limiter
from dangol.ingest.payload import MOST_EVENTS
from dangol.store.vocabulary import ApiKeyKind

BROWSER = ApiKey(id=1, workspace_id=1, kind=ApiKeyKind.BROWSER)
OTHER = ApiKey(id=2, workspace_id=1, kind=ApiKeyKind.BROWSER)
SERVER = ApiKey(id=3, workspace_id=1, kind=ApiKeyKind.SERVER)


class Watch:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def turn(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def limiter(rate: int) -> tuple[Limiter, Watch]:
    watch = Watch()
    return Limiter(rates={ApiKeyKind.BROWSER: rate}, clock=watch), watch


def refusal(limits: Limiter, key: ApiKey, events: int) -> BadPayload:
    with pytest.raises(BadPayload) as caught:
        limits.take(key, events=events)
    return caught.value


def test_a_gust_passes_and_what_follows_waits_exactly_as_long_as_it_is_told():
    limits, watch = limiter(1_000)
    limits.take(BROWSER, events=MOST_EVENTS)
    for _ in range(3):
        limits.take(BROWSER, events=MOST_EVENTS)

    fault = refusal(limits, BROWSER, 2_000)

    assert (fault.status, fault.code, fault.wait_seconds) == (429, "too_fast", 2)
    watch.turn(1.9)
    refusal(limits, BROWSER, 2_000)
    watch.turn(0.1)
    limits.take(BROWSER, events=2_000)


def test_the_refusal_names_the_rate_and_the_setting():
    limits, _ = limiter(1)
    limits.take(BROWSER, events=MOST_EVENTS)

    message = refusal(limits, BROWSER, 1).message

    assert "1 events a second" in message
    assert "DANGOL_BROWSER_EVENTS_PER_SECOND" in message


def test_a_batch_that_is_too_long_is_not_told_to_come_again():
    limits, _ = limiter(1)

    limits.take(BROWSER, events=MOST_EVENTS * 100)


def test_keys_do_not_use_up_one_another():
    limits, _ = limiter(1)
    limits.take(BROWSER, events=MOST_EVENTS)
    refusal(limits, BROWSER, 1)

    limits.take(OTHER, events=MOST_EVENTS)


def test_a_kind_without_a_rate_is_free():
    limits, _ = limiter(1)

    for _ in range(100):
        limits.take(SERVER, events=MOST_EVENTS)


def test_a_clock_set_back_takes_nothing_away():
    limits, watch = limiter(1_000)
    watch.turn(-3_600)
    limits.take(BROWSER, events=1)
    watch.turn(-3_600)

    limits.take(BROWSER, events=1)


@given(
    rate=st.integers(1, 5_000),
    asked=st.lists(st.tuples(st.floats(0, 3), st.integers(1, MOST_EVENTS)), max_size=60),
)
def test_never_more_than_the_rate_and_one_gust(rate, asked):
    limits, watch = limiter(rate)
    passed, elapsed = 0, 0.0

    for pause, events in asked:
        watch.turn(pause)
        elapsed += pause
        try:
            limits.take(BROWSER, events=events)
        except BadPayload:
            continue
        passed += events

    gust = max(rate * GUST_SECONDS, MOST_EVENTS)
    assert passed <= gust + rate * elapsed + 1
