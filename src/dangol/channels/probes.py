"""Asking whether an app is still there: a notification that shows nothing, to who was long silent.

No system tells that an app was removed; its vendor refuses the token at the next push. So each app
of which nothing was heard for days is sent one that nobody sees. It is no message: it says nothing,
has no decision and counts nowhere. Who refuses notifications is not asked, nor are browsers, which
punish pushes that show nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from psycopg.rows import class_row

from dangol.channels.claim import STATEMENTS
from dangol.providers.vendor import Outgoing, PushNote
from dangol.store.connect import Connection
from dangol.store.vault import Vault
from dangol.store.vocabulary import Channel

LONGEST_DAYS: Final = 90
# What an app finds in the data of such a notification, and may leave alone.
PROBE: Final = {"dangol_probe": "1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """A device to ask for; ``sealed`` opens with ``wrapped``."""

    key: str
    token_key: str
    sealed: bytes
    wrapped: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Devices:
    """How many devices of a kind are in a state; ``silent`` wait to be asked for."""

    platform: str
    state: str
    devices: int
    silent: int
    # In the last 24 hours.
    asked: int


def claim_probes(
    connection: Connection, *, workspace_id: int, now: datetime, batch: int
) -> list[Probe]:
    """Take up to ``batch`` devices, longest silent first; return those to ask for.

    Does not commit; once it is committed, none of them is taken again for as many days.
    """
    values = {"workspace_id": workspace_id, "now": now, "batch": batch}
    with connection.cursor(row_factory=class_row(Probe)) as cursor:
        return cursor.execute(STATEMENTS["claim_probes"], values).fetchall()


def write_probe(
    probe: Probe, *, number: int, workspace_id: int, vault: Vault, now: datetime
) -> Outgoing:
    """Write what is sent; ``number`` comes back in the outcome.

    Raises:
        BadToken: the token was sealed under another key.
        MissingKeyError: the key file lacks the master key that is needed.
    """
    token = vault.open_for(workspace_id, Channel.PUSH.value, probe.sealed, probe.wrapped)
    return Outgoing(
        delivery_id=number,
        vendor_id=f"probe:{probe.token_key}:{now.timestamp():.0f}",
        sender="",
        recipient=token,
        content=PushNote(title="", body="", data=PROBE, is_silent=True),
    )


def put_off_probes(
    connection: Connection, probes: Sequence[Probe], *, workspace_id: int, probed_at: datetime
) -> None:
    """Have devices asked for again in an hour, whose vendor could not say."""
    if probes:
        keys = [probe.key for probe in probes]
        values = {"workspace_id": workspace_id, "keys": keys, "now": probed_at}
        connection.execute(STATEMENTS["put_off_probes"], {**values, "probed_at": probed_at})


def count_devices(connection: Connection, *, workspace_id: int, now: datetime) -> list[Devices]:
    """Count a shop's devices by kind and state."""
    values = {"workspace_id": workspace_id, "now": now}
    with connection.cursor(row_factory=class_row(Devices)) as cursor:
        return cursor.execute(STATEMENTS["count_devices"], values).fetchall()


def read_probe_days(connection: Connection, *, workspace_id: int) -> int:
    """Return after how many days without a word a shop's apps are asked; 0: never."""
    row = connection.execute(
        STATEMENTS["read_probe_days"], {"workspace_id": workspace_id}
    ).fetchone()
    return int(row[0]) if row else 0


def set_probe_days(connection: Connection, *, workspace_id: int, days: int) -> None:
    """Let a shop's apps be asked after so many days without a word; 0: never.

    Raises:
        ValueError: fewer than none, or more than 90.
    """
    if not 0 <= days <= LONGEST_DAYS:
        raise ValueError(f"{days} days cannot be: write 1 to {LONGEST_DAYS}, or 0 to ask nobody.")
    connection.execute(STATEMENTS["set_probe_days"], {"workspace_id": workspace_id, "days": days})
