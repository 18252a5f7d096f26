"""Shop connections: where a platform posts to, and the secret that proves it is the platform."""

import json
import re
import secrets
from datetime import datetime
from typing import Final

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
    if len(secret) < SHORTEST_SECRET:
        raise ShopFault(
            f"The secret has {len(secret)} characters: give the one that the platform shows, at "
            f"least {SHORTEST_SECRET}."
        )
    if platform is ShopPlatform.GENERIC and mapping is None:
        raise ShopFault("A generic shop needs --mapping: a file as docs/guides/shops.md shows.")
    if platform is not ShopPlatform.GENERIC and mapping is not None:
        raise ShopFault(f"--mapping is for generic shops: what {platform} posts is known.")


def find_shop(connection: Connection, *, token: str, vault: Vault) -> Shop | None:
    """Return whose hook it is; None when nobody's."""
    row = connection.execute(STATEMENTS["find_shop"], {"token": token}).fetchone()
    if row is None:
        return None
    shop_id, workspace_id, platform, name, sealed, mapping, country = row
    return Shop(
        id=shop_id,
        workspace_id=workspace_id,
        platform=ShopPlatform(platform),
        name=name,
        secret=vault.open(workspace_id, SEALED_AS, bytes(sealed)),
        mapping=mapping,
        country=country,
    )
