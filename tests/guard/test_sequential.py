"""The test may be looked at after every single message, and still cries wolf seldom enough."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dangol.guard.sequential import ALPHA, at_least, evidence, is_over

LIMIT = 0.01
STREAMS = 1_500
LONG = 20_000


def stopped_after(share: float, *, seed: int, streams: int, length: int) -> list[int]:
    """Return after how many messages each stream was stopped; looked at after every opt-out.

    Between opt-outs the evidence only shrinks, so that these looks are as good as all.
    """
    drawn = np.random.default_rng(seed)
    ends: list[int] = []
    for _ in range(streams):
        places = np.flatnonzero(drawn.random(length) < share)
        ends.extend(
            next(
                (
                    [int(place) + 1]
                    for count, place in enumerate(places, start=1)
                    if is_over(int(place) + 1, count, limit=LIMIT)
                ),
                [],
            )
        )
    return ends


@pytest.mark.parametrize("share", [LIMIT, LIMIT / 2])
def test_a_message_within_its_limit_is_seldom_stopped_however_often_one_looks(share: float) -> None:
    alarms = len(stopped_after(share, seed=7, streams=STREAMS, length=LONG))

    # Three standard deviations above what is promised would still be within it.
    assert alarms <= STREAMS * ALPHA + 3 * (STREAMS * ALPHA) ** 0.5


@pytest.mark.parametrize(("share", "most"), [(0.02, 4_000), (0.03, 1_500), (0.10, 150)])
def test_the_worse_a_message_the_sooner_it_is_stopped(share: float, most: int) -> None:
    ends = stopped_after(share, seed=8, streams=200, length=LONG)

    assert len(ends) == 200
    assert np.median(ends) <= most


@given(sent=st.integers(1, 5_000), share=st.floats(0, 1))
def test_what_was_seen_is_above_its_lower_bound_and_no_more(sent: int, share: float) -> None:
    opt_outs = round(sent * share)
    bound = at_least(sent, opt_outs)

    assert 0 <= bound <= opt_outs / sent
    assert not is_over(sent, opt_outs, limit=min(bound + 1e-6, 0.999_999))


def test_nothing_seen_is_no_evidence() -> None:
    assert evidence(0, 0, limit=LIMIT) == pytest.approx(1)
