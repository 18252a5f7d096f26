"""Events one after another, as a question to the lake.

The events of all steps are put in order for each customer. Of those that fit a step, the ones are
reached that come after a reached one of the step before, soon enough; the latest such one is the
best, so that a single look back decides.
"""

# ibis ships no types, and gives its expressions their operators only at run time.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false
# pyright: reportOperatorIssue=false, reportArgumentType=false
# pyright: reportAttributeAccessIssue=false, reportReturnType=false
# pyright: reportCallIssue=false, reportUnknownLambdaType=false

from datetime import timedelta

import ibis
import ibis.expr.types as ir

from dangol.segments.compare import NEVER, Moment, fits_filters, lies_in
from dangol.segments.compile import Question
from dangol.segments.condition import Sequence, SequenceStep
from dangol.segments.window import span_of


def ask_sequence(leaf: Sequence, event: ir.Table, *, at: Moment) -> Question:
    """Ask whose events came in this order; what happened after ``now`` is not looked at."""
    steps = (*leaf.steps, leaf.then_not) if leaf.then_not else leaf.steps
    seen = event.filter(
        event.customer_id.notnull(),
        event.occurred_at <= at.now,
        event.name.isin(sorted({step.event for step in steps})),
    )
    span = span_of(leaf.during, now=at.now, zone=at.zone)
    inside = lies_in(seen.occurred_at, span)
    marks = {
        f"step_{number}": fits_step(step, seen, at=at) & inside
        for number, step in enumerate(leaf.steps)
    }
    if leaf.then_not:
        marks["unwanted"] = fits_step(leaf.then_not, seen, at=at)
    marked = seen.select("customer_id", "occurred_at", "event_id", **marks)
    reached = marked.mutate(reached=marked.step_0)
    for number, step in enumerate(leaf.steps[1:], start=1):
        reached = reach(reached, number, step)
    if leaf.then_not:
        reached = without(reached, leaf.then_not, at=at)
    return Question(
        default=False, exceptions=reached.filter(reached.reached).select("customer_id").distinct()
    )


def fits_step(step: SequenceStep, event: ir.Table, *, at: Moment) -> ir.BooleanValue:
    return (event.name == step.event) & fits_filters(step.where, event, at=at)


def reach(events: ir.Table, number: int, step: SequenceStep) -> ir.Table:
    """Move on: reached is now what fits this step and comes after what was reached before."""
    before = ibis.window(
        group_by="customer_id", order_by=["occurred_at", "event_id"], preceding=(None, 1)
    )
    latest = ibis.cases((events.reached, events.occurred_at)).max().over(before)
    looked = events.mutate(latest=latest)
    soon = looked.latest.notnull()
    if limit := limit_of(step):
        soon &= looked.occurred_at <= looked.latest + ibis.interval(seconds=seconds(limit))
    return looked.mutate(reached=(looked[f"step_{number}"] & soon).fill_null(NEVER)).drop("latest")


def without(events: ir.Table, step: SequenceStep, *, at: Moment) -> ir.Table:
    """Keep as reached what the unwanted event did not follow, and can no longer follow in time."""
    after = ibis.window(
        group_by="customer_id", order_by=["occurred_at", "event_id"], following=(1, None)
    )
    following = ibis.cases((events.unwanted, events.occurred_at)).min().over(after)
    looked = events.mutate(following=following)
    free = looked.following.isnull()
    if limit := limit_of(step):
        length = ibis.interval(seconds=seconds(limit))
        over = looked.occurred_at <= at.now - limit
        free = over & (free | (looked.following > looked.occurred_at + length))
    return looked.mutate(reached=(looked.reached & free).fill_null(NEVER))


def limit_of(step: SequenceStep) -> timedelta | None:
    """Return within what time a step must come, or None."""
    limit = timedelta(days=step.within_days or 0, hours=step.within_hours or 0)
    return limit or None


def seconds(length: timedelta) -> int:
    """Return a length of time in whole seconds."""
    return int(length.total_seconds())
