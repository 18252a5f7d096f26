"""Faults put in on purpose, each a mistake that a peer has made; a campaign must find them all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from dangol.app import delivery
from dangol.app.clock import Watch
from dangol.app.delivery import Turn
from dangol.channels import claim, hand_over
from dangol.channels.domains import Asked
from dangol.providers.begin import MayBegin
from dangol.providers.vendor import Idempotency, Outcome, Outgoing
from dangol.store.connect import Connection

NONE: Final = "none"


def stay_right() -> None:
    """Change nothing."""


def retry_blindly() -> None:
    """A call without an answer is made again, key or no key."""
    replace(
        claim.STATEMENTS,
        "lose_calls",
        "lost.doubt_until > %(now)s::timestamptz",
        "true",
        fits=3,
    )


def call_then_mark() -> None:
    """Call, and note only afterwards that it was called: until then it is but a claim."""
    if is_patched():
        return
    pass_door, note = Turn.pass_door, Turn.note

    def let_pass(turn: Turn, outgoing: Sequence[Outgoing]) -> list[Outgoing]:
        passing = pass_door(turn, outgoing)
        with turn.connection.transaction():
            turn.connection.execute("update delivery set state = 'claimed' where state = 'calling'")
        return passing

    def mark_and_note(turn: Turn, outcomes: Sequence[Outcome]) -> None:
        with turn.connection.transaction():
            turn.connection.execute(
                "update delivery set state = 'calling' where state = 'claimed' and id = any(%s)",
                [[outcome.delivery_id for outcome in outcomes]],
            )
        note(turn, outcomes)

    Turn.pass_door = let_pass
    Turn.note = mark_and_note


def is_patched() -> bool:
    return Turn.pass_door.__module__ == __name__


def keep_a_cursor() -> None:
    """What was fetched counts as sent (listmonk): the tables say so before anything is called."""
    if is_patched():
        return
    pass_door = Turn.pass_door

    def let_pass(turn: Turn, outgoing: Sequence[Outgoing]) -> list[Outgoing]:
        passing = pass_door(turn, outgoing)
        with turn.connection.transaction():
            turn.connection.execute(
                "update delivery set state = 'accepted', settled_at = calling_at"
                " where state = 'calling'"
            )
        return passing

    Turn.pass_door = let_pass


def claim_without_fence() -> None:
    """Whoever lost a claim goes on with it, though another has it by now."""
    begin_calls = hand_over.begin_calls

    def begin_all(
        connection: Connection, *, delivery_ids: list[int], now: datetime, lease: timedelta
    ) -> list[int]:
        begin_calls(connection, delivery_ids=delivery_ids, now=now, lease=lease)
        return delivery_ids

    delivery.begin_calls = begin_all


def replace(statements: Mapping[str, str], name: str, was: str, becomes: str, *, fits: int) -> None:
    """Change a statement, once; the words must be there as often as expected."""
    if was not in statements[name]:
        return
    assert statements[name].count(was) == fits, (name, was)
    assert isinstance(statements, dict)
    statements[name] = statements[name].replace(was, becomes)


def call_however_late() -> None:
    """Whoever slept between mark and call makes the call all the same."""

    def always(_part: timedelta, *, passed: Watch) -> MayBegin:
        del passed
        return lambda: True

    delivery.begin_within = always


def forget_receivers() -> None:
    """Every worker takes a receiver's whole limit for itself, each time it asks."""
    ask_domains = delivery.ask_domains

    def ask_anew(
        connection: Connection, mails: Sequence[Outgoing], *, provider: str, now: datetime
    ) -> Asked:
        connection.execute("update provider_domain set tokens_at = null, line_until = null")
        return ask_domains(connection, mails, provider=provider, now=now)

    if delivery.ask_domains.__module__ != __name__:
        delivery.ask_domains = ask_anew


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A fault, and before what kind of vendor it shows."""

    apply: Callable[[], None]
    kind: Idempotency = Idempotency.NEITHER
    limited: bool = False


MUTANTS: Final = {
    NONE: Mutant(apply=stay_right),
    "blind retry": Mutant(apply=retry_blindly),
    "call then mark": Mutant(apply=call_then_mark),
    "claim without fence": Mutant(apply=claim_without_fence),
    "cursor instead of rows": Mutant(apply=keep_a_cursor),
    "call however late": Mutant(apply=call_however_late, kind=Idempotency.ASKABLE),
    "receivers forgotten": Mutant(apply=forget_receivers, limited=True),
}
