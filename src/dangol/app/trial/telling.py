"""What happened to somebody in a story, in sentences that explain a failure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from dangol.app.clock import STATEMENTS
from dangol.store.connect import Connection

# Of a long life, the newest part explains.
LINES_MAX: Final = 24
SENTENCES: Final = {
    "did": "{what}",
    "entered": "entered {what}",
    "planned": "{what} planned ({detail})",
    "allow": "{what} allowed",
    "hold": "{what} held until {until}: {detail}",
    "skip": "{what} skipped: {detail}",
    "accepted": "{what} sent",
    "rejected": "{what} rejected: {detail}",
    "retryable": "{what} not taken, tried again at {until}: {detail}",
    "unknown": "{what} perhaps sent: {detail}",
    "released": "{what} not handed over",
    "reached": "reached the goal of {what}",
    "left": "left {what}: {detail}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where somebody is in a journey; ``step`` is None where the version has no such step."""

    state: str
    step: str | None
    wake_at: datetime | None
    end_reason: str | None
    parked_because: str | None
    journey: str


def read_place(
    connection: Connection, *, workspace_id: int, name: str, journey: str | None = None
) -> Place | None:
    """Return where somebody's newest enrollment stands, in one journey or in any."""
    values = {"workspace_id": workspace_id, "name": name, "journey": journey}
    with connection.transaction():
        row = connection.execute(STATEMENTS["read_standing_place"], values).fetchone()
    if row is None:
        return None
    state, step, wake_at, end_reason, parked_because, of_journey = row
    return Place(
        state=state,
        step=step,
        wake_at=wake_at,
        end_reason=end_reason,
        parked_because=parked_because,
        journey=of_journey,
    )


def say_place(place: Place | None, *, zone: ZoneInfo) -> str:
    """Say where somebody is."""
    match place:
        case None:
            return "never entered"
        case Place(state="ended"):
            return f"left {place.journey}: {place.end_reason}"
        case Place(state="parked"):
            return f"set aside in {place.journey} at {place.step}: {place.parked_because}"
        case Place(wake_at=wake_at):
            until = f" until {say_time(wake_at, zone)}" if wake_at else ""
            return f"inside {place.journey} at {place.step}{until}"


def tell_customer(
    connection: Connection, *, workspace_id: int, name: str, zone: ZoneInfo
) -> list[str]:
    """Return what happened to somebody, a line each, oldest first."""
    values = {"workspace_id": workspace_id, "name": name}
    with connection.transaction():
        rows = connection.execute(STATEMENTS["tell_customer"], values).fetchall()
    return list(say_rows(rows[-LINES_MAX:], zone=zone))


def say_rows(
    rows: list[tuple[datetime, str, str, str, datetime | None]], *, zone: ZoneInfo
) -> Iterator[str]:
    for at, kind, what, detail, until in rows:
        end = say_time(until, zone) if until else ""
        said = SENTENCES[kind].format(what=what, detail=detail, until=end)
        yield f"{say_time(at, zone)}  {said}"


def say_time(moment: datetime, zone: ZoneInfo) -> str:
    """Return a moment as the clocks there show it; seconds only where there are any."""
    local = moment.astimezone(zone)
    return f"{local:%Y-%m-%d %H:%M}" if not local.second else f"{local:%Y-%m-%d %H:%M:%S}"
