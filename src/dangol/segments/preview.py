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
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import numpy as np
import pyarrow as pa

from dangol.segments.catalog import Entry, conditions_in_use, read_catalog
from dangol.segments.compare import Moment
from dangol.segments.condition import Condition, Leaf, Rank, leaves
from dangol.segments.define import check_references
from dangol.segments.evaluate import Ids, named_segments, order_segments
from dangol.segments.facts import Facts, read_facts
from dangol.segments.ids import NONE, read_ids, read_members
from dangol.segments.judge import Judge
from dangol.segments.parse import check_condition
from dangol.segments.people import People
from dangol.segments.ranking import rank_everybody
from dangol.store.connect import Connection
from dangol.store.heads import read_heads
from dangol.store.lake import Lake
from dangol.store.statements import load_statements
from dangol.store.workspace import read_workspace

STATEMENTS = load_statements(__package__ or "dangol.segments")
# About so many are looked at whatever it takes.
FIRST: Final = 10_000
# Fewer more would tell too little for the time they take.
LEAST: Final = 5_000
# Customers are drawn by millionths.
WHOLE: Final = 1_000_000
SHOWN: Final = 10
# What a condition without a name is called meanwhile; no segment can have this name.
UNNAMED: Final = "."
# The 97.5th percentile of the normal distribution: two tails of 2.5 % lie outside.
Z: Final = 1.959964

Timer = Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Of all ``customers``, whom a condition would hold for.

    ``looked_at`` of them were judged; where that is everybody, ``low``, ``count`` and ``high`` are
    the same. ``entering`` and ``leaving`` compare with who is in the segment of that name now.
    ``sample`` holds ids of at most ten of those for whom it holds, from all over.
    """

    customers: int
    looked_at: int
    count: int
    low: int
    high: int
    sample: tuple[int, ...]
    entering: int
    leaving: int

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
    catalog = read_catalog(connection, workspace_id=workspace_id, now=now)
    asking = Asking(
        connection=connection,
        lake=lake,
        workspace_id=workspace_id,
        name=name,
        segment_id=catalog[name].id if name in catalog else None,
        trees=trees_for(catalog, name, definition),
        heads=read_heads(connection, workspace_id=workspace_id),
        at=Moment(now=now, zone=read_workspace(connection, workspace_id=workspace_id).zone),
    )
    looked_at, customers, fitting, staying, leaving = 0, 0, [NONE], 0, 0
    ranked = asking.rank_everybody()
    for drawn in portions(connection, timer, workspace_id=workspace_id, until=until):
        found = asking.fitting(drawn.ids, ranked=ranked)
        members = asking.members_of(drawn.ids)
        stay = len(np.intersect1d(members, found, assume_unique=True))
        staying, leaving = staying + stay, leaving + len(members) - stay
        fitting.append(found)
        looked_at += len(drawn.ids)
        customers = drawn.customers
    seen = estimate(customers, looked_at, np.concatenate(fitting))
    scale = customers / max(looked_at, 1)
    return replace(
        seen, entering=seen.count - round(staying * scale), leaving=round(leaving * scale)
    )


def trees_for(
    catalog: Mapping[str, Entry], name: str, definition: Condition
) -> dict[str, Condition]:
    """Return a condition and those of the segments it asks for, in the order to judge them in.

    Raises:
        BadCondition: it asks for a segment that cannot be judged.
    """
    ordered = order_segments({**conditions_in_use(catalog), name: definition})
    if fault := ordered.faults.get(name):
        raise fault
    needed = {name}
    for other in reversed(ordered.trees):
        if other in needed:
            needed |= named_segments(ordered.trees[other])
    return {other: tree for other, tree in ordered.trees.items() if other in needed}


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Customers drawn by chance, in the order of their ids, and how many there are in all."""

    ids: Ids
    customers: int


def draw(connection: Connection, *, workspace_id: int, first: int, after: int) -> Drawn:
    """Draw the customers between two millionths: the same ones every time."""
    values = {"workspace_id": workspace_id, "first": first, "after": after}
    found = read_ids(connection, "draw_customers", values)
    ((customers, ids),) = found.items()
    return Drawn(ids=ids, customers=customers)


def portions(
    connection: Connection,
    timer: Timer,
    *,
    workspace_id: int,
    until: datetime,
) -> Iterator[Drawn]:
    """Yield customers to look at, until all have been or the time is up.

    At first so many as ``FIRST`` are; then as many as the last portion's speed promises to be
    done in time; twice as many take less than twice as long, for a part of it is the same for any
    number.
    """
    values = {"workspace_id": workspace_id}
    ((highest,),) = connection.execute(STATEMENTS["read_highest"], values).fetchall()
    first, after = 0, min(WHOLE, WHOLE * FIRST // max(highest, 1))
    while first < WHOLE:
        before = timer()
        drawn = draw(connection, workspace_id=workspace_id, first=first, after=after)
        yield drawn
        now = timer()
        width = after - first
        first = after
        affordable = WHOLE if now == before else int(width * ((until - now) / (now - before)))
        enough = first * drawn.customers >= WHOLE * min(FIRST, drawn.customers) // 2
        least = WHOLE * LEAST // max(drawn.customers, 1)
        if enough and affordable < least:
            return
        after = min(WHOLE, first + max(affordable, least))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A condition by its name, with those it asks for, and what verdicts rest on."""

    connection: Connection
    lake: Lake
    workspace_id: int
    name: str
    # None where there is no segment of this name yet.
    segment_id: int | None
    trees: Mapping[str, Condition]
    heads: pa.Table
    at: Moment

    def rank_everybody(self) -> Mapping[Rank, Ids]:
        """Return whom the ranks hold for, of all customers: a rank is one among all of them."""
        if not any(isinstance(leaf, Rank) for leaf in self.leaves()):
            return {}
        values = {"workspace_id": self.workspace_id}
        return rank_everybody(
            self.lake,
            self.leaves(),
            erased=read_ids(self.connection, "collect_erased", values)[self.workspace_id],
            workspace_id=self.workspace_id,
            heads=self.heads,
            at=self.at,
        )

    def fitting(self, ids: Ids, *, ranked: Mapping[Rank, Ids]) -> Ids:
        """Return those of some customers, in the order of their ids, for whom it holds."""
        judge = Judge(
            lake=self.lake,
            facts=self.facts_of(ids),
            workspace_id=self.workspace_id,
            at=self.at,
            ranked=ranked,
        )
        return ids[judge.judge(self.trees, People(ids=ids, heads=self.heads))[self.name]]

    def leaves(self) -> list[Leaf]:
        """Return everything that is asked."""
        return [leaf for tree in self.trees.values() for leaf in leaves(tree)]

    def members_of(self, ids: Ids) -> Ids:
        """Return those of these customers who are in the segment of this name now."""
        if self.segment_id is None:
            return NONE
        return read_members(self.connection, [self.segment_id], among=ids)[self.segment_id]

    def facts_of(self, ids: Ids) -> Facts:
        """Read the facts of these customers that are asked for."""
        return read_facts(
            self.connection,
            self.leaves(),
            workspace_id=self.workspace_id,
            now=self.at.now,
            among=ids,
        )


def estimate(customers: int, looked_at: int, fitting: Ids) -> Preview:
    """Scale what was counted up to all customers."""
    count, low, high = scale_up(len(fitting), looked_at, customers)
    return Preview(
        customers=customers,
        looked_at=looked_at,
        count=count,
        low=low,
        high=high,
        sample=tuple(some_of(fitting).tolist()),
        entering=count,
        leaving=0,
    )


def scale_up(found: int, looked_at: int, everybody: int) -> tuple[int, int, int]:
    """Return how many there are if ``found`` are among those looked at, and at least and at most.

    Where everybody was looked at, the three are the same.
    """
    if looked_at == everybody:
        return found, found, found
    low, high = wilson(found, looked_at)
    # At least those that were found, at most all but those that were not.
    return (
        round(everybody * found / looked_at),
        max(found, math.floor(everybody * low)),
        min(everybody - looked_at + found, math.ceil(everybody * high)),
    )


def some_of(fitting: Ids) -> Ids:
    """Take ten from all over, so that they are not the oldest customers."""
    places = np.linspace(0, len(fitting) - 1, min(SHOWN, len(fitting))).astype(np.int64)
    return fitting[places]


def wilson(found: int, among: int) -> tuple[float, float]:
    """Return the shares between which Wilson's 95 % interval lies."""
    share = found / among
    shrunk = 1 + Z * Z / among
    middle = (share + Z * Z / (2 * among)) / shrunk
    reach = Z / shrunk * math.sqrt(share * (1 - share) / among + Z * Z / (4 * among * among))
    return middle - reach, middle + reach
