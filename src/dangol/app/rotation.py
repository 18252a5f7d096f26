"""A new master key in place of an old one, without a moment in which something cannot be opened.

    add     the new key into the file: whatever is sealed from then on is under it
    reseal  customers' keys, shops' secrets, references and the inbox, batch by batch
    drop    the old key, once a whole pass has found nothing under it and whoever sealed something
            just before the new key came has long committed it

Each call goes on where the last one was cut off: the file and the versions in the rows say where.
"""

import base64
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

from dangol.app.clock import STATEMENTS
from dangol.app.database import list_workspaces
from dangol.app.keyfile import read_ring, write_ring
from dangol.store.connect import Connection, StoreError
from dangol.store.crash import crashpoint
from dangol.store.vault import (
    KEY_BYTES,
    VERSION_BYTES,
    BadToken,
    MissingKeyError,
    Ring,
    Vault,
    mark_of,
)

BATCH: Final = 1_000
# Longer than anybody holds what they have sealed before they commit it.
ON_ITS_WAY: Final = timedelta(minutes=15)
# As what an endpoint's secret, the one before it and its headers are sealed.
WEBHOOK_KINDS: Final = ("webhook_secret", "webhook_secret", "webhook_headers")
AUDIENCE: Final = "audience_member"
SHOP_SECRET: Final = "shop_secret"  # noqa: S105 - what it is sealed as


class Contact(msgspec.Struct, omit_defaults=True):
    """A contact as the inbox and the references keep it; a token comes with its device."""

    kind: str
    key: str
    sealed: str
    device: str | None = None
    platform: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """How a rotation stands: the key that seals, and until when older ones are kept."""

    version: int
    resealed: int
    # None once nothing but the new key is left.
    kept_until: datetime | None


def meet_keys(connection: Connection, vault: Vault, *, now: datetime) -> None:
    """Note which master keys are in use, and refuse a key file of something else.

    Raises:
        StoreError: the file has another key than this database, or lacks its newest.
    """
    ring = vault.ring
    with connection.transaction():
        known = connection.execute(STATEMENTS["read_master_keys"]).fetchall()
        for version, proof, _, _ in known:
            if version > ring.newest or (version in ring.masters and proof != ring.proof(version)):
                raise StoreError(
                    f"The key file is not the one of this database: master key {version} is "
                    "missing or another. Put the newest dangol.key of this data in its place."
                )
        for version in ring.masters:
            values = {"version": version, "proof": ring.proof(version), "now": now}
            _ = connection.execute(STATEMENTS["add_master_key"], values)


def rotate(
    connection: Connection,
    vault: Vault,
    *,
    path: Path,
    now: datetime,
    progress: Callable[[int], None] = lambda _: None,
) -> Rotation:
    """Begin a rotation or go on with one; return how it then stands. Commits batch by batch.

    Raises:
        StoreError: the file has another key than this database.
        OSError: the key file cannot be written.
    """
    meet_keys(connection, vault, now=now)
    if len(vault.ring.masters) == 1:
        add_key(path)
        crashpoint("rotate.after_added")
        meet_keys(connection, vault, now=now)
    version = vault.ring.newest
    resealed = reseal_all(connection, vault, progress=progress)
    # What was on its way into the database during the first pass.
    while late := reseal_all(connection, vault, progress=lambda _: None):
        resealed += late
    crashpoint("rotate.after_resealed")
    free_at = added_at(connection, version) + ON_ITS_WAY
    if now < free_at:
        return Rotation(version=version, resealed=resealed, kept_until=free_at)
    ring = read_ring(path)
    write_ring(path, Ring(names=ring.names, masters={version: ring.masters[version]}))
    crashpoint("rotate.after_dropped")
    with connection.transaction():
        values = {"version": version, "now": now}
        _ = connection.execute(STATEMENTS["drop_master_keys"], values)
    return Rotation(version=version, resealed=resealed, kept_until=None)


def add_key(path: Path) -> None:
    """Add a key to the file, which seals from now on."""
    ring = read_ring(path)
    masters = {**ring.masters, ring.newest + 1: secrets.token_bytes(KEY_BYTES)}
    write_ring(path, Ring(names=ring.names, masters=masters))


def added_at(connection: Connection, version: int) -> datetime:
    """Return since when a master key is in use."""
    with connection.transaction():
        rows = connection.execute(STATEMENTS["read_master_keys"]).fetchall()
    return next(added for number, _, added, _ in rows if number == version)


def reseal_all(connection: Connection, vault: Vault, *, progress: Callable[[int], None]) -> int:
    """Seal anew, under the newest key, everything an older one has sealed; return how much.

    What nobody can open stays as it is: no key would help it.
    """
    done = 0
    steps = (
        rewrap_keys(connection, vault),
        reseal_secrets(connection, vault),
        reseal_webhook_secrets(connection, vault),
        reseal_audiences(connection, vault),
        reseal_references(connection, vault),
        *(
            reseal_inbox(connection, vault, workspace_id=workspace_id)
            for workspace_id in list_workspaces(connection)
        ),
    )
    for step in steps:
        for count in step:
            done += count
            progress(done)
            crashpoint("rotate.after_batch")
    return done


def rewrap_keys(connection: Connection, vault: Vault) -> Iterator[int]:
    """Wrap customers' keys anew; yield how many, batch by batch."""
    after, version = 0, vault.ring.newest
    while True:
        with connection.transaction():
            values = {"after": after, "version": version, "batch": BATCH}
            rows = connection.execute(STATEMENTS["take_wrapped_keys"], values).fetchall()
            if not rows:
                return
            fresh = {who: rewrap(vault, workspace_id, key) for who, workspace_id, key in rows}
            fresh = {who: key for who, key in fresh.items() if key is not None}
            kept = {"customer_ids": list(fresh), "wrapped": list(fresh.values())}
            _ = connection.execute(STATEMENTS["rewrap_keys"], {**kept, "version": version})
        after = rows[-1][0]
        yield len(fresh)


def rewrap(vault: Vault, workspace_id: int, wrapped: bytes) -> bytes | None:
    """Wrap a key anew; None for one that cannot be opened."""
    try:
        return vault.wrap(workspace_id, vault.unwrap(workspace_id, wrapped))
    except (BadToken, MissingKeyError):
        return None


def reseal_secrets(connection: Connection, vault: Vault) -> Iterator[int]:
    """Seal shops' secrets anew."""
    first_bytes = vault.ring.newest.to_bytes(VERSION_BYTES)
    with connection.transaction():
        values = {"first_bytes": first_bytes}
        rows = connection.execute(STATEMENTS["take_shop_secrets"], values).fetchall()
        for number, workspace_id, sealed in rows:
            secret = vault.open(workspace_id, SHOP_SECRET, sealed)
            fresh = {"id": number, "sealed": vault.seal(workspace_id, SHOP_SECRET, secret)}
            _ = connection.execute(STATEMENTS["reseal_shop_secret"], fresh)
    yield len(rows)


def reseal_webhook_secrets(connection: Connection, vault: Vault) -> Iterator[int]:
    """Seal anew what calls to webhook endpoints are signed with, and their headers."""
    first_bytes = vault.ring.newest.to_bytes(VERSION_BYTES)
    with connection.transaction():
        values = {"first_bytes": first_bytes}
        rows = connection.execute(STATEMENTS["take_webhook_secrets"], values).fetchall()
        for number, workspace_id, *kept in rows:
            sealed, previous, headers = (
                vault.seal(workspace_id, kind, vault.open(workspace_id, kind, one))
                if one is not None
                else None
                for kind, one in zip(WEBHOOK_KINDS, kept, strict=True)
            )
            fresh = {"id": number, "sealed": sealed, "previous": previous, "headers": headers}
            _ = connection.execute(STATEMENTS["reseal_webhook_secret"], fresh)
    yield len(rows)


def reseal_audiences(connection: Connection, vault: Vault) -> Iterator[int]:
    """Seal anew what ad networks were told; yield how many, batch by batch."""
    values = {"first_bytes": vault.ring.newest.to_bytes(VERSION_BYTES), "batch": BATCH}
    while True:
        with connection.transaction():
            rows = connection.execute(STATEMENTS["take_audience_hashes"], values).fetchall()
            for workspace_id, audience_id, customer_id, channel, hashed in rows:
                told = vault.open(workspace_id, AUDIENCE, hashed)
                member = {
                    "audience_id": audience_id,
                    "customer_id": customer_id,
                    "channel": channel,
                    "hashed": vault.seal(workspace_id, AUDIENCE, told),
                }
                _ = connection.execute(STATEMENTS["reseal_audience_hash"], member)
        yield len(rows)
        if not rows:
            return


def reseal_references(connection: Connection, vault: Vault) -> Iterator[int]:
    """Seal anew the contacts by which shops' orders lead to their buyers."""
    after = {"after_id": 0, "after_reference": ""}
    while True:
        with connection.transaction():
            values = {**after, "mark": mark_of(vault.ring.newest), "batch": BATCH}
            rows = connection.execute(STATEMENTS["take_references"], values).fetchall()
            if not rows:
                return
            done = 0
            for workspace_id, connection_id, reference, contacts in rows:
                if fresh := reseal(vault, workspace_id, contacts):
                    at = {"connection_id": connection_id, "reference": reference}
                    _ = connection.execute(
                        STATEMENTS["reseal_reference"], {**at, "contacts": fresh}
                    )
                    done += 1
        after = {"after_id": rows[-1][1], "after_reference": rows[-1][2]}
        yield done


def reseal_inbox(connection: Connection, vault: Vault, *, workspace_id: int) -> Iterator[int]:
    """Seal anew the contacts of a workspace's inbox."""
    after: tuple[str, int] = ("0", 0)
    while True:
        with connection.transaction():
            mark = mark_of(vault.ring.newest)
            values = {"workspace_id": workspace_id, "mark": mark, "batch": BATCH}
            position = {"after": after[0], "after_id": after[1]}
            rows = connection.execute(
                STATEMENTS["take_inbox_contacts"], {**values, **position}
            ).fetchall()
            if not rows:
                return
            done = 0
            for written_by, number, received_at, contacts in rows:
                if fresh := reseal(vault, workspace_id, contacts):
                    at = {"written_by": written_by, "id": number, "received_at": received_at}
                    _ = connection.execute(
                        STATEMENTS["reseal_event"], {**values, **at, "contacts": fresh}
                    )
                    done += 1
        after = (rows[-1][0], rows[-1][1])
        yield done


def reseal(vault: Vault, workspace_id: int, contacts: Sequence[object]) -> str | None:
    """Seal contacts anew; None where one of them cannot be opened."""
    try:
        stored = msgspec.convert(contacts, list[Contact])
        for contact in stored:
            sealed = base64.b64decode(contact.sealed)
            value = vault.open(workspace_id, contact.kind, sealed)
            fresh = vault.seal(workspace_id, contact.kind, value)
            contact.sealed = base64.b64encode(fresh).decode()
    except (msgspec.ValidationError, ValueError, BadToken, MissingKeyError):
        return None
    return msgspec.json.encode(stored).decode()
