"""The webhooks' delivery loop: claim, call outside of any transaction, record, as calls come back.

A shift goes on as long as there is something to do. It never waits for the slowest of a batch: what
has come back is recorded and its place given to the next, so that one dead endpoint among a hundred
takes a few places and nobody's time.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Collection, Iterable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from dangol.app.clock import frozen_time, shifted_clock
from dangol.app.settings import Settings
from dangol.content.liquid import TemplateError
from dangol.providers.egress.client import Answer, Egress, EgressError, open_egress
from dangol.providers.egress.target import RefusedTarget
from dangol.store.connect import Connection
from dangol.store.crash import crashpoint
from dangol.store.vault import BadToken, MissingKeyError, Vault
from dangol.webhooks.calls import (
    LONGEST_ANSWER,
    Claimed,
    Made,
    body_of,
    claim_calls,
    record_calls,
    recover_calls,
)
from dangol.webhooks.endpoints import SEALED_AS
from dangol.webhooks.headers import open_headers
from dangol.webhooks.signature import sign

LOGGER: Final = logging.getLogger("dangol.courier")
PLACES_MAX: Final = 200
# How often is looked for what has become due while calls are under way.
LOOK_SECONDS: Final = 0.25
GATHER_SECONDS: Final = 0.02
AGENT: Final = "Dangol-Webhooks/1"
# What stands in an answer for a header's value; shorter ones are no keys, and may be any word.
HIDDEN: Final = "[hidden]"
SHORTEST_HIDDEN: Final = 6

OpenEgress = Callable[[], AbstractAsyncContextManager[Egress]]


@dataclass(slots=True, kw_only=True)
class Courier:
    """Makes calls; ``clock`` tells the time of the database's connection."""

    vault: Vault
    open_egress: OpenEgress
    clock: Callable[[Connection], datetime] = shifted_clock
    stop: threading.Event = field(default_factory=threading.Event)

    def work(self, connection: Connection) -> int:
        """Make every call that is due, and those that become due meanwhile; return how many.

        Commits by itself. Asked to stop, it ends once the calls under way have come back.
        """
        with connection.transaction():
            _ = recover_calls(connection, now=self.clock(connection))
        first = self.claim(connection, places=PLACES_MAX)
        return asyncio.run(self._shift(connection, first)) if first else 0

    def claim(self, connection: Connection, *, places: int) -> list[Claimed]:
        """Claim what is due, and commit that."""
        with connection.transaction():
            claimed = claim_calls(connection, now=self.clock(connection), batch=places)
        crashpoint("webhooks.claimed")
        return claimed

    async def _shift(self, connection: Connection, claimed: list[Claimed]) -> int:
        under_way: set[asyncio.Task[Made]] = set()
        count = 0
        async with self.open_egress() as egress:
            while claimed or under_way:
                count += len(claimed)
                now = self.clock(connection)
                under_way |= {
                    asyncio.create_task(call(egress, one, vault=self.vault, now=now))
                    for one in claimed
                }
                done, _ = await asyncio.wait(
                    under_way, timeout=LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED
                )
                if done:
                    # Others come back meanwhile, and are recorded by the same commit.
                    await asyncio.sleep(GATHER_SECONDS)
                done = {task for task in under_way if task.done()}
                under_way -= done
                self._record(connection, done)
                claimed = self._claim_more(connection, places=PLACES_MAX - len(under_way))
        return count

    def _claim_more(self, connection: Connection, *, places: int) -> list[Claimed]:
        if self.stop.is_set() or places <= 0:
            return []
        return self.claim(connection, places=places)

    def _record(self, connection: Connection, done: Collection[asyncio.Task[Made]]) -> None:
        if not done:
            return
        crashpoint("webhooks.called")
        with connection.transaction():
            made = sorted((task.result() for task in done), key=lambda one: one.id)
            record_calls(connection, made, now=self.clock(connection))


async def call(egress: Egress, one: Claimed, *, vault: Vault, now: datetime) -> Made:
    """Make one call; whatever becomes of it is in what is returned."""
    try:
        body = body_of(one)
    except TemplateError as fault:
        return Made(id=one.id, attempts=one.attempts, status=0, answer=str(fault), is_spoiled=True)
    try:
        wished = open_headers(one.sealed_headers, workspace_id=one.workspace_id, vault=vault)
        headers = {
            "Content-Type": "application/json",
            "User-Agent": AGENT,
            **sign(one.ref, body, secrets_in_use=secrets_of(one, vault=vault), now=now),
            **wished,
        }
        answer = await egress.post(one.url, headers=headers, body=body)
    except (RefusedTarget, EgressError, BadToken, MissingKeyError) as fault:
        return Made(id=one.id, attempts=one.attempts, status=0, answer=str(fault))
    return Made(
        id=one.id,
        attempts=one.attempts,
        status=answer.status,
        answer=words_of(answer, hidden=wished.values()),
        patience=patience_of(answer),
    )


def secrets_of(one: Claimed, *, vault: Vault) -> list[str]:
    """Open the secrets a call is signed with, the newest first."""
    sealed = [one.sealed_secret, *([one.previous_secret] if one.previous_secret else [])]
    return [vault.open(one.workspace_id, SEALED_AS, bytes(secret)) for secret in sealed]


def words_of(answer: Answer, *, hidden: Iterable[str]) -> str:
    """Return the begin of an answer, as the database can keep it.

    A receiver that repeats what a header told it does not put a key before everybody's eyes.
    """
    text = answer.body.decode("utf-8", errors="replace")
    for value in hidden:
        # Longest first: the whole, then the key behind a word like Bearer.
        for word in (value, *value.split()):
            if len(word) >= SHORTEST_HIDDEN:
                text = text.replace(word, HIDDEN)
    return text[:LONGEST_ANSWER].replace("\x00", "\ufffd")


def patience_of(answer: Answer) -> timedelta:
    """Read how long the receiver asks us to wait, in seconds; a date asks for nothing."""
    wish = answer.headers.get("retry-after", "").strip()
    # What has more digits asks for longer than anybody waits.
    if wish.isascii() and wish.isdigit():
        return timedelta(seconds=min(int(wish[:9]), 86_400))
    return timedelta(0)


def make_courier(settings: Settings, *, vault: Vault, stop: threading.Event) -> Courier:
    """Return the courier of a working process."""
    return Courier(
        vault=vault,
        open_egress=lambda: open_egress(loopback=settings.egress_loopback),
        stop=stop,
    )


def carry(connection: Connection, courier: Courier) -> bool:
    """Make every call that is due; nothing leaves while a replay holds the clock."""
    with connection.transaction():
        frozen = frozen_time(connection) is not None
    if not frozen:
        _ = courier.work(connection)
    return False
