"""Faults put in on purpose, each a mistake that a peer has made; a campaign must find them all."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from dangol.app import delivery
from dangol.channels import claim, hand_over
from dangol.providers.vendor import Outgoing
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
    pass_door = delivery.pass_door

    def let_pass(
        connection: Connection,
        claimed: Sequence[claim.Claimed],
        outgoing: Sequence[Outgoing],
        *,
        workspace_id: int,
        now: datetime,
        lease: timedelta,
    ) -> list[Outgoing]:
        passing = pass_door(
            connection, claimed, outgoing, workspace_id=workspace_id, now=now, lease=lease
        )
        with connection.transaction():
            connection.execute("update delivery set state = 'claimed' where state = 'calling'")
        return passing

    record = delivery.record

    def mark_and_record(connection: Connection, *told: object, **place: object) -> None:
        with connection.transaction():
            connection.execute("update delivery set state = 'calling' where state = 'claimed'")
        record(connection, *told, **place)

    delivery.pass_door = let_pass
    delivery.record = mark_and_record


def is_patched() -> bool:
    return delivery.pass_door.__module__ == __name__


def keep_a_cursor() -> None:
    """What was fetched counts as sent (listmonk): the tables say so before anything is called."""
    if is_patched():
        return
    pass_door = delivery.pass_door

    def let_pass(connection: Connection, *told: object, **place: object) -> list[Outgoing]:
        passing = pass_door(connection, *told, **place)
        with connection.transaction():
            connection.execute(
                "update delivery set state = 'accepted', settled_at = calling_at"
                " where state = 'calling'"
            )
        return passing

    delivery.pass_door = let_pass


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


MUTANTS: Final[dict[str, Callable[[], None]]] = {
    NONE: stay_right,
    "blind retry": retry_blindly,
    "call then mark": call_then_mark,
    "claim without fence": claim_without_fence,
    "cursor instead of rows": keep_a_cursor,
}
