"""Which changes concern which segments.

What one scan answers is asked of all whom something changed: a customer more costs nothing. What
the engine has to be asked by itself, a sequence for instance, costs a question each; where its
answer can only come from certain events, it is asked only about those who have new ones.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from dangol.segments.beat import crossed
from dangol.segments.compare import Moment
from dangol.segments.compile import fits_zero
from dangol.segments.condition import (
    AllOf,
    AnyOf,
    Condition,
    EventMeasure,
    Leaf,
    Sequence,
    Share,
    leaves,
)
from dangol.segments.evaluate import Ids, named_segments
from dangol.segments.features import feature_of
from dangol.segments.ids import NONE
from dangol.segments.slices import Passing, Slice


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Whose answers can have changed, and by what."""

    # By something else than events.
    touched: Ids
    # By events that came, by their names.
    busy: Mapping[str, Ids]
    # By events that crossed an edge.
    crossing: Mapping[Slice, Ids]

    def customers(self) -> Ids:
        """Return all of them."""
        return together([self.touched, *self.busy.values(), *self.crossing.values()])

    def concerning(self, tree: Condition, passing: Passing) -> Ids:
        """Return those whom a condition can hold for only because of events that it names."""
        names = names_of(tree)
        came = [ids for name, ids in self.busy.items() if name in names]
        aged = [self.crossing[one] for one in crossed([tree], passing) if one in self.crossing]
        return together([self.touched, *came, *aged])


def together(found: Iterable[Ids]) -> Ids:
    """Return everybody who is among some customers, in order."""
    return np.unique(np.concatenate([NONE, *found]))


def asked_alone(trees: Mapping[str, Condition], *, at: Moment) -> set[str]:
    """Return the segments that only certain events can change, and that no scan answers."""
    named = {name for tree in trees.values() for name in named_segments(tree)}
    return {
        name
        for name, tree in trees.items()
        if name not in named
        and needs_events(tree)
        and any(is_lone(leaf, at=at) for leaf in leaves(tree))
    }


def is_lone(leaf: Leaf, *, at: Moment) -> bool:
    """Tell whether an answer takes a question of its own."""
    return isinstance(leaf, Sequence | Share) or (
        isinstance(leaf, EventMeasure) and feature_of(leaf, at=at) is None
    )


def needs_events(tree: Condition) -> bool:
    """Tell whether a condition holds for nobody who has none of the events that it names."""
    match tree:
        case AllOf() | AnyOf():
            return all(map(needs_events, tree.of))
        case Sequence() | Share():
            return True
        case EventMeasure():
            return not fits_zero(tree.test)
        case _:
            return False


def names_of(tree: Condition) -> set[str]:
    """Return the names of the events that a condition looks at."""
    names: set[str] = set()
    for leaf in leaves(tree):
        match leaf:
            case EventMeasure(event=event) | Share(event=event):
                names.add(event)
            case Sequence(steps=steps, then_not=then_not):
                names |= {step.event for step in (*steps, *([then_not] if then_not else []))}
            case _:
                pass
    return names
