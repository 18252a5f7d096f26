"""Whom conditions hold for, answered by PostgreSQL inside the tick.

1. About whom: ``asked_customer``, a working table; who is no customer of their own is left out.
2. Each kind of fact that some condition asks for is asked one statement, about all customers and
   all conditions at once: who does not answer as somebody would of whom nothing is known?
3. The trees put the answers together, as they do those of the lake (``evaluate``).

What the conditions say comes to the statements as values: sets that one operator looks into
(``fitting``). Their text never changes.
"""

# numpy tells little about types.
# pyright: reportUnknownMemberType=false

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final, assert_never

import msgspec

from dangol.segments.at_once import check_at_once
from dangol.segments.compare import PLAIN_DATE, ZONED_DATE, Moment
from dangol.segments.comparison import AtLeast
from dangol.segments.compile import fits_zero, tests_of
from dangol.segments.condition import (
    Condition,
    Consented,
    Engagement,
    EventLeaf,
    EventMeasure,
    InSegment,
    Leaf,
    Lifecycle,
    OnList,
    Rank,
    Reachable,
    Sample,
    Sequence,
    Share,
    Trait,
    leaves,
)
from dangol.segments.evaluate import Ids, Truth, combine, draw, spread
from dangol.segments.facts import TableLeaf
from dangol.segments.fitting import ALL, NONE, fitting, moments
from dangol.segments.ids import NONE as NOBODY
from dangol.segments.ids import read_ids
from dangol.segments.lifecycle import expand
from dangol.segments.window import EVER, span_of
from dangol.store.connect import Connection, empty_working
from dangol.store.workspace import read_workspace

# Which statement asks for what a condition is about.
STATEMENT_OF: Final[Mapping[type[Leaf], str]] = {
    EventMeasure: "pick_by_activity",
    Trait: "pick_by_trait",
    Engagement: "pick_by_reaction",
    Consented: "pick_by_consent",
    Reachable: "pick_by_reach",
    InSegment: "pick_by_membership",
    OnList: "pick_by_list",
}
# What one condition says to its statement, by the names of the statement's columns.
Said = Mapping[str, object]
AskedLeaf = TableLeaf | EventLeaf | InSegment


def judge_in_database(
    connection: Connection,
    conditions: Mapping[str, Condition],
    customers: Iterable[int],
    *,
    workspace_id: int,
    now: datetime,
) -> dict[str, Ids]:
    """Return, for each condition, which of these customers it holds for, in the order of their ids.

    To be called inside a transaction: answers are of what it sees. An event of a clock that is
    ahead has happened now; a segment has the members of its last refresh.

    Raises:
        BadCondition: only the history can answer a condition; see ``at_once``.
    """
    for condition in conditions.values():
        check_at_once(condition)
    trees = {name: expand(condition) for name, condition in conditions.items()}
    about = dict.fromkeys(leaf for tree in trees.values() for leaf in leaves(tree))
    who = ask_about(connection, customers, workspace_id=workspace_id)
    zone = read_workspace(connection, workspace_id=workspace_id).zone
    judge = InDatabase(connection, who, workspace_id=workspace_id, at=Moment(now=now, zone=zone))
    answers = judge.answer(about)
    return {name: who[combine(tree, answers)] for name, tree in trees.items()}


def ask_about(connection: Connection, customers: Iterable[int], *, workspace_id: int) -> Ids:
    """Put customers into the working table; return those who are customers of their own."""
    empty_working(connection, "asked_customer")
    # One text: handing ids over one by one takes far longer.
    packed = f"{{{','.join(map(str, customers))}}}"
    values = {"workspace_id": workspace_id, "customer_ids": packed}
    return read_ids(connection, "fill_asked", values).get(workspace_id, NOBODY)


class InDatabase:
    """Answers single conditions about the customers in the working table."""

    def __init__(self, connection: Connection, who: Ids, *, workspace_id: int, at: Moment) -> None:
        self.connection: Final = connection
        self.who: Final = who
        self.workspace_id: Final = workspace_id
        self.at: Final = at

    def answer(self, asked: Iterable[Leaf]) -> dict[Leaf, Truth]:
        """Answer each condition for each customer."""
        by_statement: dict[str, dict[int, AskedLeaf]] = {}
        answers: dict[Leaf, Truth] = {}
        for number, leaf in enumerate(asked):
            match leaf:
                case Sample():
                    answers[leaf] = draw(leaf, self.who)
                case Lifecycle():
                    raise NotImplementedError
                case _:
                    by_statement.setdefault(STATEMENT_OF[type(leaf)], {})[number] = leaf
        for statement, numbered in by_statement.items():
            answers.update(self.run(statement, numbered))
        return answers

    def run(self, statement: str, numbered: Mapping[int, AskedLeaf]) -> dict[Leaf, Truth]:
        """Answer all conditions about one kind of fact."""
        said = {number: say(leaf, at=self.at) for number, leaf in numbered.items()}
        rows = [{"number": number, **about} for number, about in said.items()]
        values = {
            "workspace_id": self.workspace_id,
            "now": self.at.now,
            "leaves": msgspec.json.encode(rows).decode(),
            "plain_date": PLAIN_DATE,
            "zoned_date": ZONED_DATE,
        }
        found = read_ids(self.connection, statement, values)
        return {
            leaf: spread(bool(said[number].get("otherwise")), found.get(number, NOBODY), self.who)
            for number, leaf in numbered.items()
        }


def say(leaf: AskedLeaf, *, at: Moment) -> Said:
    """Say to its statement what a condition asks.

    ``otherwise`` is the answer of those of whom nothing is known.
    """
    match leaf:
        case EventMeasure():
            return say_measure(leaf, at=at)
        case Trait():
            fact = leaf.trait.removeprefix("$") if leaf.trait.startswith("$") else None
            fits = msgspec.to_builtins(fitting(leaf.test, at=at))
            return {**fits, "fact": fact, "path": leaf.trait.split(".")}
        case Engagement():
            return {
                "reaction": leaf.reaction,
                "channel": leaf.channel,
                "journey": leaf.journey,
                "during": moments((span_of(leaf.during, now=at.now, zone=at.zone),)),
                "numbers": fitting(leaf.test, at=at).numbers,
                "otherwise": fits_zero(leaf.test),
            }
        case Consented():
            # Who ever said a word is not unknown.
            unknown = leaf.state == "unknown"
            state = None if unknown else leaf.state
            return {
                "channel": leaf.channel,
                "purpose": leaf.purpose,
                "state": state,
                "otherwise": unknown,
            }
        case Reachable():
            return {"channel": leaf.channel}
        case InSegment():
            return {"name": leaf.segment}
        case OnList():
            return {"name": leaf.list}
        case Sequence() | Share() | Rank():
            raise NotImplementedError
        case _:
            assert_never(leaf)


def say_measure(leaf: EventMeasure, *, at: Moment) -> Said:
    """Say what is asked of a customer's activity."""
    said = {"event": leaf.event, "measure": leaf.measure, "during": ALL, "moments": NONE}
    span = span_of(leaf.during, now=at.now, zone=at.zone)
    match leaf.measure:
        case "first" | "last":
            fits = fitting(leaf.test, at=at).moments
            return {**said, "moments": fits, "during": moments((span,))}
        case "days_since":
            spans = [fitting(test, at=at).moments for test in tests_of(leaf)]
            together = "{" + ",".join(one.strip("{}") for one in spans) + "}"
            return {**said, "measure": "last", "moments": together, "during": moments((span,))}
        case _ if span == EVER:
            fits = fitting(leaf.test, at=at).numbers
            return {**said, "numbers": fits, "otherwise": fits_zero(leaf.test)}
        case _:
            # The last event tells whether it happened in the window, which no count is asked of.
            happened, never = isinstance(leaf.test, AtLeast), fits_zero(leaf.test)
            differs = moments((span,)) if happened != never else NONE
            return {**said, "measure": "last", "moments": differs, "otherwise": never}
