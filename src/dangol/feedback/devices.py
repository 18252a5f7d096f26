"""Apps that are gone: no system tells so, but a vendor that refuses a token does.

    active -> suspected     the vendor says that the token is dead
    suspected -> active     the device names another token: it was only renewed
    suspected -> uninstalled    24 hours without one
    uninstalled -> active   it names one later: the app was installed again

The first and the third are here, the others are ingest's. A vendor says so of a message, or when
it is asked for an app that was long silent (``channels.probes``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from dangol.feedback.bounces import STATEMENTS
from dangol.store.connect import Connection
from dangol.store.devices import mirror_devices
from dangol.store.migrate import ensure_event_partitions

# As long as a device has to name its new token.
RENEWAL: Final = timedelta(hours=24)
SETTLED_AT_ONCE: Final = 1_000
# What FCM, Apple and the push services of browsers say of an app or a subscription that is gone.
# Tokens of another project, environment or key are dead, too, but nobody has uninstalled anything.
GONE_CODES: Final = ("UNREGISTERED", "Unregistered", "404", "410")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A message whose token its vendor says is dead, with the vendor's code."""

    message_id: int
    code: str
    # Since when, where the vendor knows.
    gone_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """A device that was asked for, and whose token its vendor says is dead."""

    key: str
    token_key: str
    code: str
    # Since when, where the vendor knows.
    gone_at: datetime | None


def suspect_devices(
    connection: Connection, refused: Sequence[Refused], *, now: datetime
) -> set[int]:
    """Take dead tokens away from their customers; return the messages that went to known devices.

    Their addresses need no suppression: push goes to the customer's next device, or nowhere.
    """
    if not refused:
        return set()
    values = {
        "message_ids": [one.message_id for one in refused],
        "codes": [one.code for one in refused],
        "gone_at": [one.gone_at for one in refused],
    }
    rows = connection.execute(STATEMENTS["find_dead_devices"], values).fetchall()
    dead = {(workspace_id, key): code for _, workspace_id, key, code, is_dead in rows if is_dead}
    take_away(connection, dead, now=now)
    return {int(row[0]) for row in rows}


def suspect_silent(
    connection: Connection, silent: Sequence[Silent], *, workspace_id: int, now: datetime
) -> int:
    """Take away tokens that were found dead when they were asked for; return how many.

    A device that has named another token since, or one after its app was gone, is left alone.
    """
    if not silent:
        return 0
    values = {
        "workspace_id": workspace_id,
        "keys": [one.key for one in silent],
        "token_keys": [one.token_key for one in silent],
        "codes": [one.code for one in silent],
        "gone_at": [one.gone_at for one in silent],
    }
    rows = connection.execute(STATEMENTS["find_dead_probed"], values).fetchall()
    take_away(connection, {(workspace_id, key): code for key, code in rows}, now=now)
    return len(rows)


def take_away(
    connection: Connection, dead: Mapping[tuple[int, str], str], *, now: datetime
) -> None:
    """Suspect devices, by workspace and key, for their vendors' codes; they are reached no more."""
    if dead:
        told = {
            "workspace_ids": [workspace_id for workspace_id, _ in dead],
            "keys": [key for _, key in dead],
            "codes": list(dead.values()),
            "now": now,
        }
        owners = connection.execute(STATEMENTS["suspect_devices"], told).fetchall()
        mirror_devices(connection, [int(row[0]) for row in owners])


def settle_uninstalled(connection: Connection, *, workspace_id: int, now: datetime) -> int:
    """Settle which suspected apps are gone; return how many are.

    Each writes the event ``App Uninstalled``, and counts as an opt-out of the last notification
    that reached the device. No consent is withdrawn: nobody has said anything.
    """
    values = {
        "workspace_id": workspace_id,
        "now": now,
        "suspected_until": now - RENEWAL,
        "codes": list(GONE_CODES),
        "batch": SETTLED_AT_ONCE,
    }
    ensure_event_partitions(connection, days=[now.date()])
    return len(connection.execute(STATEMENTS["settle_uninstalled"], values).fetchall())
