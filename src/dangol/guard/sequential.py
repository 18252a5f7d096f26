"""A test that may be looked at as often as one likes: is a share higher than its limit?

For every alternative share p above the limit q, the likelihood ratio of what was seen is, as long
as the true share is at most q, a supermartingale that starts at 1; so is a mixture of them. By
Ville's inequality it ever reaches 1/alpha with a probability of at most alpha, however often
somebody looks and whenever they stop. This is the mixture sequential probability ratio test
(Robbins 1970; for experiments watched as they run Johari, Koomen, Pekelis and Walsh 2022, "Always
Valid Inference"; for confidence sequences Howard, Ramdas, McAuliffe and Sekhon 2021). Opt-outs that
are still to come only make it slower, never wrong.
"""

from collections.abc import Iterator
from math import exp, fsum, log, log1p
from typing import Final

# How often a message that is within its limit may be stopped, over all the time it is watched.
ALPHA: Final = 0.01
# The alternatives: so many times the limit, all equally likely beforehand.
TIMES: Final = (1.25, 1.5, 2.0, 3.0, 5.0, 8.0, 15.0)
STEPS: Final = 40


def evidence(sent: int, opt_outs: int, *, limit: float) -> float:
    """Return how much likelier what was seen is if the share is above ``limit``; 1 means no idea.

    ``limit`` is between 0 and 1, both excluded.
    """
    ratios = [
        opt_outs * log(share / limit) + (sent - opt_outs) * (log1p(-share) - log1p(-limit))
        for share in alternatives(limit)
    ]
    # Beyond this it is beyond doubt; exp would overflow.
    return fsum(exp(min(ratio, 500.0)) for ratio in ratios) / len(ratios)


def alternatives(limit: float) -> Iterator[float]:
    """Yield the shares above a limit that it is weighed against, all below 1."""
    for times in TIMES:
        odds = times * limit / (1 - limit)
        yield odds / (1 + odds)


def is_over(sent: int, opt_outs: int, *, limit: float, alpha: float = ALPHA) -> bool:
    """Tell whether the share is above ``limit``, wrongly at most once in ``1 / alpha`` messages."""
    return opt_outs > limit * sent and evidence(sent, opt_outs, limit=limit) >= 1 / alpha


def at_least(sent: int, opt_outs: int, *, alpha: float = ALPHA) -> float:
    """Return the highest share that what was seen is above, by the same test; 0 if none is."""
    low, high = 0.0, opt_outs / sent if sent else 0.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        if 0 < middle < 1 and is_over(sent, opt_outs, limit=middle, alpha=alpha):
            low = middle
        else:
            high = middle
    return low
