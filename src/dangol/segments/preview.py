"""Whom a condition would hold for, before anybody is judged by it: a count and ten of them.

Customers are looked at in an order that a hash of their ids gives, a few at first and more while
time remains. Where that is not everybody, the count is scaled up, and an interval says how far off
it may be: Wilson's at 95 %. (E. B. Wilson, "Probable Inference, the Law of Succession, and
Statistical Inference", Journal of the American Statistical Association 22, 1927. For its coverage:
L. D. Brown, T. T. Cai and A. DasGupta, "Interval Estimation for a Binomial Proportion", Statistical
Science 16, 2001.)
"""

# pyarrow ships no types: what comes from it is unknown.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import numpy as np
import pyarrow as pa

from dangol.segments.catalog import conditions_in_use, read_catalog
from dangol.segments.compare import Moment
from dangol.segments.condition import Condition, leaves
from dangol.segments.define import check_references
from dangol.segments.evaluate import Ids, mix, named_segments, order_segments
from dangol.segments.facts import Facts, TableLeaf, read_facts
from dangol.segments.ids import NONE, read_customers
from dangol.segments.judge import Judge
from dangol.segments.parse import check_condition
from dangol.segments.people import People
from dangol.store.connect import Connection
from dangol.store.heads import read_heads
from dangol.store.lake import Lake
from dangol.store.workspace import read_workspace

# So many are looked at whatever it takes.
FIRST: Final = 20_000
# Fewer more would tell too little for the time they take.
LEAST: Final = 10_000
SHOWN: Final = 10
# What a condition without a name is called meanwhile; no segment can have this name.
UNNAMED: Final = "."
# The 97.5th percentile of the normal distribution: two tails of 2.5 % lie outside.
Z: Final = 1.959964
# Another order than those of samples that conditions draw.
SALT: Final = np.uint64(0x5EED_0F_9E57)

Timer = Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Of all ``customers``, whom a condition would hold for.

    ``looked_at`` of them were judged; where that is everybody, ``low``, ``count`` and ``high`` are
    the same. ``sample`` holds ids of at most ten of those for whom it holds, drawn by chance.
    """

    customers: int
    looked_at: int
    count: int
    low: int
    high: int
    sample: tuple[int, ...]

    @property
    def exact(self) -> bool:
        """Whether everybody was looked at."""
        return self.looked_at == self.customers


def preview_condition(
    connection: Connection,
    lake: Lake,
    definition: Condition,
    *,
    workspace_id: int,
    name: str = "",
    now: datetime,
    timer: Timer,
    budget: timedelta,
) -> Preview:
    """Judge as many customers as the budget allows, as of now.

    ``name`` is the segment whose next condition it is to be. A segment that the condition asks for
    is judged anew, by what is published.

    Raises:
        BadCondition: the condition cannot be used.
    """
    name = name or UNNAMED
    check_condition(definition)
    check_references(connection, name, definition, workspace_id=workspace_id)
    until = timer() + budget
    asking = Asking(
        connection=connection,
        lake=lake.pinned(),
        workspace_id=workspace_id,
        name=name,
        trees=trees_for(connection, name, definition, workspace_id=workspace_id, now=now),
        heads=read_heads(connection, workspace_id=workspace_id),
        at=Moment(now=now, zone=read_workspace(connection, workspace_id=workspace_id).zone),
    )
    drawn = draw(read_customers(connection, workspace_id=workspace_id))
    looked_at, fitting = 0, [NONE]
    for some in portions(drawn, timer, until=until):
        fitting.append(asking.fitting(some))
        looked_at += len(some)
    return estimate(len(drawn), looked_at, np.concatenate(fitting))


def trees_for(
    connection: Connection, name: str, definition: Condition, *, workspace_id: int, now: datetime
) -> dict[str, Condition]:
    """Return a condition and those of the segments it asks for, in the order to judge them in.

    Raises:
        BadCondition: it asks for a segment that cannot be judged.
    """
    catalog = read_catalog(connection, workspace_id=workspace_id, now=now)
    ordered = order_segments({**conditions_in_use(catalog), name: definition})
    if fault := ordered.faults.get(name):
        raise fault
    needed = {name}
    for other in reversed(ordered.trees):
        if other in needed:
            needed |= named_segments(ordered.trees[other])
    return {other: tree for other, tree in ordered.trees.items() if other in needed}


def draw(customers: Ids) -> Ids:
    """Put customers into an order by chance, the same every time."""
    return customers[np.argsort(mix(customers.astype(np.uint64) ^ SALT))]


def portions(drawn: Ids, timer: Timer, *, until: datetime) -> Iterator[Ids]:
    """Yield customers to look at, until all have been or the time is up.

    As many as the last portion's speed promises to be done in time; twice as many take less than
    twice as long, for a part of it is the same for any number.
    """
    first, size = 0, FIRST
    while first < len(drawn):
        before = timer()
        yield drawn[first : first + size]
        after = timer()
        first += size
        size = len(drawn) if after == before else int(size * ((until - after) / (after - before)))
        if size < LEAST:
            return


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A condition by its name, with those it asks for, and what verdicts rest on."""

    connection: Connection
    lake: Lake
    workspace_id: int
    name: str
    trees: Mapping[str, Condition]
    heads: pa.Table
    at: Moment

    def fitting(self, some: Ids) -> Ids:
        """Return those of some customers for whom the condition holds, in the order given."""
        order = np.argsort(some)
        ids = some[order]
        judge = Judge(
            lake=self.lake, facts=self.facts_of(ids), workspace_id=self.workspace_id, at=self.at
        )
        fits = np.empty(len(some), np.bool_)
        fits[order] = judge.judge(self.trees, People(ids=ids, heads=self.heads))[self.name]
        return some[fits]

    def facts_of(self, ids: Ids) -> Facts:
        """Read the facts of these customers that are asked for."""
        asked = [leaf for tree in self.trees.values() for leaf in leaves(tree)]
        about_facts = [leaf for leaf in asked if isinstance(leaf, TableLeaf)]
        if not about_facts:
            return {}
        return read_facts(
            self.connection,
            about_facts,
            workspace_id=self.workspace_id,
            now=self.at.now,
            among=ids.tolist(),
        )


def estimate(customers: int, looked_at: int, fitting: Ids) -> Preview:
    """Scale what was counted up to all customers."""
    found = len(fitting)
    low, high = wilson(found, looked_at) if looked_at < customers else (0.0, 0.0)
    exact = looked_at == customers
    return Preview(
        customers=customers,
        looked_at=looked_at,
        count=found if exact else round(customers * found / looked_at),
        # At least those that were found, at most all but those that were not.
        low=found if exact else max(found, math.floor(customers * low)),
        high=found if exact else min(customers - looked_at + found, math.ceil(customers * high)),
        sample=tuple(fitting[:SHOWN].tolist()),
    )


def wilson(found: int, among: int) -> tuple[float, float]:
    """Return the shares between which Wilson's 95 % interval lies."""
    share = found / among
    shrunk = 1 + Z * Z / among
    middle = (share + Z * Z / (2 * among)) / shrunk
    reach = Z / shrunk * math.sqrt(share * (1 - share) / among + Z * Z / (4 * among * among))
    return middle - reach, middle + reach
