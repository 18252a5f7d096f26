"""How sending fares, as the API says it; who asks may be a member or a server's key."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

from dangol.channels.domains import Told, list_domains
from dangol.channels.gate import Gate, Vendor
from dangol.channels.load import Handed, LastFault, count_handed, count_lanes, list_last_faults
from dangol.channels.overdue import count_overdue
from dangol.channels.rates import Health, Provider, list_providers
from dangol.channels.warm_up import WarmUp, list_warm_ups
from dangol.console.desk import STATEMENTS, ConsoleRequest
from dangol.console.sending_answers import (
    FaultView,
    GateView,
    LaneView,
    OverdueView,
    ReceiverView,
    SendingPage,
    VendorView,
    WarmUpView,
)
from dangol.feedback.reports import count_parked
from dangol.providers.vendor import FaultKind
from dangol.segments.window import day_start
from dangol.store.connect import Connection
from dangol.store.workspace import read_workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookout:
    """What an answer about sending is made with."""

    connection: Connection
    workspace_id: int
    now: datetime
    gate: Gate
    vendors: tuple[Vendor, ...]


def lookout_at(
    request: ConsoleRequest, connection: Connection, *, workspace_id: int, now: datetime
) -> Lookout:
    """Return what answers whoever asks."""
    state = request.app.state
    return Lookout(
        connection=connection,
        workspace_id=workspace_id,
        now=now,
        gate=cast("Gate", state.fence),
        vendors=cast("tuple[Vendor, ...]", state.vendors),
    )


def show_page(lookout: Lookout) -> SendingPage:
    """Return what the page about sending shows."""
    return SendingPage(
        now=lookout.now,
        shared=is_shared(lookout.connection),
        gate=show_gate(lookout),
        overdue=show_overdue(lookout),
        lanes=show_lanes(lookout),
        vendors=show_vendors(lookout),
    )


def is_shared(connection: Connection) -> bool:
    """Tell whether vendors are those of several shops."""
    row = connection.execute(STATEMENTS["count_shops"]).fetchone()
    return row is not None and row[0] > 1


def show_gate(lookout: Lookout) -> GateView:
    """Say whether anything is sent."""
    closure = lookout.gate.look(lookout.connection)
    if closure is None:
        return GateView(sends=True, because="", by_hand=False, closed_at=None)
    return GateView(
        sends=False,
        because=closure.because,
        by_hand=closure.by_hand,
        closed_at=closure.closed_at,
    )


def show_overdue(lookout: Lookout) -> list[OverdueView]:
    """Say what would leave at once."""
    found = count_overdue(lookout.connection, now=lookout.now, workspace_id=lookout.workspace_id)
    return [OverdueView(**asdict(one)) for one in found]


def show_lanes(lookout: Lookout) -> list[LaneView]:
    """Say what waits for vendors."""
    found = count_lanes(lookout.connection, workspace_id=lookout.workspace_id, now=lookout.now)
    return [LaneView(**asdict(lane)) for lane in found]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of vendors, each by their names."""

    now: datetime
    states: Mapping[str, Provider]
    handed: Mapping[str, Handed]
    faults: Mapping[str, LastFault]
    parked: Mapping[str, int]
    receivers: Sequence[Told]
    warm_ups: Mapping[str, WarmUp]


def show_vendors(lookout: Lookout) -> list[VendorView]:
    """Say how every vendor fares that there could be, or that was ever called."""
    facts = gather_facts(lookout)
    known = {vendor.name for vendor in lookout.vendors}
    others = [
        Vendor(name=name, channels=(), is_set=False, is_wrong=False, settings=())
        for name in facts.states
        if name not in known
    ]
    return [show_vendor(vendor, facts) for vendor in (*lookout.vendors, *others)]


def gather_facts(lookout: Lookout) -> Facts:
    connection, workspace_id, now = lookout.connection, lookout.workspace_id, lookout.now
    zone = ZoneInfo(read_workspace(connection, workspace_id=workspace_id).time_zone)
    handed = count_handed(
        connection, workspace_id=workspace_id, since=day_start(now.astimezone(zone).date(), zone)
    )
    faults = list_last_faults(connection, workspace_id=workspace_id)
    return Facts(
        now=now,
        states={one.name: one for one in list_providers(connection)},
        handed={one.provider: one for one in handed},
        faults={one.provider: one for one in faults},
        parked=count_parked(connection),
        receivers=list_domains(connection),
        warm_ups={one.provider: one for one in list_warm_ups(connection, now=now)},
    )


def show_vendor(vendor: Vendor, facts: Facts) -> VendorView:
    """Say how one vendor fares."""
    name = vendor.name
    state = facts.states.get(name, uncalled(name))
    handed = facts.handed.get(name, Handed(provider=name, taken=0, refused=0))
    fault, warm_up = facts.faults.get(name), facts.warm_ups.get(name)
    return VendorView(
        name=name,
        channels=list(vendor.channels),
        is_set=vendor.is_set,
        is_wrong=vendor.is_wrong,
        settings=list(vendor.settings),
        health=state.health(facts.now),
        per_second=state.per_second,
        slowed_to=state.slowed_to,
        failures=state.failures,
        rests_until=state.rests_until,
        paused_because=state.paused_because,
        paused_at=state.paused_at,
        taken_today=handed.taken,
        refused_today=handed.refused,
        parked_reports=facts.parked.get(name, 0),
        last_fault=fault and show_fault(fault),
        receivers=[
            show_receiver(one, now=facts.now) for one in facts.receivers if one.provider == name
        ],
        warm_up=warm_up and show_warm_up(warm_up),
    )


def uncalled(name: str) -> Provider:
    """Return how a vendor fares that was never called."""
    return Provider(
        name=name,
        per_second=None,
        slowed_to=None,
        failures=0,
        rests_until=None,
        paused_because=None,
        paused_at=None,
    )


def show_fault(fault: LastFault) -> FaultView:
    return FaultView(
        fault=FaultKind(fault.fault) if fault.fault else None,
        code=fault.code,
        detail=fault.detail,
        settled_at=fault.settled_at,
    )


def show_receiver(told: Told, *, now: datetime) -> ReceiverView:
    health = Health.WELL
    if told.rests_until is not None:
        health = Health.RESTS if told.rests_until > now else Health.TRIED
    return ReceiverView(
        domain=told.domain,
        per_second=told.per_second,
        health=health,
        failures=told.failures,
        rests_until=told.rests_until,
    )


def show_warm_up(warm_up: WarmUp) -> WarmUpView:
    return WarmUpView(
        start=warm_up.start_at,
        growth=warm_up.growth,
        goal=warm_up.goal,
        day=warm_up.days_before + 1,
        days=warm_up.length,
        most=warm_up.most,
        taken=warm_up.taken,
        on=warm_up.day,
    )
