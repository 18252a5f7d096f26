"""Shares of a customer's events, and ranks among all customers, as questions to the lake."""

# ibis ships no types, and gives its expressions their operators only at run time.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false
# pyright: reportOperatorIssue=false, reportAttributeAccessIssue=false, reportArgumentType=false
# pyright: reportCallIssue=false

from collections.abc import Sequence

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


def ask_rank(leaf: Rank, event: ir.Table, *, at: Moment) -> Question:
    """Ask whose group fits; ``event`` holds the events of everybody who is ranked."""
    ranked = ask_ranks([leaf], event, at=at)
    return Question(default=False, exceptions=ranked.filter(ranked.fits_0).select("customer_id"))


def ask_ranks(leaves: Sequence[Rank], event: ir.Table, *, at: Moment) -> ir.Table:
    """Ask ranks over the same events: each customer with ``fits_0``, ``fits_1``, … in their order.

    Several may differ in what is measured, but in no variety.
    """
    if len(leaves) == 1:
        value = values_of(leaves[0], event, at=at).rename(value_0="value")
    else:
        chosen = matching(leaves[0], event, at=at)
        measured = {f"value_{n}": columns_of(one, chosen)["value"] for n, one in enumerate(leaves)}
        value = chosen.group_by("customer_id").aggregate(**measured)
    fits = {f"fits_{n}": fits_rank(one, value[f"value_{n}"], at=at) for n, one in enumerate(leaves)}
    return value.select("customer_id", **fits)


def fits_rank(leaf: Rank, value: ir.Column, *, at: Moment) -> ir.BooleanValue:
    """Tell whether the group fits that a value is in among those there are; not without a value."""
    # Counted from 0: how many have less. Who has nothing comes last.
    less = ibis.rank().over(order_by=value.asc(nulls_first=False))
    everybody = value.count().over()
    group = (less * leaf.groups // everybody.nullif(0) + 1).cast(NUMBER)
    return value.notnull() & ask(leaf.test, Asked(exists=value.notnull(), number=group), at=at)
