"""Rounds with every limit set: the vendor's rate, one receiver's, a stormy one, and a warm-up.

Held against the vendor's own record: at no moment did anybody get more than was set.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Final

from dangol.channels.domains import domain_of, limit_domain
from dangol.channels.rates import limit_provider
from dangol.channels.warm_up import WarmUp, day_of, end_warm_up, set_warm_up
from dangol.store.connect import Connection

# Time stands still while a worker lives, so each gets a second's worth at most.
PER_SECOND: Final = 7.0
LIMITED: Final = "naver.com"
LIMITED_PER_SECOND: Final = 2.0
STORMY: Final = "daum.net"
# Of the day, in UTC, in which everything is too much for it.
STORM_HOURS: Final = {1, 5, 9}
RECEIVERS: Final = (LIMITED, STORMY, "gmail.com")
# About 240 messages come due a day.
FIRST_DAY: Final = 190
GROWTH: Final = 1.2
GOAL: Final = 100_000


def set_limits(connection: Connection, *, provider: str) -> None:
    """Set all of them."""
    limit_provider(connection, name=provider, per_second=PER_SECOND)
    limit_domain(connection, provider=provider, domain=LIMITED, per_second=LIMITED_PER_SECOND)
    set_warm_up(connection, provider=provider, start=FIRST_DAY, growth=GROWTH, goal=GOAL)


def lift_limits(connection: Connection, *, provider: str) -> None:
    """Take them away; receivers that rest go on resting."""
    limit_provider(connection, name=provider, per_second=None)
    limit_domain(connection, provider=provider, domain=LIMITED, per_second=None)
    end_warm_up(connection, provider=provider)


def forget_limits(connection: Connection, *, provider: str) -> None:
    """Begin as if the vendor had never been called."""
    end_warm_up(connection, provider=provider)
    connection.execute("delete from provider_domain where provider = %s", (provider,))
    connection.execute("delete from provider_state where name = %s", (provider,))


def is_storm(to: str, *, at: datetime) -> bool:
    """Tell whether it is too much for the receiver of an address."""
    return domain_of(to) == STORMY and at.hour in STORM_HOURS


def find_excess(record: Iterable[Mapping[str, str | int]], *, until: datetime) -> list[str]:
    """Return where anybody got more than was set, before the limits were lifted."""
    told_at = [(str(told["to"]), datetime.fromisoformat(str(told["now"]))) for told in record]
    calls = [(to, moment) for to, moment in told_at if moment <= until]
    at_once = Counter(moment for _, moment in calls)
    limited = Counter(moment for to, moment in calls if domain_of(to) == LIMITED)
    a_day = Counter(day_of(moment) for _, moment in calls)
    return [
        *(f"{n} at {moment}" for moment, n in at_once.items() if n > PER_SECOND),
        *(f"{n} to {LIMITED} at {m}" for m, n in limited.items() if n > LIMITED_PER_SECOND),
        *(f"{n} on {day}" for day, n in a_day.items() if n > most_of(day, [*a_day])),
    ]


def most_of(day: date, days: Iterable[date]) -> int:
    """Return what the warm-up lets through on a day, where something went on all those before."""
    warm_up = WarmUp(
        provider="",
        start_at=FIRST_DAY,
        growth=GROWTH,
        goal=GOAL,
        day=day,
        days_before=sum(one < day for one in days),
        taken=0,
    )
    return warm_up.most or GOAL
