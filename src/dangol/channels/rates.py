"""How much a vendor gets at a time: its rate, its rest after silence, and its pause.

One row of ``provider_state`` for each vendor, shared by all workers. A turn takes tokens; how the
vendor answers decides about the next:

    too much         its rate halves, and grows back by a tenth with every turn that goes well
    no answer        after three turns in a row it rests, longer each time; then one is tried
    our account      it pauses until that is repaired; now and then one is tried
    an answer        whatever it was: rest and pause are over
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from psycopg.rows import class_row

from dangol.channels.claim import STATEMENTS
from dangol.channels.hand_over import fault_of
from dangol.providers.vendor import Fate, FaultKind, Outcome
from dangol.store.connect import Connection

# Turns without an answer before a vendor rests.
FAILURES_MAX: Final = 3
FIRST_REST: Final = timedelta(seconds=30)
LONGEST_REST: Final = timedelta(minutes=10)
# Between two tries while our account is not in order.
PAUSE: Final = timedelta(minutes=10)
# How long whoever tries has the vendor for themselves.
TRY: Final = timedelta(minutes=2)
SLOWEST: Final = 0.5
GROWTH: Final = 1.1
# From here on nothing is held back any more where no rate is set.
FAST: Final = 1_000.0
# What comes together while nothing is sent, in seconds of the rate.
BURST_SECONDS: Final = 1.0
# What the clocks of two workers may differ by, and one may wait for the other.
CLOCKS_APART: Final = timedelta(minutes=1)
# Neither rate nor rest nor failures.
FREE: Final = (None, None, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a vendor fares; ``per_second`` is set by its owner, ``slowed_to`` by its answers."""

    per_second: float | None
    slowed_to: float | None
    tokens: float
    tokens_at: datetime | None
    failures: int
    rests_until: datetime | None
    paused_because: str | None

    @property
    def rate(self) -> float | None:
        """Messages a second; None for as many as it takes."""
        rates = [rate for rate in (self.per_second, self.slowed_to) if rate is not None]
        return min(rates, default=None)

    @property
    def is_tried(self) -> bool:
        """Whether one message is to show if the vendor is back."""
        return self.paused_because is not None or self.failures >= FAILURES_MAX


class Health(StrEnum):
    """How a vendor fares, in a word."""

    WELL = "well"
    SLOWED = "slowed"
    RESTS = "rests"
    # The next message shows whether it is back.
    TRIED = "tried"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """How a vendor fares, as its owner is told."""

    name: str
    per_second: float | None
    slowed_to: float | None
    failures: int
    rests_until: datetime | None
    paused_because: str | None
    paused_at: datetime | None

    def health(self, now: datetime) -> Health:
        """Return how it fares at a moment."""
        if self.paused_because is not None:
            return Health.PAUSED
        if self.rests_until is not None:
            return Health.RESTS if self.rests_until > now else Health.TRIED
        return Health.SLOWED if self.slowed_to is not None else Health.WELL


def take_turn(connection: Connection, *, provider: str) -> Standing:
    """Return how a vendor fares; unless all is well, lock its row for this transaction."""
    values = {"name": provider}
    with connection.cursor(row_factory=class_row(Standing)) as cursor:
        found = cursor.execute(STATEMENTS["read_provider"], values).fetchone()
        if found is not None and (found.rate, found.rests_until, found.failures) == FREE:
            return found
        cursor.execute(STATEMENTS["add_provider"], values)
        locked = cursor.execute(STATEMENTS["lock_provider"], values).fetchone()
    assert locked is not None  # noqa: S101 - it has just been added
    return locked


def allowance(standing: Standing, *, now: datetime, batch: int) -> int:
    """Return how many messages may go now."""
    if standing.rests_until is not None and standing.rests_until > now:
        return 0
    if standing.is_tried:
        return 1
    if standing.rate is None:
        return batch
    return min(batch, int(tokens_of(standing, now=now)))


def tokens_of(standing: Standing, *, now: datetime) -> float:
    """Return what has come together at the vendor's rate, at most a second's worth, or one."""
    rate = standing.rate or 0.0
    most = max(1.0, rate * BURST_SECONDS)
    if standing.tokens_at is None:
        return most
    passed = max(0.0, (now - standing.tokens_at).total_seconds())
    return min(most, standing.tokens + rate * passed)


def counted_at(before: datetime | None, *, now: datetime) -> datetime:
    """Return up to when tokens have been counted, so that no time counts twice.

    Whoever waited for the row looked at the clock before whoever had it. A clock that was set back
    by more is believed.
    """
    return max(now, min(before or now, now + CLOCKS_APART))


def spend(
    connection: Connection, standing: Standing, *, provider: str, taken: int, now: datetime
) -> None:
    """Keep what a turn took; whoever tries a silent vendor has it for themselves for a while."""
    if not taken or (standing.rate is None and not standing.is_tried):
        return
    values = {
        "name": provider,
        "tokens": max(0.0, tokens_of(standing, now=now) - taken),
        "tokens_at": counted_at(standing.tokens_at, now=now),
        "rests_until": now + TRY if standing.is_tried else standing.rests_until,
    }
    connection.execute(STATEMENTS["save_turn"], values)


def settle_turn(
    connection: Connection,
    outcomes: Sequence[Outcome],
    *,
    provider: str,
    now: datetime,
    of_receivers: bool = False,
) -> None:
    """Keep how a vendor answered a turn; writes nothing where all is as it was.

    ``of_receivers`` where what was too much was so for single receivers, not for the vendor.
    """
    if not outcomes:
        return
    standing = take_turn(connection, provider=provider)
    after = answered(standing, outcomes, now=now, of_receivers=of_receivers)
    if after != standing:
        values = {
            "name": provider,
            "slowed_to": after.slowed_to,
            "failures": after.failures,
            "rests_until": after.rests_until,
            "paused_because": after.paused_because,
            "now": now,
        }
        connection.execute(STATEMENTS["save_answer"], values)


def answered(
    standing: Standing, outcomes: Sequence[Outcome], *, now: datetime, of_receivers: bool
) -> Standing:
    """Return how a vendor stands after it answered a turn like this."""
    faults = {fault_of(outcome): outcome for outcome in outcomes}
    throttled = None if of_receivers else faults.get(FaultKind.THROTTLED)
    failures, rests_until, because = 0, None, None
    if wrong := faults.get(FaultKind.CONFIGURATION):
        because = f"{wrong.code} {wrong.detail}".strip() or "configuration"
        rests_until = now + PAUSE
    elif not any(is_answer(outcome) for outcome in outcomes):
        failures, because = standing.failures + 1, standing.paused_because
        rests_until = rest_until(failures, is_paused=because is not None, now=now)
    return Standing(
        per_second=standing.per_second,
        slowed_to=slowed(standing, throttled, number=len(outcomes)),
        tokens=standing.tokens,
        tokens_at=standing.tokens_at,
        failures=failures,
        rests_until=rests_until,
        paused_because=because,
    )


def is_answer(outcome: Outcome) -> bool:
    """Tell whether the vendor is there: it took a message, refused it, or asked for patience."""
    return outcome.fate in {Fate.ACCEPTED, Fate.REJECTED} or outcome.fault is FaultKind.THROTTLED


def rest_until(failures: int, *, is_paused: bool, now: datetime) -> datetime | None:
    """Return until when a vendor that did not answer is left alone: longer each time."""
    if is_paused:
        return now + PAUSE
    if failures < FAILURES_MAX:
        return None
    return now + min(LONGEST_REST, FIRST_REST * 2 ** min(failures - FAILURES_MAX, 10))


def slowed(standing: Standing, throttled: Outcome | None, *, number: int) -> float | None:
    """Return the rate that holds from now on, beside what its owner set."""
    if throttled is not None:
        return max(SLOWEST, (standing.rate or float(number)) / 2)
    if standing.slowed_to is None:
        return None
    grown = standing.slowed_to * GROWTH
    return None if grown >= (standing.per_second or FAST) else grown


def list_providers(connection: Connection) -> list[Provider]:
    """Return every vendor that was ever called."""
    with connection.cursor(row_factory=class_row(Provider)) as cursor:
        return cursor.execute(STATEMENTS["list_providers"]).fetchall()


def resume_provider(connection: Connection, *, name: str) -> None:
    """Let a vendor be called again at once.

    Raises:
        LookupError: no vendor of that name was ever called.
    """
    if not connection.execute(STATEMENTS["resume_provider"], {"name": name}).rowcount:
        known = ", ".join(one.name for one in list_providers(connection)) or "none yet"
        raise LookupError(f"provider {name!r} is not known; known are {known}.")


def limit_provider(connection: Connection, *, name: str, per_second: float | None) -> None:
    """Set how many messages a second a vendor gets at most; None for as many as it takes."""
    values = {"name": name, "per_second": per_second}
    connection.execute(STATEMENTS["limit_provider"], values)
