"""What `dangol doctor` says about sending: whether, how vendors fare, what networks refuse."""

from collections.abc import Iterator

from dangol.app.fence import Fence
from dangol.app.provider_cli import say_standing
from dangol.audiences.audience import list_faulty
from dangol.channels.rates import list_providers
from dangol.feedback.reports import count_parked
from dangol.store.connect import Connection


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
