"""What a customer wishes beside consent: topics, how often, and a rest.

Whoever changes a wish first takes the locks that the hand-off takes: what is passing the door
then has passed, and is seen as a call under way; what comes later sees the wish.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dangol.consent.ledger import STATEMENTS, lock_customer
from dangol.consent.topics import Topic, list_topics
from dangol.store.connect import Connection

# How many messages a week one may choose; none chosen is as many as the shop sends.
WEEKLY: Final = (1, 2, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a customer chose; ``refused`` are the ids of topics they switched off."""

    topics: tuple[Topic, ...]
    refused: frozenset[int]
    snoozed_until: datetime | None
    weekly_messages: int | None

    def rests(self, now: datetime) -> bool:
        """Whether they asked for a rest that is not over."""
        return self.snoozed_until is not None and self.snoozed_until > now


def read_wishes(connection: Connection, *, workspace_id: int, customer_id: int) -> Wishes:
    """Return what a customer chose; whoever said nothing gets everything."""
    values = {"workspace_id": workspace_id, "customer_id": customer_id}
    refused = connection.execute(STATEMENTS["list_refused"], values).fetchall()
    row = connection.execute(STATEMENTS["read_preference"], values).fetchone()
    snoozed_until, weekly_messages = row or (None, None)
    return Wishes(
        topics=tuple(list_topics(connection, workspace_id=workspace_id)),
        refused=frozenset(int(topic[0]) for topic in refused),
        snoozed_until=snoozed_until,
        weekly_messages=weekly_messages,
    )


def switch_topic(
    connection: Connection,
    *,
    workspace_id: int,
    customer_id: int,
    topic_id: int,
    wanted: bool,
    now: datetime,
) -> None:
    """Switch a topic on or off for a customer; a topic of nobody's changes nothing.

    Raises:
        LookupError: the workspace has no such customer.
    """
    statement = "accept_topic" if wanted else "refuse_topic"
    change(
        connection,
        statement,
        workspace_id=workspace_id,
        customer_id=customer_id,
        topic_id=topic_id,
        now=now,
    )


def snooze(
    connection: Connection,
    *,
    workspace_id: int,
    customer_id: int,
    until: datetime | None,
    now: datetime,
) -> None:
    """Let a customer rest until a moment; None ends the rest.

    Raises:
        LookupError: the workspace has no such customer.
    """
    change(
        connection,
        "save_snooze",
        workspace_id=workspace_id,
        customer_id=customer_id,
        until=until,
        now=now,
    )


def limit_weekly(
    connection: Connection,
    *,
    workspace_id: int,
    customer_id: int,
    messages: int | None,
    now: datetime,
) -> None:
    """Keep how many messages a week a customer wants at most; None for no limit of theirs.

    Raises:
        LookupError: the workspace has no such customer.
    """
    change(
        connection,
        "save_weekly",
        workspace_id=workspace_id,
        customer_id=customer_id,
        weekly_messages=messages,
        now=now,
    )


def change(
    connection: Connection,
    statement: str,
    *,
    workspace_id: int,
    customer_id: int,
    **values: object,
) -> None:
    lock_customer(connection, workspace_id=workspace_id, customer_id=customer_id)
    at = {"workspace_id": workspace_id, "customer_id": customer_id, **values}
    _ = connection.execute(STATEMENTS["lock_own_consents"], at)
    _ = connection.execute(STATEMENTS[statement], at)
