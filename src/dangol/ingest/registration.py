"""Devices that say by which token they are sent notifications, from the edge to their table.

A client says it as Segment's do, in ``context.device``: ``token``, ``id`` and ``type``. A browser's
token is its push subscription as JSON text. A device without an id goes by the anonymous id, and
without that by its token. The token travels through the inbox sealed, beside the contact data.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec
from psycopg.rows import class_row

from dangol.ingest.contacts import seal_contact
from dangol.ingest.device import read
from dangol.ingest.reseal import NewContact, keys_of
from dangol.store.connect import Connection, empty_working
from dangol.store.devices import mirror_devices
from dangol.store.migrate import ensure_event_partitions
from dangol.store.statements import load_statements
from dangol.store.vault import Vault
from dangol.store.vocabulary import DevicePlatform

STATEMENTS = load_statements("dangol.ingest")
# What a token is sealed as; channels open it as the same.
KIND: Final = "push"
LONGEST_TOKEN: Final = 4_096
LONGEST_DEVICE_ID: Final = 512
PLATFORMS: Final = {
    "android": DevicePlatform.ANDROID,
    "ios": DevicePlatform.IOS,
    "ipados": DevicePlatform.IOS,
    "web": DevicePlatform.WEB,
}
# Apple's tokens are hexadecimal.
HEXADECIMAL: Final = frozenset("0123456789abcdefABCDEF")


class Registered(msgspec.Struct, frozen=True, gc=False):
    """What a client says of a device that can be sent notifications."""

    token: str | None = None
    id: str | None = None
    type: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDevice(NewContact):
    """A device to keep: the contact is its token."""

    device: str
    platform: str
    registered_at: datetime


def take_device(
    machine: bytes, *, anonymous_id: str | None, vault: Vault, workspace_id: int
) -> list[dict[str, str]]:
    """Return a context's device with its token sealed; nothing where it names no usable token.

    What is not of the expected shape tells nothing, and refuses no event, like the rest of what a
    context says of its machine.
    """
    said = read(machine, Registered) or Registered()
    token = (said.token or "").strip()
    if not 0 < len(token) <= LONGEST_TOKEN or "\0" in token:
        return []
    name = (said.id or anonymous_id or token)[:LONGEST_DEVICE_ID]
    sealed = seal_contact(vault, workspace_id, KIND, token)
    key = vault.key(workspace_id, "device", name)
    return [{**sealed, "device": key, "platform": platform_of(token, said.type or "").value}]


def platform_of(token: str, kind: str) -> DevicePlatform:
    """Return what a device is; a subscription is a browser's, whatever its client calls itself."""
    if token.startswith("{"):
        return DevicePlatform.WEB
    hexadecimal = HEXADECIMAL.issuperset(token)
    guess = DevicePlatform.IOS if hexadecimal else DevicePlatform.ANDROID
    return PLATFORMS.get(kind.strip().lower(), guess)


def register_devices(
    connection: Connection, *, workspace_id: int, vault: Vault, now: datetime
) -> int:
    """Keep the tick's new devices, and let push reach their customers there; return how many.

    Raises:
        BadToken: one of their tokens cannot be opened.
        MissingKeyError: the key file lacks the master key of one.
    """
    values = {"workspace_id": workspace_id, "now": now}
    with connection.cursor(row_factory=class_row(NewDevice)) as cursor:
        found = cursor.execute(STATEMENTS["read_new_devices"], values).fetchall()
    if not found:
        return 0
    # A token is one device's: of two that say it at once, the later one's.
    latest = {one.key: one for one in sorted(found, key=lambda one: one.registered_at)}
    devices = sorted(latest.values(), key=lambda one: one.device)
    keys = keys_of(connection, devices, workspace_id=workspace_id, vault=vault)
    empty_working(connection, "tick_device")
    with connection.cursor() as cursor, cursor.copy(STATEMENTS["copy_devices"]) as copy:
        for one in devices:
            token = vault.open(workspace_id, KIND, one.sealed)
            sealed = keys[one.customer_id].seal(KIND, token)
            row = (one.customer_id, one.device, one.platform, one.key, sealed, one.registered_at)
            copy.write_row(row)
    ensure_event_partitions(connection, days=[now.date()])
    owners = connection.execute(STATEMENTS["attach_devices"], values).fetchall()
    mirror_devices(connection, [int(row[0]) for row in owners])
    return len(devices)
