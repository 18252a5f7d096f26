"""What messages came to: how many arrived and were answered, what they cost, what they brought.

A conversion is counted with the message that came last before it: the last one whose link they
followed, else the last that arrived, of the journeys whose goal it was and within that goal's own
time. That says what came before, not what it was because of. What a journey really brings is the
difference between those who get its messages and those held out from them (``compare_held_out``).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import sqrt
from typing import Final

from psycopg.rows import class_row

from dangol.feedback.bounces import STATEMENTS
from dangol.feedback.hits import LIKELY
from dangol.store.connect import Connection

# So long an event may come in after the step that said the goal was reached.
PATIENCE: Final = timedelta(minutes=10)
# How far from the middle 95 % of a normal distribution reach.
Z: Final = 1.959964


class By(StrEnum):
    """What results can be told apart by."""

    JOURNEY = "journey"
    MESSAGE = "message"
    CHANNEL = "channel"
    MONTH = "month"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of the messages of one journey, template, channel or month of the shop's.

    ``opened`` and ``clicked`` count what was likely a person; ``cost`` is in won, ``revenue`` by
    currency (ISO 4217); ``unattributed`` counts who reached the goal before any message.
    """

    journey: str | None
    message: str | None
    channel: str | None
    month: str | None
    sent: int
    failed: int
    delivered: int
    opened: int
    clicked: int
    replied: int
    complained: int
    unsubscribed: int
    cost: float
    conversions: int
    unattributed: int
    revenue: dict[str, float]

    @property
    def cost_per_conversion(self) -> float | None:
        """Won for each conversion; None where there was none."""
        return self.cost / self.conversions if self.conversions else None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOut:
    """Who reached a journey's goal: of those held out from advertising, and of the others."""

    journey: str
    held_out: int
    held_out_converted: int
    others: int
    others_converted: int

    @property
    def lift(self) -> float | None:
        """By how much the share that converts differs; None where one side is empty."""
        if not self.held_out or not self.others:
            return None
        return self.others_converted / self.others - self.held_out_converted / self.held_out

    @property
    def interval(self) -> tuple[float, float] | None:
        """Between which two differences ``lift`` lies, at 95 %; None where one side is empty.

        R. G. Newcombe, "Interval estimation for the difference between independent proportions",
        Statistics in Medicine 17 (1998), method 10: right for small numbers, too.
        """
        if self.lift is None:
            return None
        ours = self.others_converted / self.others
        theirs = self.held_out_converted / self.held_out
        our_low, our_high = wilson(self.others_converted, among=self.others)
        their_low, their_high = wilson(self.held_out_converted, among=self.held_out)
        below = sqrt((ours - our_low) ** 2 + (their_high - theirs) ** 2)
        above = sqrt((our_high - ours) ** 2 + (theirs - their_low) ** 2)
        return self.lift - below, self.lift + above

    @property
    def tells(self) -> bool:
        """Whether the difference is surely more, or surely less, than none."""
        low, high = self.interval or (0, 0)
        return low > 0 or high < 0


def wilson(found: int, *, among: int) -> tuple[float, float]:
    """Return the shares between which Wilson's 95 % interval lies."""
    share, square = found / among, Z * Z / among
    middle = share + square / 2
    reach = Z * sqrt(share * (1 - share) / among + square / among / 4)
    return (middle - reach) / (1 + square), (middle + reach) / (1 + square)


def attribute_conversions(
    connection: Connection, *, workspace_id: int, now: datetime, batch: int
) -> int:
    """Note which message came last before each new conversion; return how many were looked at."""
    values = {
        "workspace_id": workspace_id,
        "now": now,
        "batch": batch,
        "patience": PATIENCE,
        "likely": LIKELY,
    }
    return connection.execute(STATEMENTS["attribute_conversions"], values).rowcount


def count_results(
    connection: Connection, *, workspace_id: int, by: By, since: datetime, until: datetime
) -> list[Result]:
    """Return what became of the messages that left from ``since`` on and before ``until``."""
    values = {
        "workspace_id": workspace_id,
        "by": by.value,
        "since": since,
        "until": until,
        "likely": LIKELY,
    }
    with connection.cursor(row_factory=class_row(Result)) as cursor:
        return cursor.execute(STATEMENTS["count_results"], values).fetchall()


def compare_held_out(
    connection: Connection, *, workspace_id: int, since: datetime, until: datetime
) -> list[HeldOut]:
    """Return who reached each journey's goal; empty where nobody is held out."""
    values = {"workspace_id": workspace_id, "since": since, "until": until}
    with connection.cursor(row_factory=class_row(HeldOut)) as cursor:
        return cursor.execute(STATEMENTS["compare_held_out"], values).fetchall()


def count_unattributed(
    connection: Connection, *, workspace_id: int, since: datetime, until: datetime
) -> dict[str, int]:
    """Return by journey how many reached its goal before any message had come to them."""
    values = {"workspace_id": workspace_id, "since": since, "until": until}
    return dict(connection.execute(STATEMENTS["count_unattributed"], values).fetchall())
