"""Shares of a customer's events, and ranks among all customers, as questions to the lake."""

# ibis ships no types, and gives its expressions their operators only at run time.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false
# pyright: reportOperatorIssue=false, reportAttributeAccessIssue=false, reportArgumentType=false

import ibis
import ibis.expr.types as ir

from dangol.segments.compare import NUMBER, Asked, Moment, ask, fits_filters
from dangol.segments.compile import Question, matching, values_of
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
    value = values_of(leaf, event, at=at)
    known = value.filter(value["value"].notnull())
    # Counted from 0: how many have less.
    less = ibis.rank().over(order_by=known["value"])
    ranked = known.select("customer_id", less=less, all=known.customer_id.count().over())
    group = (ranked.less * leaf.groups // ranked["all"] + 1).cast(NUMBER)
    fits = ask(leaf.test, Asked(exists=group.notnull(), number=group), at=at)
    return Question(default=False, exceptions=ranked.filter(fits).select("customer_id"))
