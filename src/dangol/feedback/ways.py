"""The channels on which a person gets advertising, each to be had or stopped by itself."""

from dataclasses import dataclass
from datetime import datetime

from dangol.consent.evidence import Witness
from dangol.consent.ledger import record_entry, withdraw
from dangol.feedback.bounces import STATEMENTS
from dangol.feedback.unsubscribe import Subscription, origin_of, unsubscribe
from dangol.store.connect import Connection
from dangol.store.vocabulary import (
    Channel,
    ConsentAction,
    ConsentSource,
    ConsentState,
    Purpose,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How things stand on one channel for the recipient of a message."""

    subscription: Subscription
    # The message came on it.
    is_own: bool
    # There is an address that may be written to, at least once they agree again.
    is_reachable: bool

    @property
    def channel(self) -> Channel:
        """The channel."""
        return self.subscription.channel

    @property
    def is_on(self) -> bool:
        """Whether advertising may be sent."""
        return self.subscription.is_on


def list_ways(connection: Connection, *, workspace_id: int, message_id: int) -> list[Way]:
    """Return the channels that concern the recipient of a message; empty if there is none such.

    Those are the message's own, where we know an address, and where they ever said a word.
    """
    values = {"workspace_id": workspace_id, "message_id": message_id}
    return [
        Way(
            subscription=Subscription(
                workspace_id=workspace_id,
                message_id=message_id,
                customer_id=customer_id,
                channel=Channel(channel),
                address_key=address_key,
                state=ConsentState(state) if state else None,
                since=since,
            ),
            is_own=is_own,
            is_reachable=is_reachable,
        )
        for channel, is_own, is_reachable, address_key, customer_id, state, since in (
            connection.execute(STATEMENTS["list_ways"], values)
        )
    ]


def stop_way(
    connection: Connection,
    way: Way,
    *,
    source: str,
    kind: ConsentSource,
    now: datetime,
    witness: Witness,
) -> None:
    """Withdraw the consent to advertising on a channel, of whoever else has that address, too.

    Only on the message's own channel it is the message that made them leave. Does not commit: the
    caller does, then calls ``wait_for_calls``, then confirms.
    """
    of = way.subscription
    if way.is_own:
        _ = unsubscribe(
            connection,
            workspace_id=of.workspace_id,
            message_id=of.message_id,
            source=source,
            kind=kind,
            now=now,
            witness=witness,
        )
        return
    values = {
        "workspace_id": of.workspace_id,
        "customer_id": of.customer_id,
        "channel": of.channel,
        "address_key": of.address_key,
    }
    for (customer_id,) in connection.execute(STATEMENTS["find_way_holders"], values).fetchall():
        withdraw(
            connection,
            workspace_id=of.workspace_id,
            customer_id=customer_id,
            channel=of.channel,
            purpose=Purpose.MARKETING,
            source=source,
            now=now,
            origin=origin_of(
                connection,
                workspace_id=of.workspace_id,
                customer_id=customer_id,
                kind=kind,
                witness=witness,
            ),
        )


def open_way(
    connection: Connection,
    of: Subscription,
    *,
    source: str,
    wording: str,
    wording_version: str,
    locale: str,
    now: datetime,
    witness: Witness,
) -> None:
    """Record that the recipient of a message wants advertising on a channel; does not commit.

    It is an act of their own, with its evidence: an address that they refused or complained from
    may be written to again.
    """
    _ = record_entry(
        connection,
        workspace_id=of.workspace_id,
        customer_id=of.customer_id,
        channel=of.channel,
        purpose=Purpose.MARKETING,
        action=ConsentAction.GRANT,
        source=source,
        wording=wording,
        locale=locale,
        occurred_at=now,
        now=now,
        origin=origin_of(
            connection,
            workspace_id=of.workspace_id,
            customer_id=of.customer_id,
            kind=ConsentSource.PAGE,
            witness=witness,
            wording_version=wording_version,
        ),
    )
