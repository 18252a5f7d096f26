"""The delivery loop's one turn: claim, write, pass the door, send, record.

Each step commits before the next, so that no lock and no connection waits for a vendor:

    claim     message allowed -> handed, delivery claimed          a lost claim is released
    write     every byte is decided                                a failing template is rejected
    show      the vendor has every picture                         without one a message waits
    the door  the guard looks again, delivery calling              an opt-out stops it here
    send      outside any transaction                              a lost call becomes unknown
    record    what the vendor said, and what follows from it

The last three go share by share, as much as can be under way at once (``app.calls``).
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from dangol.app.calls import Calls, begin_within, make_calls
from dangol.app.clock import Watch, start_watch
from dangol.app.consequences import follow_up
from dangol.app.providers import SMTP, Provider
from dangol.app.showing import doubt_pictures, prepare_all
from dangol.app.writing import open_addresses
from dangol.channels.claim import Claimed, claim_messages
from dangol.channels.domains import (
    ask_domains,
    crowded,
    domain_of,
    free_domains,
    line_up,
    put_off,
    read_crowded,
    rest_domains,
)
from dangol.channels.hand_over import begin_calls, release
from dangol.channels.mould import Post
from dangol.channels.prices import price_deliveries
from dangol.channels.rates import allowance, settle_turn, spend, take_turn
from dangol.channels.warm_up import fill_room, find_room, give_back
from dangol.guard.decide import recheck_messages
from dangol.providers.vendor import Fate, Outcome, Outgoing, Sender, Shown
from dangol.store.connect import Connection
from dangol.store.crash import crashpoint
from dangol.store.vault import Vault
from dangol.store.vocabulary import Channel

__all__ = ["Delivered", "Post", "deliver"]

LEASE: Final = timedelta(minutes=10)
# After this part of the lease no call begins: it has to end before others settle it.
BEGIN_PART: Final = 0.5
# So many receivers that all say it is too much, and nobody else: it is our mail server's word.
EVERYBODY: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """How one turn went; with nothing claimed, nothing waits or the vendor is left alone."""

    claimed: int = 0
    accepted: int = 0
    rejected: int = 0
    retryable: int = 0
    unknown: int = 0
    # The guard changed its mind at the door.
    stopped: int = 0
    # Their receiver takes nothing now: they wait until their moment.
    put_off: int = 0


def deliver(
    connection: Connection,
    sender: Sender,
    *,
    workspace_id: int,
    vault: Vault,
    post: Post,
    worker: str,
    clock: Callable[[Connection], datetime],
    batch: int = 200,
    lease: timedelta = LEASE,
    provider: Provider = SMTP,
    remember: Callable[[int], None] = lambda _: None,
    watch: Callable[[], Watch] = start_watch,
) -> Delivered:
    """Hand over up to ``batch`` allowed messages on the channels of ``provider``.

    Commits by itself: call it outside of any transaction. What a crash leaves behind is settled
    by ``recover_claims`` once ``lease`` is over. ``remember`` is told of the newest claim before
    anything is called. Nothing is called half a ``lease`` after its mark, as ``watch`` tells.
    """
    claimed_at = clock(connection)
    claimed = claim(
        connection,
        provider,
        workspace_id=workspace_id,
        worker=worker,
        now=claimed_at,
        lease=lease,
        batch=batch,
    )
    crashpoint("claim.after_commit")
    if not claimed:
        return Delivered()
    remember(max(message.delivery_id for message in claimed))
    turn = Turn(
        connection=connection,
        workspace_id=workspace_id,
        claimed=claimed,
        claimed_at=claimed_at,
        provider=provider,
        clock=clock,
        lease=lease,
    )
    ready = prepare_all(
        connection,
        sender,
        turn.spare_crowded(vault),
        workspace_id=workspace_id,
        vault=vault,
        post=post,
        provider=provider.name,
        now=clock(connection),
    )
    turn.written.update((mail.delivery_id, mail) for mail in ready.outgoing)
    turn.older.update(ready.older)
    calls = turn.call(sender, ready.outgoing, watch=watch)
    turn.settle(calls, ready.failed)
    stopped = len(claimed) - len(ready.failed) - len(turn.waits) - len(calls.left) - calls.passed
    return count(turn, [*calls.outcomes, *ready.failed], stopped=stopped)


def count(turn: "Turn", outcomes: Sequence[Outcome], *, stopped: int) -> Delivered:
    fates = Counter(outcome.fate for outcome in outcomes)
    return Delivered(
        claimed=len(turn.claimed),
        accepted=fates[Fate.ACCEPTED],
        rejected=fates[Fate.REJECTED],
        retryable=fates[Fate.RETRYABLE],
        unknown=fates[Fate.UNKNOWN],
        stopped=stopped,
        put_off=len(turn.waits),
    )


def claim(
    connection: Connection,
    provider: Provider,
    *,
    workspace_id: int,
    worker: str,
    now: datetime,
    lease: timedelta,
    batch: int,
) -> list[Claimed]:
    """Claim as many messages as the vendor takes now; none while it rests or its day is full."""
    with connection.transaction():
        standing = take_turn(connection, provider=provider.name)
        most = allowance(standing, now=now, batch=batch)
        room = find_room(connection, provider=provider.name, most=most, now=now)
        if not room.most:
            return []
        claimed = claim_messages(
            connection,
            workspace_id=workspace_id,
            channels=provider.channels,
            provider=provider.name,
            worker=worker,
            now=now,
            lease=lease,
            batch=room.most,
            purposes=room.purposes,
        )
        fill_room(connection, room, taken=len(claimed))
        spend(connection, standing, provider=provider.name, taken=len(claimed), now=now)
    return claimed


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What has been claimed in one turn, and by which vendor it leaves."""

    connection: Connection
    workspace_id: int
    claimed: Sequence[Claimed]
    claimed_at: datetime
    provider: Provider
    clock: Callable[[Connection], datetime]
    lease: timedelta
    # What is to be handed over, by delivery.
    written: dict[int, Outgoing] = field(default_factory=dict[int, Outgoing])
    # The pictures that the vendor was given in an earlier turn, by delivery.
    older: dict[int, Shown] = field(default_factory=dict[int, Shown])
    # Until when what was put off waits, by delivery.
    waits: dict[int, datetime] = field(default_factory=dict[int, datetime])
    # Of what was still ours, how many did not leave, each time.
    kept: list[int] = field(default_factory=list[int])
    # Receivers of whom one mail shows whether they take mail again.
    tried: set[str] = field(default_factory=set[str])

    def call(
        self, sender: Sender, outgoing: Sequence[Outgoing], *, watch: Callable[[], Watch]
    ) -> Calls:
        """Call what passes the door, share by share."""
        most = self.lease * BEGIN_PART
        return make_calls(
            sender,
            outgoing,
            share=self.provider.share,
            door=self.pass_door,
            note=self.note,
            grant=lambda: begin_within(most, passed=watch()),
        )

    def spare_crowded(self, vault: Vault) -> Sequence[Claimed]:
        """Put off the mails whose receivers surely do not take them now; return the others.

        Before they are written, and signed: to open an address costs little beside that.
        """
        if Channel.EMAIL not in self.provider.channels:
            return self.claimed
        now, name = self.clock(self.connection), self.provider.name
        with self.connection.transaction():
            names = read_crowded(self.connection, provider=name)
            if not names:
                return self.claimed
            recipients = {
                found: address
                for found, address in open_addresses(self.claimed, vault=vault).items()
                if domain_of(address) in names
            }
            waits = line_up(self.connection, recipients, provider=name, now=now)
            spared = put_off(self.connection, waits, now=now)
        self.waits.update((found, waits[found]) for found in spared)
        self.kept.append(len(spared))
        return [one for one in self.claimed if one.delivery_id not in spared]

    def find_recipients(self, outcomes: Sequence[Outcome]) -> dict[int, str]:
        """Return mail addresses by delivery, where "too much" is said of their receiver."""
        if not self.provider.speaks_of_receivers:
            return {}
        ids = [one.delivery_id for one in outcomes if one.delivery_id in self.written]
        return {found: self.written[found].recipient for found in ids}

    def pass_door(self, outgoing: Sequence[Outgoing]) -> list[Outgoing]:
        """Let the guard look once more, and mark what may leave as being called.

        What its receiver does not take now is put off.

        In one transaction: the guard keeps the consents locked until the calls are marked, so that
        whoever withdraws one afterwards sees the call and waits for its end.
        """
        now = self.clock(self.connection)
        message_of = {message.delivery_id: message.message_id for message in self.claimed}
        with self.connection.transaction():
            waits = self.ask_receivers(outgoing, now=now)
            allowed = set(
                recheck_messages(
                    self.connection,
                    workspace_id=self.workspace_id,
                    message_ids=[message_of[mail.delivery_id] for mail in outgoing],
                    now=now,
                )
            )
            asked = [mail.delivery_id for mail in outgoing]
            passing = [found for found in asked if message_of[found] in allowed]
            stopped = [found for found in asked if message_of[found] not in allowed]
            kept = release(self.connection, delivery_ids=stopped, now=now)
            # Only what may still go waits: what has expired meanwhile is over.
            waiting = {found: waits[found] for found in passing if found in waits}
            kept += len(put_off(self.connection, waiting, now=now))
            self.kept.append(kept)
            self.waits.update(waiting)
            passing = [found for found in passing if found not in waiting]
            calling = begin_calls(self.connection, delivery_ids=passing, now=now, lease=self.lease)
            crashpoint("door.before_commit")
        crashpoint("calling.after_commit")
        return [self.written[delivery_id] for delivery_id in calling]

    def ask_receivers(
        self, outgoing: Sequence[Outgoing], *, now: datetime
    ) -> Mapping[int, datetime]:
        """Return until when the mails wait whose receivers do not take them now."""
        if Channel.EMAIL not in self.provider.channels:
            return {}
        asked = ask_domains(self.connection, outgoing, provider=self.provider.name, now=now)
        self.tried.update(asked.tried)
        return asked.waits

    def hear_receivers(self, outcomes: Sequence[Outcome], *, now: datetime) -> list[Outcome]:
        """Let receivers rest to whom it was too much; what they refused waits as long."""
        name = self.provider.name
        recipients = self.find_recipients(outcomes)
        if self.tried:
            free_domains(
                self.connection, outcomes, recipients, tried=self.tried, provider=name, now=now
            )
        domains = crowded(outcomes, recipients)
        rests = rest_domains(self.connection, domains.values(), provider=name, now=now)
        return [
            replace(one, retry_after=rests[domains[one.delivery_id]] - now)
            if one.delivery_id in domains
            else one
            for one in outcomes
        ]

    def note(self, outcomes: Sequence[Outcome]) -> int:
        """Write outcomes and what follows for the person and the message; return how many stand."""
        now = self.clock(self.connection)
        with self.connection.transaction():
            outcomes = self.hear_receivers(outcomes, now=now)
            outcomes = doubt_pictures(
                self.connection, outcomes, self.older, provider=self.provider.name
            )
            settled = follow_up(
                self.connection,
                outcomes,
                workspace_id=self.workspace_id,
                claimed=self.claimed,
                provider=self.provider,
                now=now,
            )
            noted = [outcome.delivery_id for outcome in outcomes]
            called = [self.written[found] for found in noted if found in self.written]
            price_deliveries(self.connection, called, provider=self.provider.name)
            crashpoint("record.before_commit")
        crashpoint("record.after_commit")
        return settled

    def settle(self, calls: Calls, spoiled: Sequence[Outcome]) -> None:
        """Reject what could not be written, give back what was not begun, judge the vendor."""
        now = self.clock(self.connection)
        if spoiled:
            self.kept.append(self.note(spoiled))
        with self.connection.transaction():
            unbegun = [mail.delivery_id for mail in calls.left]
            kept = release(self.connection, delivery_ids=unbegun, now=now)
            settle_turn(
                self.connection,
                calls.outcomes,
                provider=self.provider.name,
                now=now,
                of_receivers=self.is_of_receivers(calls.outcomes),
            )
            give_back(
                self.connection,
                provider=self.provider.name,
                number=kept + sum(self.kept),
                now=self.claimed_at,
            )

    def is_of_receivers(self, outcomes: Sequence[Outcome]) -> bool:
        """Tell whether what was too much was so for single receivers, not for the vendor."""
        domains = set(crowded(outcomes, self.find_recipients(outcomes)).values())
        others = any(outcome.fate is Fate.ACCEPTED for outcome in outcomes)
        return bool(domains) and (others or len(domains) < EVERYBODY)
