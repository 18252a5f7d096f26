"""A group of webhooks, from bytes to durable events: one COMMIT, then an answer to each."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import msgspec
import psycopg
from psycopg_pool import ConnectionPool, PoolTimeout

from dangol.ingest.fault import BadPayload
from dangol.ingest.inbox import write_events
from dangol.ingest.reception import CONTENT_ERRORS, PATIENCE_SECONDS, store_away
from dangol.ingest.shops import cafe24, generic, imweb, shopify
from dangol.ingest.shops.connections import find_shop
from dangol.ingest.shops.owners import settle_owners
from dangol.ingest.shops.shop import Delivery, Scribe, Shop
from dangol.store.connect import Connection
from dangol.store.crash import crashpoint
from dangol.store.vault import Vault
from dangol.store.vocabulary import ShopPlatform

PLATFORMS: Final = {
    ShopPlatform.CAFE24: cafe24,
    ShopPlatform.SHOPIFY: shopify,
    ShopPlatform.IMWEB: imweb,
    ShopPlatform.GENERIC: generic,
}
LARGEST_HOOK: Final = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooked:
    """One webhook as it came, and where."""

    token: str
    body: bytes
    headers: dict[str, str]


class HookTaken(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to a webhook: what it said is durable.

    ``told`` counts its events, 0 where it is not about a customer. ``written`` counts what went
    into the inbox: its own events unless they wait for their person, and those it released.
    """

    success: bool = True
    told: int
    written: int


HookAnswer = HookTaken | BadPayload


@dataclass(slots=True, kw_only=True)
class HookDesk:
    """Takes groups of webhooks; safe to use from several threads."""

    pool: ConnectionPool[Connection]
    vault: Vault
    clock: Callable[[Connection], datetime]

    def take(self, hooks: Sequence[Hooked]) -> Sequence[HookAnswer]:
        """Make a group of webhooks durable and return an answer to each."""
        try:
            with self.pool.connection(timeout=PATIENCE_SECONDS) as connection:
                return self.take_with(connection, hooks)
        except (psycopg.OperationalError, PoolTimeout):
            return [store_away() for _ in hooks]

    def take_with(self, connection: Connection, hooks: Sequence[Hooked]) -> Sequence[HookAnswer]:
        """Take each webhook on its own, so that none fails another, and commit them together."""
        now = self.clock(connection)
        answers = [self.take_one(connection, hook, now=now) for hook in hooks]
        crashpoint("ingest.before_commit")
        connection.commit()
        crashpoint("ingest.after_commit")
        return answers

    def take_one(self, connection: Connection, hook: Hooked, *, now: datetime) -> HookAnswer:
        """Write what one webhook says, or say why not; not yet committed."""
        try:
            with connection.transaction():
                return self.write(connection, hook, now=now)
        except BadPayload as fault:
            return fault
        except CONTENT_ERRORS as fault:
            why = str(fault).partition("\n")[0]
            return BadPayload("not_storable", f"The database refuses the webhook: {why}.")

    def write(self, connection: Connection, hook: Hooked, *, now: datetime) -> HookTaken:
        """Verify, read, find whose it is, and write.

        Raises:
            BadPayload: the webhook is not from its platform, or cannot be read.
        """
        shop = find_shop(connection, token=hook.token, vault=self.vault, now=now)
        if shop is None:
            raise BadPayload(
                "unknown_hook",
                "There is no such hook: enter the address that `dangol shop add` printed.",
            )
        delivery = Delivery(body=hook.body, headers=hook.headers, received_at=now)
        platform = PLATFORMS[shop.platform]
        if not any(platform.verify(delivery, shop=one) for one in as_signed(shop)):
            raise BadPayload(
                "bad_signature",
                f"The webhook is not signed with the secret of {shop.name!r}: connect the shop "
                "again with the secret that its platform shows.",
            )
        scribe = Scribe(shop=shop, vault=self.vault, received_at=now)
        told = platform.read(delivery, scribe=scribe)
        events = settle_owners(connection, told, connection_id=shop.id, now=now)
        written = write_events(connection, events, workspace_id=shop.workspace_id, received_at=now)
        return HookTaken(told=len(told), written=written)


def as_signed(shop: Shop) -> Iterator[Shop]:
    """Yield the shop with each secret that its platform may sign with."""
    yield shop
    if shop.previous_secret is not None:
        yield replace(shop, secret=shop.previous_secret)
