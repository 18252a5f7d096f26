"""Which events of a tick pass the filters of journeys, answered by PostgreSQL.

The filters mean what they mean beside an event in a condition, where the lake is asked; what they
ask for comes to the statements as values, as in ``in_database``.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import reduce
from typing import Final

import msgspec
import numpy as np

from dangol.segments.at_once import filled, is_odd
from dangol.segments.clocks import WEEKDAYS
from dangol.segments.compare import AMOUNTS, NAMES, PLAIN_DATE, ZONED_DATE, Moment
from dangol.segments.comparison import (
    Filter,
    HourFilter,
    ProductFilter,
    PropertyFilter,
    WeekdayFilter,
)
from dangol.segments.faults import BadCondition
from dangol.segments.fitting import fitting
from dangol.segments.ids import NONE, Ids, read_ids
from dangol.store.connect import Connection
from dangol.store.workspace import read_workspace

EVERY_HOUR: Final = list(range(24))
EVERY_DAY: Final = list(range(1, 8))
Said = Mapping[str, object]


def check_filters(filters: Iterable[Filter], path: str) -> None:
    """Refuse filters that PostgreSQL would read otherwise than the lake.

    Raises:
        BadCondition: naming the place and the remedy.
    """
    for number, one in enumerate(filters):
        for part in parts_of(one):
            for name in part.property.split("."):
                if is_odd(name):
                    reason = filled("place", name=name)
                    raise BadCondition(f"{path}[{number}]", "not_at_once", reason=reason)


def judge_events(
    connection: Connection,
    questions: Mapping[int, tuple[Filter, ...]],
    *,
    workspace_id: int,
    now: datetime,
) -> dict[int, Ids]:
    """Return, for each question, which events of ``tick_event`` pass all its filters, by their ids.

    To be called inside the tick that has filled the working table.
    """
    zone = read_workspace(connection, workspace_id=workspace_id).zone
    at = Moment(now=now, zone=zone)
    about = dict.fromkeys(one for filters in questions.values() for one in filters)
    numbered = dict(enumerate(about))
    values = {"workspace_id": workspace_id, "plain_date": PLAIN_DATE, "zoned_date": ZONED_DATE}
    passed: dict[Filter, Ids] = {}
    for statement, say in (("pick_by_property", say_property), ("pick_by_clock", say_clock)):
        found = ask(connection, statement, numbered, say=say, at=at, values=values)
        passed |= {numbered[number]: ids for number, ids in found.items()}
    everything = read_ids(connection, "list_tick_events", {}).get(0, NONE)
    return {
        question: reduce(np.intersect1d, (passed.get(one, NONE) for one in filters), everything)
        for question, filters in questions.items()
    }


def ask(
    connection: Connection,
    statement: str,
    numbered: Mapping[int, Filter],
    *,
    say: Callable[[Filter, Moment], Iterator[Said]],
    at: Moment,
    values: Mapping[str, object],
) -> dict[int, Ids]:
    """Ask all filters of one kind."""
    rows = [{"number": number, **said} for number, one in numbered.items() for said in say(one, at)]
    if not rows:
        return {}
    leaves = msgspec.json.encode(rows).decode()
    return read_ids(connection, statement, {**values, "leaves": leaves})


def parts_of(one: Filter) -> tuple[PropertyFilter, ...]:
    """Return what a filter asks of properties, of an event or of one product."""
    match one:
        case PropertyFilter():
            return (one,)
        case ProductFilter():
            return one.where
        case _:
            return ()


def say_property(one: Filter, at: Moment) -> Iterator[Said]:
    """Say what a filter asks of properties; a product's have no columns of their own."""
    parts = parts_of(one)
    is_of_product = isinstance(one, ProductFilter)
    for number, part in enumerate(parts):
        fits = msgspec.to_builtins(fitting(part.test, at=at))
        has_column = not is_of_product and part.property in AMOUNTS | NAMES
        yield {
            **fits,
            "part": number,
            "part_text": fits["part"],
            "parts": len(parts),
            "is_of_product": is_of_product,
            "name": part.property if has_column else None,
            "path": part.property.split("."),
        }


def say_clock(one: Filter, at: Moment) -> Iterator[Said]:  # noqa: ARG001 - as the other one
    """Say in which hours, or on which days of the week (ISO), an event passes."""
    match one:
        case HourFilter(first=first, last=last) if first <= last:
            yield {"hours": list(range(first, last + 1)), "weekdays": EVERY_DAY}
        case HourFilter(first=first, last=last):
            hours = [*range(first, 24), *range(last + 1)]
            yield {"hours": hours, "weekdays": EVERY_DAY}
        case WeekdayFilter(days=days):
            yield {"hours": EVERY_HOUR, "weekdays": [WEEKDAYS.index(day) + 1 for day in days]}
        case _:
            return
