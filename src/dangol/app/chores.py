"""What the working process does: tick, deliver, refresh, flush, tidy up."""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Final

from dangol.app.audience_sync import audience_chore
from dangol.app.chore import Chore, beat, is_frozen
from dangol.app.clock import STATEMENTS, shifted_clock
from dangol.app.courier import carry, make_courier
from dangol.app.database import list_workspaces
from dangol.app.fence import open_fence
from dangol.app.forget import make_tools
from dangol.app.history import open_lake
from dangol.app.jobs import queue_audits, queue_compactions, run_jobs
from dangol.app.keyfile import open_vault
from dangol.app.notices import send_notices
from dangol.app.providers import Provider, channels_of, keyed_providers, providers_of
from dangol.app.recompute import Recompute
from dangol.app.sending_chores import delivery_chores, vendor_chores
from dangol.app.settings import Settings
from dangol.app.tick import run_tick
from dangol.channels.claim import NONE_KEYED, recover_claims
from dangol.consent.chain import chain_everything
from dangol.feedback.devices import settle_uninstalled
from dangol.feedback.results import attribute_conversions
from dangol.feedback.vendor_reports import expire_reports
from dangol.guard.send_time import note_send_hours_daily
from dangol.guard.silence import note_silences_daily
from dangol.guard.stop_loss import stop_losses
from dangol.rights.collected import finish_collected
from dangol.rights.erasure import Tools
from dangol.rights.restore import finish_erasures
from dangol.segments.history import expire_stays
from dangol.segments.refresh import refresh_segments
from dangol.store.connect import Connection
from dangol.store.lake import Lake, flush_events, flushed_until
from dangol.store.migrate import drop_event_partitions
from dangol.store.vault import Vault
from dangol.store.vocabulary import Channel
from dangol.webhooks.calls import forget_settled

LOGGER: Final = logging.getLogger("dangol.chores")
TIDY_SECONDS: Final = 60.0
# Longer than any vendor tells a thing again.
REPORTS_KEPT: Final = timedelta(days=90)
JOBS_SECONDS: Final = 5.0
FORGET_SECONDS: Final = 2.0
CHAIN_SECONDS: Final = 1.0
WATCH_SECONDS: Final = 30.0
CONVERSIONS_AT_ONCE: Final = 5_000
NOTICE_SECONDS: Final = 60.0
RECOMPUTE_SECONDS: Final = 2.0


def make_chores(settings: Settings, *, stop: threading.Event | None = None) -> list[Chore]:
    """Return the chores of one working process; long ones end early once ``stop`` is set."""
    stopping = stop or threading.Event()
    lake = open_lake(settings)
    vault = open_vault(settings.key_path)
    forgetting = make_tools(settings, vault=vault, lake=lake)
    fence = open_fence(settings)
    courier = make_courier(settings, vault=vault, stop=stopping)
    providers = providers_of(settings)
    chores = [
        Chore(
            name="tick",
            every_seconds=settings.tick_seconds,
            do=lambda connection: tick_all(connection, vault=vault, batch=settings.tick_batch),
        ),
        Chore(
            name="refresh",
            every_seconds=settings.refresh_seconds,
            do=lambda connection: refresh_all(connection, lake=lake),
        ),
        Chore(
            name="recompute",
            every_seconds=RECOMPUTE_SECONDS,
            do=recompute_chore(lake),
        ),
        Chore(
            name="flush",
            every_seconds=settings.flush_seconds,
            do=lambda connection: flush_all(connection, lake=lake, settings=settings),
        ),
        Chore(name="chain", every_seconds=CHAIN_SECONDS, do=chain_all),
        Chore(
            name="jobs",
            every_seconds=JOBS_SECONDS,
            do=lambda connection: do_jobs(connection, settings=settings, stop=stopping),
        ),
        Chore(name="watch", every_seconds=WATCH_SECONDS, do=watch_all),
        Chore(name="notices", every_seconds=NOTICE_SECONDS, do=notice_chore(settings, providers)),
        Chore(name="tidy", every_seconds=TIDY_SECONDS, do=tidy_chore(settings, providers)),
        Chore(
            name="forget",
            every_seconds=FORGET_SECONDS,
            do=lambda connection: forget_all(connection, tools=forgetting),
        ),
        Chore(
            name="webhooks",
            every_seconds=settings.tick_seconds,
            do=lambda connection: fence.passes(connection) and carry(connection, courier),
        ),
    ]
    if not (settings.smtp_url or settings.mail_services):
        LOGGER.warning("no mail server: allowed mail waits", extra={"reason": "DANGOL_SMTP_URL"})
    chores += [
        *vendor_chores(settings, vault=vault),
        audience_chore(settings, vault=vault, fence=fence),
    ]
    return [*chores, *delivery_chores(settings, providers, vault=vault, fence=fence)]


def tick_all(connection: Connection, *, vault: Vault, batch: int) -> bool:
    """Tick every workspace once."""
    if is_frozen(connection):
        return False
    more = False
    for workspace_id in list_workspaces(connection):
        now = shifted_clock(connection)
        ticked = run_tick(connection, workspace_id=workspace_id, vault=vault, now=now, batch=batch)
        more = more or bool(ticked and ticked.full)
    return more


def refresh_all(connection: Connection, *, lake: Lake) -> bool:
    """Refresh the segments of every workspace that no other process is refreshing."""
    if is_frozen(connection):
        return False
    for workspace_id in list_workspaces(connection):
        _ = refresh_one(connection, workspace_id, lake=lake)
    return False


def refresh_one(connection: Connection, workspace_id: int, *, lake: Lake) -> bool:
    """Refresh the segments of a workspace; return False where another process is doing so."""
    with beat(connection, chore="refresh", workspace_id=workspace_id) as ours:
        if ours:
            now = shifted_clock(connection)
            with connection.transaction():
                _ = refresh_segments(connection, lake, workspace_id=workspace_id, now=now)
        return ours


def recompute_chore(lake: Lake) -> Callable[[Connection], bool]:
    """Return what has published changes of segments judged at once."""
    recompute = Recompute(refresh=lambda connection, one: refresh_one(connection, one, lake=lake))

    def look(connection: Connection) -> bool:
        if not is_frozen(connection):
            recompute.look(connection)
        return False

    return look


def chain_all(connection: Connection) -> bool:
    """Give the consents of every workspace their links, unless another process does."""
    if is_frozen(connection):
        return False
    for workspace_id in list_workspaces(connection):
        with beat(connection, chore="chain", workspace_id=workspace_id) as ours:
            if ours:
                now = shifted_clock(connection)
                _ = chain_everything(connection, workspace_id=workspace_id, now=now)
    return False


def do_jobs(connection: Connection, *, settings: Settings, stop: threading.Event) -> bool:
    """Work off the background jobs that are due."""
    if not is_frozen(connection):
        run_jobs(connection, settings, stop=stop)
    return False


def flush_all(connection: Connection, *, lake: Lake, settings: Settings) -> bool:
    """Write to the history what has acted, for every workspace no other process is flushing."""
    if is_frozen(connection):
        return False
    moved = 0
    for workspace_id in list_workspaces(connection):
        with beat(connection, chore="flush", workspace_id=workspace_id) as ours:
            if ours:
                now = shifted_clock(connection)
                moved += flush_events(connection, lake, workspace_id=workspace_id, now=now)
    if moved:
        queue_compactions(connection, settings, months=lake.scattered())
    return False


def watch_all(connection: Connection) -> bool:
    """Note apps that are gone and what messages brought, stop what too many refuse.

    Daily, note who reacts, and when.
    """
    if is_frozen(connection):
        return False
    for workspace_id in list_workspaces(connection):
        with beat(connection, chore="watch", workspace_id=workspace_id) as ours:
            if not ours:
                continue
            now = shifted_clock(connection)
            with connection.transaction():
                _ = settle_uninstalled(connection, workspace_id=workspace_id, now=now)
            with connection.transaction():
                _ = stop_losses(connection, workspace_id=workspace_id, now=now)
            with connection.transaction():
                _ = attribute_conversions(
                    connection, workspace_id=workspace_id, now=now, batch=CONVERSIONS_AT_ONCE
                )
            with connection.transaction():
                _ = note_silences_daily(connection, workspace_id=workspace_id, now=now)
            with connection.transaction():
                _ = note_send_hours_daily(connection, workspace_id=workspace_id, now=now)
    return False


def notice_chore(settings: Settings, providers: Sequence[Provider]) -> Callable[[Connection], bool]:
    """Return what tells people what the law wants them told, by the vendors that are set."""
    channels = channels_of(providers, settings)
    return lambda connection: notice_all(connection, channels=channels)


def notice_all(connection: Connection, *, channels: frozenset[Channel]) -> bool:
    """Tell people what the law wants them told, by the channels that a vendor is set for."""
    if is_frozen(connection):
        return False
    more = False
    for workspace_id in list_workspaces(connection):
        with beat(connection, chore="notices", workspace_id=workspace_id) as ours:
            if ours:
                now = shifted_clock(connection)
                more |= send_notices(
                    connection, workspace_id=workspace_id, channels=channels, now=now
                ).full
    return more


def tidy_chore(settings: Settings, providers: Sequence[Provider]) -> Callable[[Connection], bool]:
    """Return what tidies up."""
    keyed = keyed_providers(providers)
    return lambda connection: tidy_all(connection, settings=settings, keyed=keyed)


def tidy_all(connection: Connection, *, settings: Settings, keyed: Mapping[str, timedelta]) -> bool:
    """Tidy up, and at night have the segments audited and old data deleted."""
    _ = tidy(connection, keep_days=settings.event_keep_days, keyed=keyed)
    if not is_frozen(connection):
        now = shifted_clock(connection)
        with connection.transaction():
            before = now - timedelta(days=settings.membership_keep_days)
            _ = expire_stays(connection, before=before)
        with connection.transaction():
            before = now - timedelta(days=settings.webhook_keep_days)
            _ = forget_settled(connection, before=before)
        with connection.transaction():
            _ = expire_reports(connection, before=now - REPORTS_KEPT)
        queue_audits(connection, settings)
    return False


def tidy(
    connection: Connection, *, keep_days: int, keyed: Mapping[str, timedelta] = NONE_KEYED
) -> bool:
    """Recover lost claims, forget what has expired, drop what the history has."""
    if is_frozen(connection):
        return False
    now = shifted_clock(connection)
    for workspace_id in list_workspaces(connection):
        with connection.transaction():
            recover_claims(connection, workspace_id=workspace_id, now=now, keyed=keyed)
    with connection.transaction():
        _ = connection.execute(STATEMENTS["expire_waiting_carts"], {"now": now})
    drop_old_events(connection, keep=timedelta(days=keep_days))
    return False


def forget_all(connection: Connection, *, tools: Tools) -> bool:
    """Finish what somebody's wish to be forgotten still asks for, unless another process does."""
    with beat(connection, chore="forget", workspace_id=0) as ours:
        if ours:
            _ = finish_erasures(connection, tools)
            _ = finish_collected(connection, tools.lake, clock=tools.clock)
    return False


def drop_old_events(connection: Connection, *, keep: timedelta) -> list[str]:
    """Drop the inbox's days that every workspace's history has and that are older than ``keep``."""
    now = shifted_clock(connection)
    with connection.transaction():
        _ = connection.execute(STATEMENTS["expire_acted_events"], {"now": now})
        flushed = flushed_until(connection, now=now)
        return drop_event_partitions(connection, before=min(flushed, now - keep).date())
