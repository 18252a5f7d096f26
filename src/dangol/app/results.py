"""What messages came to, for the terminal and for a shop's own servers."""

import argparse
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Annotated, Final, TypedDict

import msgspec
from litestar import get
from litestar.exceptions import ClientException
from litestar.params import Parameter

from dangol.app.clerk import PREVIEWING, ServerRequest, open_clerk
from dangol.app.clock import shifted_clock
from dangol.app.decision_routes import plainly
from dangol.app.manage import CONSOLE, find_workspace, open_connection
from dangol.app.problem import ProblemError
from dangol.app.settings import Settings
from dangol.feedback.results import (
    By,
    HeldOut,
    Result,
    compare_held_out,
    count_results,
)
from dangol.store.vocabulary import ApiKeyScope

MOST_DAYS: Final = 3_660
BACK: Final = timedelta(days=30)


class Span(TypedDict):
    """Of which shop, and of what left when."""

    workspace_id: int
    since: datetime
    until: datetime


class SaidResult(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the messages of one journey, message, channel or month that left in the time.

    ``opened`` and ``clicked`` count what was likely a person. ``conversions`` are those before
    which a message of these came last (a click before an arrival), in the goal's own time;
    ``unattributed`` those of the journey before which none came. ``cost`` is in won, ``revenue`` by
    currency.
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
    cost_per_conversion: float | None
    revenue: dict[str, float]


class SaidHeldOut(msgspec.Struct, frozen=True, kw_only=True):
    """Who reached a journey's goal, of those held out from advertising and of the others.

    ``lift`` is the difference of the two shares: what the journey really brings. It lies between
    ``lift_low`` and ``lift_high``, at 95 %; where these are on both sides of nothing, too few are
    held out, or too few have entered, to tell.
    """

    journey: str
    held_out: int
    held_out_converted: int
    others: int
    others_converted: int
    lift: float | None
    lift_low: float | None
    lift_high: float | None


class Results(msgspec.Struct, frozen=True, kw_only=True):
    """What messages came to; ``holdout`` is empty where nobody is held out."""

    since: datetime
    until: datetime
    results: list[SaidResult]
    holdout: list[SaidHeldOut]


def say_result(one: Result) -> SaidResult:
    return SaidResult(**asdict(one), cost_per_conversion=one.cost_per_conversion)


def say_held_out(one: HeldOut) -> SaidHeldOut:
    low, high = one.interval or (None, None)
    return SaidHeldOut(**asdict(one), lift=one.lift, lift_low=low, lift_high=high)


@get("/v1/results", tags=["results"], sync_to_thread=True, raises=PREVIEWING)
def fetch_results(
    request: ServerRequest,
    *,
    by: Annotated[By, Parameter(description="what they are told apart by")] = By.JOURNEY,
    since: Annotated[
        datetime | None, Parameter(description="what left from then on; 30 days ago")
    ] = None,
    until: Annotated[datetime | None, Parameter(description="and before then; now")] = None,
) -> Results:
    """Say what became of messages, what they cost, and what they brought."""
    for name, given in (("since", since), ("until", until)):
        if given is not None and given.tzinfo is None:
            raise ClientException(f"{name} is {given.isoformat()}; add its zone, such as Z.")
    with open_clerk(request, ApiKeyScope.JOURNEYS_READ, refusing=plainly) as clerk:
        until = until or clerk.now
        since = since or until - BACK
        span = Span(workspace_id=clerk.workspace_id, since=since, until=until)
        results = count_results(clerk.connection, by=by, **span)
        compared = compare_held_out(clerk.connection, **span)
    return Results(
        since=since,
        until=until,
        results=[say_result(one) for one in results],
        holdout=[say_held_out(one) for one in compared],
    )


def run_results(options: argparse.Namespace, settings: Settings) -> int:
    """Say what messages came to."""
    if not 1 <= options.days <= MOST_DAYS:
        raise ProblemError(f"days is {options.days}; write 1 to {MOST_DAYS}.")
    with open_connection(settings) as connection:
        workspace_id = find_workspace(connection, name=options.workspace)
        until = shifted_clock(connection)
        since = until - timedelta(days=options.days)
        span = Span(workspace_id=workspace_id, since=since, until=until)
        results = count_results(connection, by=By(options.by), **span)
        compared = compare_held_out(connection, **span)
    if options.json:
        told = {
            "results": [say_result(one) for one in results],
            "holdout": [say_held_out(one) for one in compared],
        }
        CONSOLE.print(msgspec.json.encode(told).decode())
        return 0
    for one in results:
        CONSOLE.print(say_line(one))
    for one in compared:
        CONSOLE.print(say_comparison(one))
    if not results:
        CONSOLE.print("Nothing was sent in that time.")
    return 0


def say_line(one: Result) -> str:
    """Say a result in a line."""
    name = " / ".join(filter(None, (one.journey, one.message, one.channel, one.month)))
    said = (
        f"{name}: {one.sent:,} sent, {one.failed:,} failed, {one.opened:,} opened, "
        f"{one.clicked:,} clicked, {one.replied:,} replied, {one.unsubscribed:,} left, "
        f"{one.cost:,.0f} won, {one.conversions:,} came last before a conversion"
    )
    if one.cost_per_conversion is not None:
        said += f" ({one.cost_per_conversion:,.0f} won each)"
    revenue = ", ".join(f"{amount:,.0f} {code}" for code, amount in sorted(one.revenue.items()))
    return f"{said}, {revenue}" if revenue else said


def say_comparison(one: HeldOut) -> str:
    """Say what the holdout tells, in a line."""
    if one.lift is None or one.interval is None:
        return f"{one.journey}, holdout: too few to compare"
    low, high = one.interval
    said = (
        f"{one.journey}, holdout: {one.others_converted:,} of {one.others:,} converted, of those "
        f"held out {one.held_out_converted:,} of {one.held_out:,}: {one.lift * 100:+.1f} points, "
        f"between {low * 100:+.1f} and {high * 100:+.1f}"
    )
    return said if one.tells else f"{said}: too few to tell"


result_routes: Final = [fetch_results]
