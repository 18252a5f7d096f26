"""From questions to members: every leaf's answer, put together as each tree says.

1. Each distinct leaf of all segments is asked once: who answers otherwise than by default?
2. A segment that asks for another comes after it.
3. Answers are one truth value a customer, in the order of the customers' ids; a tree combines them.

A customer of whom no event is known has the default's answer, and belongs where that fits.
"""

# ibis, numpy and pyarrow tell little about types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false
# pyright: reportUnknownParameterType=false

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from hashlib import blake2b
from typing import Final

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt

from dangol.segments.compare import Moment
from dangol.segments.compile import Question, ask_measure
from dangol.segments.condition import (
    AllOf,
    AnyOf,
    Condition,
    EventLeaf,
    EventMeasure,
    InSegment,
    Leaf,
    Lifecycle,
    NoneOf,
    Sample,
    Sequence,
    Share,
    leaves,
)
from dangol.segments.facts import TableLeaf, ask_fact
from dangol.segments.faults import BadCondition
from dangol.segments.habits import ask_share
from dangol.segments.lifecycle import expand
from dangol.segments.sequence import ask_sequence

# What is asked by itself; ranks are asked together.
AloneLeaf = EventMeasure | Share | Sequence
Truth = npt.NDArray[np.bool_]
Ids = npt.NDArray[np.int64]
# A sample is drawn in steps of a hundredth of a per cent.
STEPS: Final = 10_000
MASK: Final = (1 << 64) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """Segments in the order to find their members in, without lifecycles in their conditions.

    ``faults`` are those that cannot be found, with why: they are left as they are.
    """

    trees: dict[str, Condition]
    faults: dict[str, BadCondition]


def order_segments(trees: Mapping[str, Condition]) -> Ordered:
    """Put segments behind those they ask for."""
    expanded = {name: expand(tree) for name, tree in trees.items()}
    ordered = Ordered(trees={}, faults={})
    for name in expanded:
        place(name, expanded, ordered, above=())
    return ordered


def place(
    name: str, trees: Mapping[str, Condition], ordered: Ordered, *, above: tuple[str, ...]
) -> None:
    """Place a segment after what it asks for; ``above`` are the segments that ask for it."""
    if name in ordered.trees or name in ordered.faults:
        return
    needed = sorted(named_segments(trees[name]))
    for other in needed:
        if other in (*above, name):
            circle = " → ".join((*above, name, other))
            ordered.faults[name] = BadCondition("$.where", "cycle", names=circle)
            return
        if other in trees:
            place(other, trees, ordered, above=(*above, name))
        if other not in ordered.trees:
            missing = BadCondition("$.where", "no_segment", name=other)
            ordered.faults[name] = ordered.faults.get(other, missing)
            return
    ordered.trees[name] = trees[name]


def named_segments(tree: Condition) -> set[str]:
    """Return the names of the segments that a condition asks for."""
    return {leaf.segment for leaf in leaves(tree) if isinstance(leaf, InSegment)}


def ask_leaf(leaf: TableLeaf | AloneLeaf, event: ir.Table, *, at: Moment) -> Question:
    """Ask a condition of the lake or of the facts; ``event`` holds the workspace's events."""
    match leaf:
        case EventMeasure():
            return ask_measure(leaf, event, at=at)
        case Share():
            return ask_share(leaf, event, at=at)
        case Sequence():
            return ask_sequence(leaf, event, at=at)
        case _:
            return ask_fact(leaf, at=at)


def find_members(
    trees: Mapping[str, Condition],
    customers: Ids,
    *,
    answer: Callable[[TableLeaf | EventLeaf], Truth],
) -> dict[str, Truth]:
    """Return who belongs to each segment: one truth value for each of ``customers``.

    ``trees`` are in order, and without lifecycles; ``answer`` answers any leaf but one about
    segments or a sample.
    """
    answers: dict[Leaf, Truth] = {}
    found: dict[str, Truth] = {}
    for name, tree in trees.items():
        for leaf in leaves(tree):
            if leaf in answers:
                continue
            match leaf:
                case InSegment():
                    answers[leaf] = found[leaf.segment]
                case Sample():
                    answers[leaf] = draw(leaf, customers)
                case Lifecycle():
                    raise NotImplementedError
                case _:
                    answers[leaf] = answer(leaf)
        found[name] = combine(tree, answers)
    return found


def combine(tree: Condition, answers: Mapping[Leaf, Truth]) -> Truth:
    """Put the answers of the leaves together as the tree says."""
    match tree:
        case AllOf():
            return reduce(np.logical_and, (combine(part, answers) for part in tree.of))
        case AnyOf():
            return reduce(np.logical_or, (combine(part, answers) for part in tree.of))
        case NoneOf():
            return ~reduce(np.logical_or, (combine(part, answers) for part in tree.of))
        case _:
            return answers[tree]


def spread(default: bool, exceptions: Ids, customers: Ids) -> Truth:  # noqa: FBT001 - one of a pair
    """Return an answer for each customer; exceptions who are nobody's id are passed over."""
    truth = np.full(len(customers), default)
    if len(customers):
        places = np.minimum(np.searchsorted(customers, exceptions), len(customers) - 1)
        truth[places[customers[places] == exceptions]] = not default
    return truth


def draw(sample: Sample, customers: Ids) -> Truth:
    """Draw a share of the customers, by a hash of their ids: the same ones every time."""
    seed = int.from_bytes(blake2b(sample.name.encode(), digest_size=8).digest(), "big")
    mixed = mix(customers.astype(np.uint64) ^ np.uint64(seed))
    return mixed % np.uint64(STEPS) < np.uint64(round(sample.percent * STEPS / 100))


def mix(numbers: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Scramble 64 bits (the finaliser of SplitMix64)."""
    numbers = numbers + np.uint64(0x9E3779B97F4A7C15)
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))
