"""Reading and writing conditions, and refusing those that nobody can mean."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Final, get_args

import msgspec

from dangol.segments import comparison, condition, window
from dangol.segments.comparison import (
    Anniversary,
    AtLeast,
    AtMost,
    Before,
    Comparison,
    DateIn,
    DaysAgo,
    During,
    Equals,
    Exists,
    Filter,
    Has,
    HourFilter,
    OneOf,
    ProductFilter,
    PropertyFilter,
    WeekdayFilter,
    Within,
)
from dangol.segments.condition import (
    DEEPEST,
    FACTS,
    MOST_CONDITIONS,
    VERSION,
    AllOf,
    AnyOf,
    Condition,
    Engagement,
    Envelope,
    EventMeasure,
    Lifecycle,
    NoneOf,
    Rank,
    Sample,
    Sequence,
    SequenceStep,
    Share,
    Trait,
    walk,
)
from dangol.segments.faults import BadCondition, explain
from dangol.segments.window import Between, Rolling, Since, Window
from dangol.store.vocabulary import Channel, Purpose

# What numeric(18, 4) ends at.
HIGHEST: Final = Decimal(10) ** 14
DECIMALS: Final = 4
YEARS: Final = range(1900, 2201)
OF_NUMBERS: Final = (Equals, OneOf, AtLeast, AtMost, Within)
NEEDS_OF: Final = frozenset({"sum", "average", "min", "max", "distinct", "variety"})
NO_OF: Final = frozenset({"count", "days_since"})
# What looks at whole events, and not at the products in them.
NO_PRODUCTS: Final = frozenset({"first", "last", "days_since"})
ALL: Final = 100
# Which comparisons a measure can be put to; the others take any.
MEASURED: Final[dict[str, tuple[type[Comparison], ...]]] = {
    **dict.fromkeys(("count", "sum", "distinct", "days_since"), OF_NUMBERS),
    **dict.fromkeys(("average", "min", "max", "variety"), (*OF_NUMBERS, Exists)),
}
TIMES: Final = (Exists, During, DaysAgo, DateIn, Before, Anniversary)


def tags(union: object) -> str:
    """Return the kinds of a union, for people."""
    return ", ".join(str(msgspec.inspect.type_info(one).tag) for one in get_args(union))  # pyright: ignore[reportAttributeAccessIssue, reportUnknownArgumentType, reportUnknownMemberType]


CHOICES: Final = {
    ".kind": tags(Condition),
    ".is.kind": tags(Comparison),
    ".where[].kind": tags(Filter),
    ".during.kind": tags(Window),
    ".window.kind": tags(Window),
    ".fit[].kind": tags(Filter),
    ".products[].kind": "property",
    ".days[]": ", ".join(get_args(comparison.Weekday)),
    ".measure": ", ".join(get_args(condition.Measure)),
    ".by": ", ".join(get_args(condition.Ranked)),
    ".reaction": ", ".join(get_args(condition.Reaction)),
    ".stages[]": ", ".join(get_args(condition.Stage)),
    ".state": ", ".join(get_args(condition.Will)),
    ".unit": ", ".join(get_args(window.Unit)),
    ".which": "this, last",
    ".channel": ", ".join(Channel),
    ".purpose": ", ".join(Purpose),
}


def write_condition(tree: Condition) -> bytes:
    """Return the JSON that ``parse_condition`` reads."""
    return msgspec.json.encode(Envelope(where=tree))


def parse_condition(text: bytes | str) -> Condition:
    """Read a stored or submitted condition.

    Raises:
        BadCondition: naming the place in the tree and the remedy.
    """
    try:
        tree = msgspec.json.decode(text, type=Envelope).where
    except msgspec.ValidationError as fault:
        raise explain(str(fault), choices=CHOICES, version=VERSION) from fault
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise BadCondition("$", "not_json", said=fault) from fault
    except RecursionError as fault:
        raise BadCondition("$", "too_deep", most=DEEPEST) from fault
    check_condition(tree)
    return tree


def check_condition(tree: Condition) -> None:
    """Refuse what the types allow but nobody can mean.

    Raises:
        BadCondition: naming the place in the tree and the remedy.
    """
    for count, (path, node, depth) in enumerate(walk(tree), start=1):
        if depth > DEEPEST:
            raise BadCondition(path, "too_deep", most=DEEPEST)
        if count > MOST_CONDITIONS:
            raise BadCondition(path, "too_many", most=MOST_CONDITIONS)
        for fault in faults_of(node, path):
            raise fault


def faults_of(node: Condition, path: str) -> Iterator[BadCondition]:
    """Yield what is wrong with one node, without its children."""
    if not isinstance(node, AllOf | AnyOf | NoneOf) and b"\\u0000" in msgspec.json.encode(node):
        yield BadCondition(path, "nul")
    match node:
        case EventMeasure():
            yield from of_source(node, path)
            yield from of_measure(node, path)
        case Share():
            yield from of_source(node, path)
            yield from of_share(node, path)
        case Rank():
            yield from of_source(node, path)
            yield from of_rank(node, path)
        case Sequence():
            yield from of_sequence(node, path)
        case Trait():
            yield from of_path(node.trait, f"{path}.trait")
            if node.trait.startswith("$") and node.trait not in FACTS:
                yield BadCondition(
                    f"{path}.trait", "fact", trait=node.trait, choices=", ".join(FACTS)
                )
            yield from of_test(node.test, f"{path}.is")
        case Engagement():
            yield from of_window(node.during, f"{path}.during")
            yield from of_kind(node.test, OF_NUMBERS, "engagement", f"{path}.is")
        case Lifecycle():
            if not node.cooling_days < node.inactive_days < node.lost_days:
                yield BadCondition(path, "stages")
        case Sample():
            if Decimal(str(node.percent)) % Decimal("0.01"):
                yield BadCondition(f"{path}.percent", "percent")
        case _:
            return


def of_source(node: EventMeasure | Share | Rank, path: str) -> Iterator[BadCondition]:
    """Yield what is wrong with the choice of events, or of products in them."""
    yield from of_filters(node.where, f"{path}.where")
    yield from of_window(node.during, f"{path}.during")
    yield from of_filters(node.products or (), f"{path}.products")


def of_share(node: Share, path: str) -> Iterator[BadCondition]:
    """Yield what is wrong with a share."""
    yield from of_filters(node.fit, f"{path}.fit")
    for number, one in enumerate(node.fit):
        if node.products is not None and isinstance(one, ProductFilter):
            yield BadCondition(f"{path}.fit[{number}]", "product_in_product")
    yield from of_kind(node.test, OF_NUMBERS, "share", f"{path}.is")
    yield from of_range(node.test, 0, ALL, f"{path}.is")


def of_rank(node: Rank, path: str) -> Iterator[BadCondition]:
    """Yield what is wrong with a rank."""
    yield from of_property(node, path)
    yield from of_kind(node.test, OF_NUMBERS, "rank", f"{path}.is")
    yield from of_range(node.test, 1, node.groups, f"{path}.is")


def of_range(test: Comparison, least: int, most: int, path: str) -> Iterator[BadCondition]:
    """Yield numbers that such a number can never be."""
    match test:
        case AtLeast(value=value) | AtMost(value=value):
            values: tuple[comparison.Value, ...] = (value,)
        case Within(least=first, most=last):
            values = (first, last)
        case Equals() | OneOf():
            values = wanted(test)
        case _:
            values = ()
    for value in values:
        if not isinstance(value, str) and not least <= value <= most:
            yield BadCondition(path, "range", value=value, least=least, most=most)


def of_property(node: EventMeasure | Rank, path: str) -> Iterator[BadCondition]:
    """Yield a property that a measure needs or cannot use, and products it cannot look into."""
    if node.of is None and node.measure in NEEDS_OF:
        yield BadCondition(f"{path}.of", "needs_of", measure=node.measure)
    if node.of is not None:
        if node.measure in NO_OF:
            yield BadCondition(f"{path}.of", "no_of", measure=node.measure)
        yield from of_path(node.of, f"{path}.of")
    if node.products is not None and node.measure in NO_PRODUCTS:
        yield BadCondition(f"{path}.products", "no_products", measure=node.measure)


def of_measure(node: EventMeasure, path: str) -> Iterator[BadCondition]:
    """Yield what does not go together in a measure."""
    yield from of_property(node, path)
    any_kind = get_args(Comparison) if node.of else TIMES
    fitting = MEASURED.get(node.measure, any_kind)
    yield from of_kind(node.test, fitting, node.measure, f"{path}.is")


def of_kind(
    test: Comparison, fitting: tuple[type[Comparison], ...], measure: str, path: str
) -> Iterator[BadCondition]:
    """Yield a comparison that such a measure cannot be put to, and what is wrong with it."""
    texts = isinstance(test, Equals | OneOf) and any(isinstance(v, str) for v in wanted(test))
    if not isinstance(test, fitting) or (fitting[: len(OF_NUMBERS)] == OF_NUMBERS and texts):
        choices = tags_of(fitting)
        shown = tags_of((type(test),))
        yield BadCondition(
            path, "not_for_measure", measure=measure, comparison=shown, choices=choices
        )
    yield from of_test(test, path)


def tags_of(kinds: Iterable[type[Comparison]]) -> str:
    """Return what some comparisons are called in JSON."""
    return ", ".join(str(kind.__struct_config__.tag) for kind in kinds)


def wanted(test: Equals | OneOf | Has) -> tuple[comparison.Value, ...]:
    """Return the values that a comparison names."""
    return (test.value,) if isinstance(test, Equals) else test.values


def of_sequence(node: Sequence, path: str) -> Iterator[BadCondition]:
    """Yield what is wrong with a sequence."""
    yield from of_window(node.during, f"{path}.during")
    if len(node.steps) == 1 and node.then_not is None:
        yield BadCondition(f"{path}.steps", "one_step")
    if limited(node.steps[0]):
        yield BadCondition(f"{path}.steps[0]", "first_limit")
    placed = [(f"{path}.steps[{number}]", step) for number, step in enumerate(node.steps)]
    if node.then_not:
        placed.append((f"{path}.then_not", node.then_not))
    for at, step in placed:
        if step.within_days and step.within_hours:
            yield BadCondition(at, "both_limits")
        yield from of_filters(step.where, f"{at}.where")


def limited(step: SequenceStep) -> bool:
    """Tell whether a step has a time limit."""
    return bool(step.within_days or step.within_hours)


def of_filters(filters: Iterable[Filter], path: str) -> Iterator[BadCondition]:
    """Yield what is wrong with filters."""
    for number, one in enumerate(filters):
        at = f"{path}[{number}]"
        match one:
            case PropertyFilter():
                yield from of_path(one.property, f"{at}.property")
                yield from of_test(one.test, f"{at}.is")
            case ProductFilter():
                yield from of_filters(one.where, f"{at}.where")
            case HourFilter() | WeekdayFilter():
                pass


def of_path(name: str, path: str) -> Iterator[BadCondition]:
    """Yield a path with nothing between two dots."""
    if not all(name.split(".")):
        yield BadCondition(path, "path", name=name)


def of_test(test: Comparison, path: str) -> Iterator[BadCondition]:
    """Yield what is wrong with a comparison."""
    match test:
        case Equals() | OneOf() | Has():
            yield from of_numbers(wanted(test), path)
        case AtLeast() | AtMost():
            yield from of_numbers((test.value,), path)
        case Within():
            yield from of_numbers((test.least, test.most), path)
            yield from of_order(test.least, test.most, path)
        case During():
            yield from of_window(test.window, f"{path}.window")
        case DaysAgo():
            if test.at_least is None and test.at_most is None:
                yield BadCondition(path, "no_bound")
            yield from of_order(test.at_least, test.at_most, path)
        case DateIn() | Anniversary():
            yield from of_order(test.first, test.last, path)
        case Before():
            yield from of_dates((test.date,), path)
        case _:
            return


def of_numbers(values: Iterable[comparison.Value], path: str) -> Iterator[BadCondition]:
    """Yield numbers that the lake's columns could not hold."""
    for value in values:
        if not isinstance(value, str) and not is_plain(Decimal(str(value))):
            yield BadCondition(path, "number", value=value)


def is_plain(number: Decimal) -> bool:
    """Tell whether the lake's columns could hold a number."""
    return abs(number) < HIGHEST and number == round(number, DECIMALS)


def of_order(first: float | None, last: float | None, path: str) -> Iterator[BadCondition]:
    """Yield a lower bound above the upper one."""
    if first is not None and last is not None and first > last:
        yield BadCondition(path, "swapped", first=first, last=last)


def of_window(period: Window | None, path: str) -> Iterator[BadCondition]:
    """Yield what is wrong with a window."""
    match period:
        case Rolling():
            if (period.days is None) == (period.hours is None):
                yield BadCondition(path, "hours_or_days")
        case Since():
            yield from of_dates((period.date,), path)
        case Between():
            yield from of_dates((period.start, period.end), path)
            if period.start > period.end:
                yield BadCondition(path, "swapped", first=period.start, last=period.end)
        case _:
            return


def of_dates(days: Iterable[date], path: str) -> Iterator[BadCondition]:
    """Yield dates that nobody can mean."""
    if any(day.year not in YEARS for day in days):
        yield BadCondition(path, "date_far")
