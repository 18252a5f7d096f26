"""The same conditions, one customer at a time, as slowly and plainly as they can be said."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cached_property
from hashlib import blake2b
from typing import Final
from zoneinfo import ZoneInfo

from dangol.segments import comparison as c
from dangol.segments import condition as t
from dangol.segments import window as w

Value = str | Decimal | Fraction | bool | list | dict | datetime | None
ZONED = re.compile(
    r"[12]\d{3}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)"
)
PLAIN = re.compile(r"[12]\d{3}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?)?")
COLUMNS = ("revenue", "quantity", "order_id", "currency", "product_id", "category")
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Happened:
    customer_id: int
    name: str
    occurred_at: datetime
    revenue: Decimal | None = None
    event_id: int = 0
    category: str | None = None
    properties: Mapping[str, object] = field(default_factory=dict)

    def value(self, path: str) -> Value:
        if path in COLUMNS:
            return getattr(self, path, None)
        return inside(self.properties, path)


@dataclass(frozen=True)
class Known:
    traits: Mapping[str, object] = field(default_factory=dict)
    first_seen_at: datetime | None = None
    last_seen_at: datetime | None = None
    locale: str | None = None
    country: str | None = None
    time_zone: str | None = None


@dataclass(frozen=True)
class Reacted:
    customer_id: int
    channel: str
    journey: str
    kind: str
    occurred_at: datetime


@dataclass(frozen=True)
class World:
    customers: Mapping[int, Known]
    events: Iterable[Happened] = ()
    consents: Mapping[tuple[int, str, str], str] = field(default_factory=dict)
    reach: frozenset[tuple[int, str]] = frozenset()
    reactions: Iterable[Reacted] = ()
    lists: Mapping[str, set[int]] = field(default_factory=dict)
    segments: Mapping[str, t.Condition] = field(default_factory=dict)

    @cached_property
    def of_customer(self) -> Mapping[int, list[Happened]]:
        return {one: [e for e in self.events if e.customer_id == one] for one in self.customers}


@dataclass(frozen=True)
class Asking:
    """One customer, at one moment, in one shop."""

    world: World
    who: int
    now: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()


def reference_members(
    tree: t.Condition, world: World, *, now: datetime, zone: ZoneInfo
) -> set[int]:
    return {who for who in world.customers if holds(tree, Asking(world, who, now, zone))}


def holds(tree: t.Condition, a: Asking) -> bool:
    match tree:
        case t.AllOf(of=of):
            return all(holds(part, a) for part in of)
        case t.AnyOf(of=of):
            return any(holds(part, a) for part in of)
        case t.NoneOf(of=of):
            return not any(holds(part, a) for part in of)
        case t.EventMeasure():
            return fits(tree.test, measure(tree, a), a)
        case t.Share():
            return fits(tree.test, share(tree, a), a)
        case t.Rank():
            return fits(tree.test, rank(tree, a), a)
        case t.Sequence():
            return came_in_order(tree, a)
        case t.Trait():
            return fits(tree.test, trait(tree.trait, a), a)
        case t.Engagement():
            return fits(tree.test, Decimal(engagement(tree, a)), a)
        case t.Consented():
            key = (a.who, str(tree.channel), str(tree.purpose))
            return a.world.consents.get(key, "unknown") == tree.state
        case t.Reachable():
            return (a.who, str(tree.channel)) in a.world.reach
        case t.InSegment():
            return holds(a.world.segments[tree.segment], a)
        case t.OnList():
            return a.who in a.world.lists.get(tree.list, set())
        case t.Lifecycle():
            return stage(tree, a) in tree.stages
        case t.Sample():
            return share_of(tree.name, a.who) < Decimal(str(tree.percent)) * 100
        case _:
            raise NotImplementedError


# Events ------------------------------------------------------------------------------------------


def past(a: Asking, name: str, where: Iterable[c.Filter]) -> list[Happened]:
    mine = [e for e in a.world.of_customer[a.who] if e.name == name and e.occurred_at <= a.now]
    return sorted(
        (e for e in mine if all(passes(one, e, a) for one in where)),
        key=lambda e: (e.occurred_at, e.event_id),
    )


def passes(one: c.Filter, event: Happened, a: Asking) -> bool:
    local = event.occurred_at.astimezone(a.zone)
    if isinstance(one, c.PropertyFilter):
        return fits(one.test, event.value(one.property), a)
    if isinstance(one, c.HourFilter):
        span = [*range(one.first, 24), *range(one.last + 1)]
        hours = range(one.first, one.last + 1) if one.first <= one.last else span
        return local.hour in hours
    if isinstance(one, c.WeekdayFilter):
        return local.strftime("%A").lower() in one.days
    products = event.properties.get("products")
    return isinstance(products, list) and any(
        all(fits(part.test, inside(product, part.property), a) for part in one.where)
        for product in products
    )


def chosen(leaf: t.EventMeasure | t.Share | t.Rank, a: Asking) -> list[Happened]:
    """Find the events a measure is made of, or the products in them."""
    events = [e for e in past(a, leaf.event, leaf.where) if lies_in(e.occurred_at, leaf.during, a)]
    if leaf.products is None:
        return events
    lines = [line for event in events for line in lines_of(event)]
    return [line for line in lines if all(passes(one, line, a) for one in leaf.products)]


@dataclass(frozen=True)
class Line(Happened):
    """A product of an event, which has no columns of its own."""

    def value(self, path: str) -> Value:
        return self.paid() if path == "revenue" else inside(self.properties, path)

    def paid(self) -> Decimal | None:
        said, price, quantity = (
            number(inside(self.properties, name)) for name in ("revenue", "price", "quantity")
        )
        if said is not None or price is None:
            return said
        return number(price * (Decimal(1) if quantity is None else quantity))


def lines_of(event: Happened) -> Iterator[Line]:
    products = event.properties.get("products")
    for product in products if isinstance(products, list) else []:
        yield Line(event.customer_id, event.name, event.occurred_at, properties=product)


def share(leaf: t.Share, a: Asking) -> Value:
    every = chosen(leaf, a)
    if len(every) < leaf.minimum:
        return None
    fitting = [one for one in every if all(passes(part, one, a) for part in leaf.fit)]
    return Fraction(100 * len(fitting), len(every))


def rank(leaf: t.Rank, a: Asking) -> Value:
    """Find the group by looking at everybody."""
    values = {who: ranked(leaf, replace(a, who=who)) for who in a.world.customers}
    known = {who: value for who, value in values.items() if value is not None}
    if a.who not in known:
        return None
    less = sum(value < known[a.who] for value in known.values())
    return Decimal(1 + math.floor(Fraction(less, len(known)) * leaf.groups))


def ranked(leaf: t.Rank, a: Asking) -> Value:
    events = chosen(leaf, a)
    if not events:
        return None
    if leaf.measure == "days_since":
        return events[-1].occurred_at
    return of_events(leaf, events, a)


def measure(leaf: t.EventMeasure, a: Asking) -> Value:
    return of_events(leaf, chosen(leaf, a), a)


def of_events(leaf: t.EventMeasure | t.Rank, events: list[Happened], a: Asking) -> Value:
    if leaf.measure == "count":
        return Decimal(len(events))
    if leaf.measure == "days_since":
        return Decimal((a.now - events[-1].occurred_at) // DAY) if events else None
    if leaf.of is None:
        return events[0 if leaf.measure == "first" else -1].occurred_at if events else None
    values = [v for e in events if (v := e.value(leaf.of)) is not None]
    if leaf.measure in {"first", "last"}:
        return values[0 if leaf.measure == "first" else -1] if values else None
    if leaf.measure in {"distinct", "variety"}:
        told = Counter(identity(v) for v in values if not isinstance(v, list | dict))
        del told[identity(TOO_LONG)]
        return Decimal(len(told)) if leaf.measure == "distinct" else variety(told)
    numbers = [n for v in values if (n := number(v)) is not None]
    if leaf.measure == "sum":
        return sum(numbers, Decimal(0))
    if not numbers:
        return None
    return {"average": average, "min": min, "max": max}[leaf.measure](numbers)


def variety(told: Counter) -> Decimal | None:
    """Raise e to the entropy."""
    if not told:
        return None
    shares = [Fraction(times, told.total()) for times in told.values()]
    return number(math.exp(-math.fsum(share * math.log(share) for share in shares)))


def average(numbers: list[Decimal]) -> Decimal:
    return sum(numbers, Decimal(0)) / len(numbers)


# A number that no column could hold is as good as none.
TOO_LONG: Final = 10**15


def identity(value: Value) -> tuple[str, object]:
    if isinstance(value, bool | str):
        return type(value).__name__, value
    return "number", number(value)


def came_in_order(leaf: t.Sequence, a: Asking) -> bool:
    """Try every chain of events."""
    return any(
        continues(leaf, a, first, rest=leaf.steps[1:])
        for first in past(a, leaf.steps[0].event, leaf.steps[0].where)
        if lies_in(first.occurred_at, leaf.during, a)
    )


def continues(
    leaf: t.Sequence, a: Asking, last: Happened, *, rest: tuple[t.SequenceStep, ...]
) -> bool:
    if not rest:
        return leaf.then_not is None or did_not_follow(leaf.then_not, last, a)
    return any(
        continues(leaf, a, following, rest=rest[1:])
        for following in after(last, rest[0], a)
        if lies_in(following.occurred_at, leaf.during, a)
    )


def after(last: Happened, step: t.SequenceStep, a: Asking) -> list[Happened]:
    limit = limit_of(step)
    return [
        e
        for e in past(a, step.event, step.where)
        if (e.occurred_at, e.event_id) > (last.occurred_at, last.event_id)
        and (limit is None or e.occurred_at - last.occurred_at <= limit)
    ]


def did_not_follow(step: t.SequenceStep, last: Happened, a: Asking) -> bool:
    limit = limit_of(step)
    over = limit is None or last.occurred_at + limit <= a.now
    return over and not after(last, step, a)


def limit_of(step: t.SequenceStep) -> timedelta | None:
    if step.within_days:
        return timedelta(days=step.within_days)
    return timedelta(hours=step.within_hours) if step.within_hours else None


# Facts -------------------------------------------------------------------------------------------


def trait(name: str, a: Asking) -> Value:
    known = a.world.customers[a.who]
    if name.startswith("$"):
        return getattr(known, name.removeprefix("$"))
    return inside(known.traits, name)


def engagement(leaf: t.Engagement, a: Asking) -> int:
    return sum(
        one.customer_id == a.who
        and one.kind == leaf.reaction
        and one.occurred_at <= a.now
        and leaf.channel in {None, one.channel}
        and leaf.journey in {None, one.journey}
        and lies_in(one.occurred_at, leaf.during, a)
        for one in a.world.reactions
    )


def share_of(name: str, who: int) -> int:
    """Draw a number below 10,000 for a customer: SplitMix64's, of their id and the draw's name."""
    seed = int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big")
    number = ((who ^ seed) + 0x9E3779B97F4A7C15) % 2**64
    number = (number ^ number >> 30) * 0xBF58476D1CE4E5B9 % 2**64
    number = (number ^ number >> 27) * 0x94D049BB133111EB % 2**64
    return (number ^ number >> 31) % 10_000


def stage(limits: t.Lifecycle, a: Asking) -> str:
    """Find the one stage a customer is in, without asking any condition."""
    orders = [e.occurred_at for e in past(a, limits.purchase, ())]
    ago = [a.now - at for at in orders]
    if not orders:
        seen = a.world.customers[a.who].first_seen_at
        fresh = seen is not None and timedelta(0) <= a.now - seen < limits.new_days * DAY
        return "new" if fresh else "prospect"
    cooling, gap = limits.cooling_days * DAY, limits.inactive_days * DAY
    if min(ago) >= limits.lost_days * DAY:
        return "lost"
    if min(ago) >= gap:
        return "inactive"
    if min(ago) >= cooling:
        return "cooling"
    before = [one for one in ago if one >= cooling]
    if before and min(before) >= cooling + gap:
        return "won_back"
    if len(orders) == 1:
        return "one_time"
    return "loyal" if len(orders) >= limits.loyal_orders else "repeat"


# Values ------------------------------------------------------------------------------------------


def inside(document: object, path: str) -> Value:
    """Take a property out of nested objects; a number counts a list's entries from 0."""
    for name in path.split("."):
        if isinstance(document, Mapping):
            document = document.get(name)
        elif isinstance(document, list) and re.fullmatch(r"0|[1-9]\d*", name):
            document = document[int(name)] if int(name) < len(document) else None
        else:
            return None
    return document


def number(value: Value) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    rounded = Decimal(str(value)).quantize(Decimal("0.0001"), ROUND_HALF_UP)
    return rounded if abs(rounded) < 10**14 else None


def fits(test: c.Comparison, value: Value, a: Asking) -> bool:
    exact = value if isinstance(value, Decimal | Fraction) else number(value)
    match test:
        case c.Exists():
            return value is not None
        case c.Equals(value=one):
            return same(value, exact, one)
        case c.OneOf(values=values):
            return any(same(value, exact, one) for one in values)
        case c.Contains(text=text):
            return isinstance(value, str) and text in value
        case c.StartsWith(text=text):
            return isinstance(value, str) and value.startswith(text)
        case c.AtLeast(value=least):
            return exact is not None and exact >= Decimal(str(least))
        case c.AtMost(value=most):
            return exact is not None and exact <= Decimal(str(most))
        case c.Within(least=least, most=most):
            return exact is not None and Decimal(str(least)) <= exact <= Decimal(str(most))
        case c.IsTrue():
            return value is True
        case c.IsFalse():
            return value is False
        case c.Has(values=values):
            return isinstance(value, list) and any(
                same(item, number(item), one) for item in value for one in values
            )
        case _:
            return fits_date(test, value, a)


def same(value: Value, exact: Decimal | None, wanted: c.Value) -> bool:
    if isinstance(wanted, str):
        return isinstance(value, str) and value == wanted
    return exact is not None and exact == Decimal(str(wanted))


# Times -------------------------------------------------------------------------------------------


def moment_of(value: Value) -> datetime | None:
    """Read a date; one without a zone has none."""
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not (ZONED.fullmatch(value) or PLAIN.fullmatch(value)):
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def fits_date(test: c.Comparison, value: Value, a: Asking) -> bool:
    moment = moment_of(value)
    if moment is None:
        return False
    now = a.now if moment.tzinfo else a.now.astimezone(a.zone).replace(tzinfo=None)
    day = (moment.astimezone(a.zone) if moment.tzinfo else moment).date()
    match test:
        case c.During(window=window):
            return lies_in(moment, window, a)
        case c.DaysAgo(at_least=least, at_most=most):
            passed = (now - moment) // DAY
            return moment <= now and (least or 0) <= passed and (most is None or passed <= most)
        case c.DateIn(first=first, last=last):
            return a.today + first * DAY <= day <= a.today + last * DAY
        case c.Before(date=limit):
            return day < limit
        case c.Anniversary(first=first, last=last):
            return isinstance(value, str) and celebrates(value, a.today, first, last)
        case _:
            raise NotImplementedError


def celebrates(born: str, today: date, first: int, last: int) -> bool:
    month, day = int(born[5:7]), int(born[8:10])
    for ahead in range(first, last + 1):
        then = today + ahead * DAY
        leap = then.year % 4 == 0 and (then.year % 100 != 0 or then.year % 400 == 0)
        celebrated = (2, 28) if (month, day) == (2, 29) and not leap else (month, day)
        if (then.month, then.day) == celebrated:
            return True
    return False


def lies_in(moment: datetime, window: w.Window | None, a: Asking) -> bool:
    if window is None:
        return True
    now = a.now if moment.tzinfo else a.now.astimezone(a.zone).replace(tzinfo=None)
    day = (moment.astimezone(a.zone) if moment.tzinfo else moment).date()
    match window:
        case w.Rolling():
            end = a.now - window.ago_days * DAY
            start = end - timedelta(days=window.days or 0, hours=window.hours or 0)
            if not moment.tzinfo:
                start, end = (e.astimezone(a.zone).replace(tzinfo=None) for e in (start, end))
            return start < moment <= end
        case w.Calendar():
            units = [
                unit_of(d, window.unit) for d in (day, now.date() if not moment.tzinfo else a.today)
            ]
            return units[0] == (
                units[1] if window.which == "this" else before(units[1], window.unit)
            )
        case w.Since():
            return day >= window.date
        case w.Between():
            return window.start <= day <= window.end


def unit_of(day: date, unit: str) -> tuple[int, int]:
    """Name the calendar unit that a day lies in."""
    return {
        "day": (day.toordinal(), 0),
        "week": day.isocalendar()[:2],
        "month": (day.year, day.month),
        "quarter": (day.year, (day.month + 2) // 3),
        "year": (day.year, 0),
    }[unit]


def before(name: tuple[int, int], unit: str) -> tuple[int, int]:
    """Name the unit before."""
    year, number = name
    if unit in {"day", "year"}:
        return year - 1, 0
    if unit == "week":
        return (date.fromisocalendar(year, number, 1) - DAY).isocalendar()[:2]
    return (year, number - 1) if number > 1 else (year - 1, 12 if unit == "month" else 4)
