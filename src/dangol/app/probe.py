"""The chore that asks the push services, unseen, whether apps are still there."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

from dangol.app.chore import Chore, beat, is_frozen
from dangol.app.clock import machine_time, shifted_clock
from dangol.app.database import list_workspaces
from dangol.app.fence import Fence
from dangol.app.push import PushSender, open_push
from dangol.app.settings import Settings
from dangol.channels.hand_over import fault_of
from dangol.channels.probes import Probe, claim_probes, put_off_probes, write_probe
from dangol.channels.rates import allowance, settle_turn, spend, take_turn
from dangol.feedback.devices import Silent, suspect_silent
from dangol.providers.vendor import Fate, FaultKind, Outcome, Outgoing
from dangol.store.connect import Connection
from dangol.store.crash import crashpoint
from dangol.store.vault import BadToken, MissingKeyError, Vault

LOGGER: Final = logging.getLogger("dangol.probe")
PROBE_SECONDS: Final = 60.0
# At every turn, so that all devices of a large shop are asked over a day, never at once.
MOST_AT_ONCE: Final = 500
# By this name the vendor's rate, rest and pause are kept; messages share it.
PROVIDER: Final = "push"


def probe_chores(settings: Settings, *, vault: Vault, fence: Fence) -> list[Chore]:
    """Return the chore, if push is set up."""
    sender = open_push(settings, clock=machine_time)
    if sender is None:
        return []

    def ask(connection: Connection) -> bool:
        if is_frozen(connection) or not fence.passes(connection):
            return False
        for workspace_id in list_workspaces(connection):
            with beat(connection, chore="probe", workspace_id=workspace_id) as ours:
                if ours:
                    _ = ask_silent(
                        connection,
                        sender,
                        workspace_id=workspace_id,
                        vault=vault,
                        clock=shifted_clock,
                    )
        return False

    return [Chore(name="probe", every_seconds=PROBE_SECONDS, do=ask)]


def ask_silent(
    connection: Connection,
    sender: PushSender,
    *,
    workspace_id: int,
    vault: Vault,
    clock: Callable[[Connection], datetime],
    batch: int = MOST_AT_ONCE,
) -> int:
    """Ask for up to ``batch`` devices that were long silent; return of how many a vendor knew.

    Claims, commits, calls, records: call it outside of any transaction.
    """
    now = clock(connection)
    claimed = take_silent(connection, workspace_id=workspace_id, now=now, batch=batch)
    crashpoint("probe.after_commit")
    asked, outgoing = write_all(
        claimed, sender=sender, workspace_id=workspace_id, vault=vault, now=now
    )
    if not outgoing:
        return 0
    # A slow vendor must not keep a connection, or a lock, waiting.
    outcomes = asyncio.run(sender.send(outgoing))
    with connection.transaction():
        return record(
            connection,
            outcomes,
            asked,
            workspace_id=workspace_id,
            probed_at=now,
            now=clock(connection),
        )


def take_silent(
    connection: Connection, *, workspace_id: int, now: datetime, batch: int
) -> list[Probe]:
    """Claim as many as the vendor takes now; none while it rests or is tried by a message."""
    with connection.transaction():
        standing = take_turn(connection, provider=PROVIDER)
        most = 0 if standing.is_tried else allowance(standing, now=now, batch=batch)
        if not most:
            return []
        claimed = claim_probes(connection, workspace_id=workspace_id, now=now, batch=most)
        spend(connection, standing, provider=PROVIDER, taken=len(claimed), now=now)
    return claimed


def write_all(
    claimed: Sequence[Probe],
    *,
    sender: PushSender,
    workspace_id: int,
    vault: Vault,
    now: datetime,
) -> tuple[dict[int, Probe], list[Outgoing]]:
    """Write what is sent, to those whose service is set up and takes what shows nothing."""
    asked: dict[int, Probe] = {}
    outgoing: list[Outgoing] = []
    for number, probe in enumerate(claimed):
        try:
            written = write_probe(
                probe, number=number, workspace_id=workspace_id, vault=vault, now=now
            )
        except (BadToken, MissingKeyError) as fault:
            LOGGER.warning("a device's token cannot be read", extra={"reason": str(fault)})
            continue
        if sender.reaches_unseen(written.recipient):
            asked[number] = probe
            outgoing.append(written)
    return asked, outgoing


def record(
    connection: Connection,
    outcomes: Sequence[Outcome],
    asked: Mapping[int, Probe],
    *,
    workspace_id: int,
    probed_at: datetime,
    now: datetime,
) -> int:
    """Suspect the apps that are gone, and have those asked for again of which nothing was said."""
    settle_turn(connection, outcomes, provider=PROVIDER, now=now)
    gone = [
        Silent(
            key=asked[one.delivery_id].key,
            token_key=asked[one.delivery_id].token_key,
            code=one.code,
            gone_at=one.gone_at,
        )
        for one in outcomes
        if fault_of(one) is FaultKind.PERMANENT
    ]
    suspected = suspect_silent(connection, gone, workspace_id=workspace_id, now=now)
    unsaid = [asked[one.delivery_id] for one in outcomes if one.fate is Fate.RETRYABLE]
    put_off_probes(connection, unsaid, workspace_id=workspace_id, probed_at=probed_at)
    if suspected:
        LOGGER.info("apps may be gone", extra={"workspace_id": workspace_id, "count": suspected})
    return len(outcomes) - len(unsaid)
