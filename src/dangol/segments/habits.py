"""Shares of a customer's events, and ranks among all customers, as questions to the lake."""

# ibis ships no types, and gives its expressions their operators only at run time.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false
# pyright: reportOperatorIssue=false, reportAttributeAccessIssue=false, reportArgumentType=false
# pyright: reportCallIssue=false

from collections.abc import Iterable

import ibis
import ibis.expr.types as ir

from dangol.segments.compare import NUMBER, Asked, Moment, ask, fits_filters
from dangol.segments.compile import Question, columns_of, matching, values_of
from dangol.segments.condition import Rank, Share


def ask_share(leaf: Share, event: ir.Table, *, at: Moment) -> Question:
    """Ask whose share of fitting events fits; it is compared without being rounded."""
    chosen = matching(leaf, event, at=at)
    marked = chosen.select("customer_id", fits=fits_filters(leaf.fit, chosen, at=at))
    counted = marked.group_by("customer_id").aggregate(
        fitting=marked.fits.sum(), per=marked.count()
    )
    enough = counted.filter(counted.per >= leaf.minimum)
    percent = (enough.fitting * 100).cast(NUMBER)
    share = Asked(exists=enough.per.notnull(), number=percent, per=enough.per)
    fits = ask(leaf.test, share, at=at)
    return Question(default=False, exceptions=enough.filter(fits).select("customer_id"))


def ask_ranks(leaves: Iterable[Rank], event: ir.Table, *, at: Moment) -> ir.Table:
    """Ask ranks over the same events: each customer with ``fits_0``, ``fits_1``, … in their order.

    ``event`` holds the events of everybody who is ranked. Ranks that measure the same cost no more
    than one; where there are several measures, none of them is variety.
    """
    ranks = list(leaves)
    measures = {(one.measure, one.of): one for one in ranks}
    places = {measure: place for place, measure in enumerate(measures)}
    placed = place_all(measures.values(), event, at=at)
    fits = {
        f"fits_{number}": fits_rank(one, placed, place=places[one.measure, one.of], at=at)
        for number, one in enumerate(ranks)
    }
    return placed.select("customer_id", **fits)


def place_all(measures: Iterable[Rank], event: ir.Table, *, at: Moment) -> ir.Table:
    """Return how many have less than each customer, and how many are counted, by each measure.

    ``less_0`` and ``all_0`` are of the first measure; who does not have it has no ``less_0``.
    """
    first, *others = measures
    if others:
        chosen = matching(first, event, at=at)
        columns = {
            f"value_{place}": columns_of(one, chosen)["value"]
            for place, one in enumerate([first, *others])
        }
        value = chosen.group_by("customer_id").aggregate(**columns)
    else:
        value = values_of(first, event, at=at).rename(value_0="value")
    placed: dict[str, ir.Value] = {}
    for place in range(1 + len(others)):
        column = value[f"value_{place}"]
        # Counted from 0. Who has nothing comes last, and is not counted.
        less = ibis.rank().over(order_by=column.asc(nulls_first=False))
        placed[f"less_{place}"] = ibis.ifelse(column.notnull(), less, None)
        placed[f"all_{place}"] = column.count().over()
    return value.select("customer_id", **placed)


def fits_rank(leaf: Rank, placed: ir.Table, *, place: int, at: Moment) -> ir.BooleanValue:
    """Tell whether the group fits; not without a number to be ranked by."""
    less, everybody = placed[f"less_{place}"], placed[f"all_{place}"]
    group = (less * leaf.groups // everybody.nullif(0) + 1).cast(NUMBER)
    return less.notnull() & ask(leaf.test, Asked(exists=less.notnull(), number=group), at=at)
