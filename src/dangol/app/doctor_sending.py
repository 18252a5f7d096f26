"""What `dangol doctor` says about sending: whether, how vendors fare, what networks refuse."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from dangol.app.clock import shifted_clock
from dangol.app.database import list_workspaces
from dangol.app.fence import Fence
from dangol.app.provider_cli import say_receiver, say_standing, say_warm_up
from dangol.audiences.audience import list_faulty
from dangol.channels.dead import list_dead, obstacle_to
from dangol.channels.domains import Told, list_domains
from dangol.channels.load import count_lanes
from dangol.channels.rates import list_providers
from dangol.channels.warm_up import WarmUp, list_warm_ups
from dangol.feedback.reports import count_parked
from dangol.store.connect import Connection
from dangol.store.vocabulary import Channel

# Rests in a row, each twice as long, after which a receiver surely wants fewer at a time.
OFTEN: Final = 4
# Of so many of the latest dead letters of a shop it is told how many may be tried again.
LOOKED_AT: Final = 1_000


def examine_sending(connection: Connection, fence: Fence) -> Iterator[tuple[str, str, str]]:
    """Yield check, finding and remedy (empty where all is well)."""
    why = fence.why_closed(connection)
    remedy = "Make sure that no other copy sends, then: dangol sending resume" if why else ""
    yield "sending", f"nothing is sent: {why}" if why else "goes on", remedy
    for one in list_providers(connection):
        remedy = ""
        if one.paused_because:
            remedy = f"Repair the account there, then: dangol provider resume {one.name}"
        elif one.rests_until:
            remedy = "See whether it can be reached; it is tried again by itself."
        yield f"sending by {one.name}", say_standing(one), remedy
    now = shifted_clock(connection)
    for receiver in list_domains(connection):
        if receiver.rests_until is not None:
            yield examine_receiver(receiver)
    for warm_up in list_warm_ups(connection, now=now):
        yield examine_warm_up(connection, warm_up, now=now)
    yield from examine_dead(connection, now=now)
    for name, parked in count_parked(connection).items():
        remedy = (
            "Does another system send by the same account? Give this one an account of its own."
        )
        yield f"reports of {name}", f"{parked:,} are about no message of ours", remedy
    for shop, name, fault, leaving in list_faulty(connection):
        remedy = (
            f"{leaving:,} addresses wait to be taken out there: mend that first, then "
            f"`dangol audience sync {name}`."
            if leaving
            else f"Mend that; then `dangol audience sync {name}`, or wait for a worker."
        )
        yield f"audience {name} of {shop}", f"the network was not told: {fault}", remedy


def examine_receiver(told: Told) -> tuple[str, str, str]:
    """Say how a receiver fares that rests."""
    remedy = (
        f"Give it fewer at a time: dangol provider limit {told.provider} 5 --domain {told.domain}"
        if told.failures >= OFTEN
        else ""
    )
    return f"mail to {told.domain} by {told.provider}", say_receiver(told), remedy


def examine_warm_up(
    connection: Connection, warm_up: WarmUp, *, now: datetime
) -> tuple[str, str, str]:
    """Say how far a warm-up is, and whether more mail waits than its day has room for."""
    check, found = f"warm-up of {warm_up.provider}", say_warm_up(warm_up)
    if warm_up.most is None:
        return check, found, ""
    waiting = sum(
        lane.waiting
        for workspace_id in list_workspaces(connection)
        for lane in count_lanes(connection, workspace_id=workspace_id, now=now)
        if lane.channel == Channel.EMAIL
    )
    if waiting <= warm_up.most - warm_up.taken:
        return check, found, ""
    remedy = (
        "What does not go today goes on the days that follow, unless it expires: write to fewer, "
        "or first to those who open what they get. docs/guides/sending.md"
    )
    return check, f"{found}; {waiting:,} mails wait", remedy


def examine_dead(connection: Connection, *, now: datetime) -> Iterator[tuple[str, str, str]]:
    """Say how many dead letters wait for somebody to have them tried again."""
    waiting = sum(
        obstacle_to(one, even_if_sent=False, now=now) is None
        for workspace_id in list_workspaces(connection)
        for one in list_dead(connection, workspace_id=workspace_id, most=LOOKED_AT)
    )
    if waiting:
        remedy = "Mend why (dangol delivery list), then: dangol delivery retry NUMBERS --because …"
        yield "dead letters", f"{waiting:,} surely did not arrive and may be tried again", remedy
