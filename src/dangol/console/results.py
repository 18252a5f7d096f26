"""Results: what messages came to, what they cost, and what is known of what they brought."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Final, TypedDict
from zoneinfo import ZoneInfo

from litestar import Response, delete, get, put
from litestar.exceptions import (
    ClientException,
    NotAuthorizedException,
    NotFoundException,
    PermissionDeniedException,
)
from litestar.params import FromPath, FromQuery, JSONBody, Parameter

from dangol.channels.prices import (
    Price,
    list_prices,
    priced_kinds,
    remove_price,
    set_price,
)
from dangol.console.answers import Locale
from dangol.console.desk import (
    STATEMENTS,
    ConsoleRequest,
    Desk,
    open_desk,
    open_work,
    refusing,
)
from dangol.console.result_answers import (
    Comparison,
    Figures,
    JourneyResult,
    MessageResult,
    PricedVendor,
    Prices,
    PriceView,
    ResultsPage,
)
from dangol.console.result_table import write_table
from dangol.feedback.results import (
    By,
    HeldOut,
    Result,
    compare_held_out,
    count_results,
    count_unattributed,
)
from dangol.guard.limits import read_limits

READING: Final = [ClientException, NotAuthorizedException]
PRICING: Final = [
    ClientException,
    NotAuthorizedException,
    PermissionDeniedException,
    NotFoundException,
]
DAY: Final = timedelta(days=1)
USUAL_DAYS: Final = 30
MOST_DAYS: Final = 3_660
WON: Final = "KRW"

Day = Annotated[date | None, Parameter(description="as 2027-03-01, in the shop's zone")]


class Span(TypedDict):
    """Of which shop, and of what left when."""

    workspace_id: int
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """From one of the shop's days to another, both included."""

    first: date
    last: date
    today: date
    zone: ZoneInfo

    def span(self, workspace_id: int) -> Span:
        """Return from which moment to before which other that is."""
        return Span(
            workspace_id=workspace_id,
            since=datetime.combine(self.first, time(), self.zone),
            until=datetime.combine(self.last + DAY, time(), self.zone),
        )


def days_of(desk: Desk, *, first: date | None, last: date | None) -> Days:
    """Return the days asked for; the last thirty where none are named.

    Raises:
        ClientException: they lie the wrong way round, or are too many.
    """
    zone = ZoneInfo(desk.member.time_zone)
    today = desk.now.astimezone(zone).date()
    last = last or today
    first = first or last - (USUAL_DAYS - 1) * DAY
    if not timedelta() <= last - first < MOST_DAYS * DAY:
        raise ClientException(
            f"The days from {first} to {last} are none: choose the first before the last, and at "
            f"most {MOST_DAYS:,} days.",
            extra={
                "code": "bad_days",
                "message_ko": "시작하는 날이 끝나는 날보다 늦거나 기간이 너무 길어요. "
                "기간을 다시 골라 주세요.",
            },
        )
    return Days(first=first, last=last, today=today, zone=zone)


@get("/api/results", sync_to_thread=True, operation_id="get_results", raises=READING)
def get_results(request: ConsoleRequest, *, first: Day = None, last: Day = None) -> ResultsPage:
    """Say what became of the messages that left on these days, what they cost and brought."""
    with open_desk(request) as desk:
        days = days_of(desk, first=first, last=last)
        span = days.span(desk.workspace_id)
        results = count_results(desk.connection, by=By.MESSAGE, **span)
        return ResultsPage(
            first=days.first,
            last=days.last,
            today=days.today,
            total=sum_up(results),
            journeys=show_journeys(desk, results, span),
            held_out=read_limits(desk.connection, workspace_id=desk.workspace_id).holdout_permille,
            prices=show_prices(desk),
        )


def show_journeys(desk: Desk, results: Sequence[Result], span: Span) -> list[JourneyResult]:
    """Return every journey of which anything is known in that time, the most sent first."""
    unattributed = count_unattributed(desk.connection, **span)
    compared = {one.journey: one for one in compare_held_out(desk.connection, **span)}
    values = {"workspace_id": desk.workspace_id}
    titles = desk.connection.execute(STATEMENTS["list_journey_names"], values).fetchall()
    shown: list[JourneyResult] = []
    for name, title_ko, title_en in titles:
        mine = [one for one in results if one.journey == name]
        if not mine and name not in unattributed and name not in compared:
            continue
        shown.append(
            JourneyResult(
                name=name,
                title_ko=title_ko,
                title_en=title_en,
                figures=sum_up(mine),
                messages=[
                    MessageResult(template=str(one.message), figures=sum_up([one])) for one in mine
                ],
                unattributed=unattributed.get(name, 0),
                comparison=as_compared(compared.get(name)),
            )
        )
    return sorted(shown, key=lambda one: -one.figures.sent)


def sum_up(results: Iterable[Result]) -> Figures:
    """Return what several messages came to together."""
    all_of = list(results)
    revenue: dict[str, float] = {}
    for one in all_of:
        for currency, amount in one.revenue.items():
            revenue[currency] = revenue.get(currency, 0) + amount
    cost = sum(one.cost for one in all_of)
    conversions = sum(one.conversions for one in all_of)
    return Figures(
        sent=sum(one.sent for one in all_of),
        failed=sum(one.failed for one in all_of),
        delivered=sum(one.delivered for one in all_of),
        opened=sum(one.opened for one in all_of),
        clicked=sum(one.clicked for one in all_of),
        replied=sum(one.replied for one in all_of),
        complained=sum(one.complained for one in all_of),
        unsubscribed=sum(one.unsubscribed for one in all_of),
        cost=cost,
        conversions=conversions,
        cost_per_conversion=cost / conversions if conversions else None,
        revenue=revenue.pop(WON, 0),
        other_revenue=revenue,
    )


def as_compared(one: HeldOut | None) -> Comparison | None:
    if one is None:
        return None
    low, high = one.interval or (None, None)
    return Comparison(
        held_out=one.held_out,
        held_out_converted=one.held_out_converted,
        others=one.others,
        others_converted=one.others_converted,
        lift=one.lift,
        low=low,
        high=high,
        tells=one.tells,
    )


@get(
    "/api/results/table",
    sync_to_thread=True,
    operation_id="export_results",
    media_type="text/csv",
    raises=READING,
)
def export_results(
    request: ConsoleRequest,
    *,
    language: FromQuery[Locale] = "ko",
    first: Day = None,
    last: Day = None,
) -> Response[bytes]:
    """Return the results as a table (CSV, UTF-8 with a mark, as spreadsheets want it)."""
    with open_desk(request) as desk:
        days = days_of(desk, first=first, last=last)
        span = days.span(desk.workspace_id)
        journeys = show_journeys(desk, count_results(desk.connection, by=By.MESSAGE, **span), span)
    text = io.StringIO(newline="")
    csv.writer(text).writerows(write_table(journeys, language=language))
    name = f"results-{days.first}-{days.last}.csv"
    return Response(
        text.getvalue().encode("utf-8-sig"),
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


def show_prices(desk: Desk) -> Prices:
    return Prices(
        prices=[
            PriceView(provider=one.provider, kind=one.kind, price=one.price)
            for one in list_prices(desk.connection)
            if one.currency == WON
        ],
        vendors=[
            PricedVendor(provider=provider, kinds=priced_kinds(channels))
            for provider, channels in desk.house.setup.vendors.items()
        ],
    )


@put("/api/results/prices", sync_to_thread=True, operation_id="save_price", raises=PRICING)
def keep_price(request: ConsoleRequest, data: JSONBody[PriceView]) -> Prices:
    """Enter what a message costs by a vendor; what is sent from then on costs that."""
    with open_work(request) as desk:
        known = {(one.provider, one.kind) for one in list_prices(desk.connection)}
        carried = priced_kinds(desk.house.setup.vendors.get(data.provider, ()))
        if data.kind not in carried and (data.provider, data.kind) not in known:
            raise NotFoundException(f"No vendor {data.provider!r} that carries {data.kind}.")
        set_price(
            desk.connection,
            Price(provider=data.provider, kind=data.kind, price=data.price, currency=WON),
        )
        return show_prices(desk)


@delete(
    "/api/results/prices/{provider:str}/{kind:str}",
    sync_to_thread=True,
    operation_id="remove_price",
    status_code=200,
    raises=PRICING,
)
def drop_price(request: ConsoleRequest, provider: FromPath[str], kind: FromPath[str]) -> Prices:
    """Forget what a message costs by a vendor; what was sent before keeps its price."""
    with refusing(), open_work(request) as desk:
        remove_price(desk.connection, provider=provider, kind=kind)
        return show_prices(desk)
