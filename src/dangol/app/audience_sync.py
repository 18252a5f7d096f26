"""Brings ad audiences in line with their segments and with what people allow.

    let go     whoever may not be there any more -> leaving           committed
    take out   the network is told; who it has taken out is deleted   committed
    let in     whoever may come, as far as there is room -> adding    committed
    add        the network is told; who it has taken is added         committed

A row stands before its call, so that whoever may be known there can be taken out again. Saying a
thing twice does no harm to a network, so that whatever dies in between is done again.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from dangol.app.ad_networks import NEEDS, Network, open_networks
from dangol.app.chore import Chore, beat, is_frozen
from dangol.app.clock import shifted_clock
from dangol.app.database import list_workspaces
from dangol.app.fence import Fence
from dangol.app.settings import Settings
from dangol.audiences.audience import Audience, list_audiences
from dangol.audiences.members import (
    let_join,
    let_leave,
    note_synced,
    note_told,
    open_hashes,
    read_members,
)
from dangol.providers.audience import BATCH, Change
from dangol.store.connect import Connection
from dangol.store.vault import Vault
from dangol.store.vocabulary import AdNetwork, AudienceMemberState, AudienceReason

EVERY_SECONDS: Final = 60.0
LOGGER: Final = logging.getLogger("dangol.audiences")
# How often it is looked for who comes in; who must leave is looked for at every turn.
JOIN_EVERY: Final = timedelta(minutes=15)
CHANGES: Final = {
    AudienceMemberState.LEAVING: Change.REMOVE,
    AudienceMemberState.ADDING: Change.ADD,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What became of an audience in one turn; numbers count addresses."""

    added: int = 0
    removed: int = 0
    left_out: Mapping[AudienceReason, int]
    # What the network said where it was no yes; then the rest waits for the next turn.
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Syncing:
    """What a turn works with."""

    networks: Mapping[AdNetwork, Network]
    vault: Vault
    clock: Callable[[Connection], datetime]
    batch: int = BATCH


def audience_chore(settings: Settings, *, vault: Vault, fence: Fence) -> Chore:
    """Return the chore that gives every audience its turn; raises as ``open_networks``.

    A restored or copied installation tells the networks nothing.
    """
    tools = Syncing(networks=open_networks(settings), vault=vault, clock=shifted_clock)
    return Chore(
        name="audiences",
        every_seconds=EVERY_SECONDS,
        do=lambda connection: fence.passes(connection) and sync_all(connection, tools),
    )


def sync_all(connection: Connection, tools: Syncing) -> bool:
    """Give every audience its turn, unless another process does; return False: nothing is left."""
    if is_frozen(connection):
        return False
    for workspace_id in list_workspaces(connection):
        with beat(connection, chore="audiences", workspace_id=workspace_id) as ours:
            if ours:
                sync_workspace(connection, tools, workspace_id=workspace_id)
    return False


def sync_workspace(connection: Connection, tools: Syncing, *, workspace_id: int) -> None:
    """Give every audience of a workspace its turn."""
    with connection.transaction():
        audiences = list_audiences(connection, workspace_id=workspace_id)
    now = tools.clock(connection)
    for audience in audiences:
        if audience.removed_at is not None and not held(audience):
            continue
        _ = sync_audience(connection, tools, audience, joins=audience.due_at <= now)


def held(audience: Audience) -> int:
    return audience.added + audience.adding + audience.leaving


def sync_audience(
    connection: Connection, tools: Syncing, audience: Audience, *, joins: bool = True
) -> Turn:
    """Let leave, then, where ``joins`` and nobody paused it, let come in. Commits by itself."""
    network = tools.networks.get(audience.network)
    joins = joins and audience.paused_at is None
    with connection.transaction():
        _ = let_leave(connection, audience, now=tools.clock(connection))
    if network is None or audience.sending_paused:
        fault = (
            "sending is paused for this workspace"
            if audience.sending_paused
            else f"{audience.network} is not set up: {NEEDS[audience.network]}"
        )
        turn = Turn(left_out={}, fault=fault)
        return finish(connection, tools, audience, turn, joins=joins)
    leaving = AudienceMemberState.LEAVING
    removed, fault = tell_all(connection, tools, audience, network, state=leaving)
    added = 0
    if joins and not fault:
        added, fault = let_all_join(connection, tools, audience, network)
    turn = Turn(added=added, removed=removed, left_out={}, fault=fault)
    return finish(connection, tools, audience, turn, joins=joins)


def let_all_join(
    connection: Connection, tools: Syncing, audience: Audience, network: Network
) -> tuple[int, str]:
    """Add whoever may come in, batch by batch; return how many, and what went wrong."""
    # What an earlier turn noted and did not come to tell.
    added, fault = tell_all(connection, tools, audience, network, state=AudienceMemberState.ADDING)
    while not fault:
        with connection.transaction():
            noted = let_join(
                connection,
                audience,
                write=network.write,
                vault=tools.vault,
                now=tools.clock(connection),
                batch=tools.batch,
            )
        if not noted:
            break
        more, fault = tell_all(
            connection, tools, audience, network, state=AudienceMemberState.ADDING
        )
        added += more
    return added, fault


def tell_all(
    connection: Connection,
    tools: Syncing,
    audience: Audience,
    network: Network,
    *,
    state: AudienceMemberState,
) -> tuple[int, str]:
    """Tell the network of all who are on their way; return how many, and what went wrong."""
    told = 0
    while True:
        with connection.transaction():
            members = read_members(connection, audience, state=state, batch=tools.batch)
        if not members:
            return told, ""
        hashed = open_hashes(audience, members, vault=tools.vault)
        synced = asyncio.run(network.change(audience.network_ref, hashed, change=CHANGES[state]))
        with connection.transaction():
            now = tools.clock(connection)
            note_told(connection, audience, members[: synced.taken], state=state, now=now)
        told += synced.taken
        if synced.fault is not None:
            return told, f"{synced.fault} {synced.code} {synced.detail}".strip()


def finish(
    connection: Connection, tools: Syncing, audience: Audience, turn: Turn, *, joins: bool
) -> Turn:
    """Note how the audience stands now."""
    now = tools.clock(connection)
    due_at = now + JOIN_EVERY if joins and not turn.fault else audience.due_at
    with connection.transaction():
        left_out = note_synced(connection, audience, fault=turn.fault, due_at=due_at, now=now)
    if turn.fault:
        LOGGER.warning(
            "an ad network was not told", extra={"reason": f"{audience.name}: {turn.fault}"}
        )
    return Turn(added=turn.added, removed=turn.removed, left_out=left_out, fault=turn.fault)
