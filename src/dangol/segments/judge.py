"""Whom segments hold for: all of them at once, for some customers or for everybody.

Conditions about events are answered in one scan, as far as that can say them; the others, and
those about facts, one by one by the engine.
"""

# pyarrow and ibis ship no types: what comes from them is unknown.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial

import ibis.expr.types as ir
import pyarrow as pa

from dangol.segments.compare import Moment
from dangol.segments.condition import Condition, EventLeaf, EventMeasure, Leaf, Rank, leaves
from dangol.segments.evaluate import AloneLeaf, Ids, Truth, ask_leaf, find_members, spread
from dangol.segments.facts import Facts, TableLeaf
from dangol.segments.features import distinct_features
from dangol.segments.people import People
from dangol.segments.ranking import find_ranked
from dangol.segments.scan import Scan
from dangol.segments.sweep import TooLarge
from dangol.store.engine import ASKED, EVENT, people, run
from dangol.store.lake import Lake


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """What verdicts rest on: a workspace's lake and facts, as of one moment.

    ``ranked`` says whom each rank holds for, where fewer are judged than are ranked.
    """

    lake: Lake
    facts: Facts
    workspace_id: int
    at: Moment
    ranked: Mapping[Rank, Ids] | None = None

    def judge(self, trees: Mapping[str, Condition], who: People) -> dict[str, Truth]:
        """Return for each segment whom it holds for; ``trees`` are in order, see ``evaluate``."""
        asked = dict.fromkeys(leaf for tree in trees.values() for leaf in leaves(tree))
        scanned = self.scan(asked, who)
        ranked = self.rank(asked, who) if self.ranked is None else self.ranked

        def answer(leaf: TableLeaf | EventLeaf) -> Truth:
            if isinstance(leaf, EventMeasure) and leaf in scanned:
                return scanned[leaf]
            if isinstance(leaf, Rank):
                return spread(False, ranked[leaf], who.ids)  # noqa: FBT003 - nobody has one by default
            return self.ask(leaf, who)

        return find_members(trees, who.ids, answer=answer)

    def scan(self, asked: Iterable[Leaf], who: People) -> dict[EventLeaf, Truth]:
        """Answer what one scan can answer; nothing where numbers are too large for it."""
        about_events = (leaf for leaf in asked if isinstance(leaf, EventMeasure))
        features = distinct_features(about_events, at=self.at)
        try:
            return Scan(features=features, workspace_id=self.workspace_id, at=self.at).run(
                self.lake, who
            )
        except TooLarge:
            return {}

    def rank(self, asked: Iterable[Leaf], who: People) -> dict[Rank, Ids]:
        """Answer ranks among these customers, all those over the same events at once."""
        ranks = (leaf for leaf in asked if isinstance(leaf, Rank))
        return find_ranked(
            ranks, self.events_of(who), at=self.at, answer=partial(self.run, who=who)
        )

    def ask(self, leaf: TableLeaf | AloneLeaf, who: People) -> Truth:
        """Answer one condition by an expression that any engine runs."""
        question = ask_leaf(leaf, self.events_of(who), at=self.at)
        found = self.run(question.exceptions, who=who)
        return spread(question.default, found["customer_id"].to_numpy(), who.ids)

    def events_of(self, who: People) -> ir.Table:
        """Ask for what these customers did, parts under their heads."""
        event = EVENT.filter(EVENT.workspace_id == self.workspace_id)
        return people(event.semi_join(ASKED, "customer_id"), heads=who.heads)

    def run(self, question: ir.Table, *, who: People) -> pa.Table:
        """Let the engine answer a question about these customers."""
        theirs = who.block(0, len(who.ids))
        facts = {**self.facts, ASKED.get_name(): theirs.asked}
        return run(question, self.lake, heads=who.heads, facts=facts)
