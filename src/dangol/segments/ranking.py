"""Ranks: asked of everybody who is ranked, with one reading for all ranks over the same events."""

# ibis and pyarrow ship no types: what comes from them is unknown.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import partial

import ibis.expr.types as ir
import pyarrow as pa

from dangol.segments.compare import Moment
from dangol.segments.condition import Leaf, Rank
from dangol.segments.evaluate import Ids
from dangol.segments.habits import ask_ranks
from dangol.store.engine import ASKED, ASKED_SCHEMA, EVENT, people, run
from dangol.store.lake import Lake


def rank_everybody(
    lake: Lake,
    leaves: Iterable[Leaf],
    *,
    erased: Ids,
    workspace_id: int,
    heads: pa.Table,
    at: Moment,
) -> dict[Rank, Ids]:
    """Return for each rank among the conditions the customers whose group fits.

    Ranked is everybody whom the history knows, but not who is ``erased`` and still stands in it.
    """
    facts = {ASKED.get_name(): pa.table([pa.array(erased, pa.int64())], schema=ASKED_SCHEMA)}
    event = people(EVENT.filter(EVENT.workspace_id == workspace_id), heads=heads)
    if len(erased):
        event = event.anti_join(ASKED, "customer_id")
    ranks = (leaf for leaf in leaves if isinstance(leaf, Rank))
    answer = partial(run, lake=lake, heads=heads, facts=facts)
    return find_ranked(ranks, event, at=at, answer=answer)


def find_ranked(
    ranks: Iterable[Rank],
    event: ir.Table,
    *,
    at: Moment,
    answer: Callable[[ir.Table], pa.Table],
) -> dict[Rank, Ids]:
    """Return whose group fits, for each rank; ``event`` holds the events of all who are ranked."""
    found: dict[Rank, Ids] = {}
    for alike in group_ranks(dict.fromkeys(ranks)):
        answered = answer(ask_ranks(alike, event, at=at))
        ids = answered["customer_id"].to_numpy()
        for number, leaf in enumerate(alike):
            found[leaf] = ids[answered[f"fits_{number}"].to_numpy(zero_copy_only=False)]
    return found


def group_ranks(ranks: Iterable[Rank]) -> list[list[Rank]]:
    """Put those together that measure the same events, so that these are read once."""
    groups: defaultdict[object, list[Rank]] = defaultdict(list)
    for leaf in ranks:
        # How varied something is takes a reading of its own.
        alone = leaf if leaf.measure == "variety" else None
        groups[leaf.event, leaf.where, leaf.during, leaf.products, alone].append(leaf)
    return list(groups.values())
