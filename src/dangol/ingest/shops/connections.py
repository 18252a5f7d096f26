"""Shop connections: where a platform posts to, and the secret that proves it is the platform."""

import json
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from psycopg.rows import class_row

from dangol.ingest.event import Json
from dangol.ingest.shops.shop import Shop
from dangol.store.connect import Connection
from dangol.store.statements import load_statements
from dangol.store.vault import Vault
from dangol.store.vocabulary import ShopPlatform

STATEMENTS = load_statements("dangol.ingest")
TOKEN_BYTES: Final = 18
SEALED_AS: Final = "shop_secret"
NAME: Final = re.compile(r"[a-z0-9-]{1,40}")
SHORTEST_SECRET: Final = 8


class ShopFault(Exception):  # noqa: N818 - a fault of what was asked, said to its owner
    """A shop cannot be connected like this; the text says what to do."""


def add_shop(
    connection: Connection,
    *,
    workspace_id: int,
    platform: ShopPlatform,
    name: str,
    secret: str,
    vault: Vault,
    now: datetime,
    mapping: Json | None = None,
) -> str:
    """Connect a shop and return the path to which its platform shall post.

    Raises:
        ShopFault: the name is taken or unusable, the secret too short, or a mapping is missing.
    """
    check(platform, name=name, secret=secret, mapping=mapping)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    added = connection.execute(
        STATEMENTS["add_shop"],
        {
            "workspace_id": workspace_id,
            "platform": platform,
            "name": name,
            "token": token,
            "sealed_secret": vault.seal(workspace_id, SEALED_AS, secret),
            "mapping": None if mapping is None else json.dumps(mapping),
            "now": now,
        },
    ).fetchone()
    if added is None:
        raise ShopFault(f"name is {name!r}, which another shop has: choose another --name.")
    return f"/hooks/{token}"


def check(platform: ShopPlatform, *, name: str, secret: str, mapping: Json | None) -> None:
    """Refuse what would fail at the first webhook, or let anybody in."""
    if not NAME.fullmatch(name):
        raise ShopFault(f"name is {name!r}: use up to 40 of a-z, 0-9 and -, like main-mall.")
    check_secret(secret)
    if platform is ShopPlatform.GENERIC and mapping is None:
        raise ShopFault("A generic shop needs --mapping: a file as docs/guides/shops.md shows.")
    if platform is not ShopPlatform.GENERIC and mapping is not None:
        raise ShopFault(f"--mapping is for generic shops: what {platform} posts is known.")


def check_secret(secret: str) -> None:
    """Refuse a secret that could be guessed."""
    if len(secret) < SHORTEST_SECRET:
        raise ShopFault(
            f"The secret has {len(secret)} characters: give the one that the platform shows, at "
            f"least {SHORTEST_SECRET}."
        )


def find_shop(connection: Connection, *, token: str, vault: Vault, now: datetime) -> Shop | None:
    """Return whose hook it is; None when nobody's."""
    row = connection.execute(STATEMENTS["find_shop"], {"token": token, "now": now}).fetchone()
    if row is None:
        return None
    shop_id, workspace_id, platform, name, sealed, mapping, country, previous = row
    return Shop(
        id=shop_id,
        workspace_id=workspace_id,
        platform=ShopPlatform(platform),
        name=name,
        secret=vault.open(workspace_id, SEALED_AS, bytes(sealed)),
        mapping=mapping,
        country=country,
        previous_secret=previous and vault.open(workspace_id, SEALED_AS, bytes(previous)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedShop:
    """One connection as its owner sees it, never its secret.

    ``waiting`` counts the events that wait to hear whose they are, since ``oldest_waiting_at``.
    """

    name: str
    platform: ShopPlatform
    path: str
    created_at: datetime
    previous_until: datetime | None
    waiting: int
    oldest_waiting_at: datetime | None


def list_shops(connection: Connection, *, workspace_id: int, now: datetime) -> list[ListedShop]:
    """Return a workspace's connections, by name."""
    values = {"workspace_id": workspace_id, "now": now}
    with connection.cursor(row_factory=class_row(ListedShop)) as cursor:
        return cursor.execute(STATEMENTS["list_shops"], values).fetchall()


def rotate_shop(
    connection: Connection,
    *,
    workspace_id: int,
    name: str,
    secret: str,
    vault: Vault,
    now: datetime,
    grace: timedelta,
) -> None:
    """Give a shop a new secret; the one until now is accepted for the ``grace`` time.

    Raises:
        ShopFault: there is no such shop, or the secret is too short.
    """
    check_secret(secret)
    values = {
        "workspace_id": workspace_id,
        "name": name,
        "sealed_secret": vault.seal(workspace_id, SEALED_AS, secret),
        "until": now + grace,
        "is_kept": grace > timedelta(0),
    }
    if connection.execute(STATEMENTS["rotate_shop"], values).rowcount == 0:
        raise unknown_shop(name)


def remove_shop(
    connection: Connection, *, workspace_id: int, name: str, drop_waiting: bool, now: datetime
) -> None:
    """End a connection: its address answers 404 from now on. What it has told stays.

    Raises:
        ShopFault: there is no such shop, or events of it still wait and may not be dropped.
    """
    shops = {one.name: one for one in list_shops(connection, workspace_id=workspace_id, now=now)}
    if name not in shops:
        raise unknown_shop(name)
    if shops[name].waiting and not drop_waiting:
        raise ShopFault(
            f"{shops[name].waiting:,} events of {name!r} wait to hear whose they are. Let its "
            "platform send those orders again first, or lose them with --drop-waiting."
        )
    _ = connection.execute(STATEMENTS["remove_shop"], {"workspace_id": workspace_id, "name": name})


def unknown_shop(name: str) -> ShopFault:
    """Say that there is no shop of that name."""
    return ShopFault(f"There is no shop named {name!r}: `dangol shop list` shows them.")
