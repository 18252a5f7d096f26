"""What the terminal says of journeys, their versions and what becomes of those inside."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Final

from dangol.app.journeys import JourneyChange
from dangol.journeys.publish import Preview
from dangol.journeys.versions import Standing

SIGNS: Final = {"add": "+", "change": "~", "start": "+", "move": "~", "keep": "="}
BECOMES: Final = {
    "pin": "keep version {version}",
    "keep": "go on at {to_step}",
    "anew": "begin {to_step} anew",
    "exit": "leave",
}


def say_journey(change: JourneyChange) -> Iterator[str]:
    """Say what becomes of a journey, in lines."""
    number = change.preview.number
    about = {
        "add": f" begins to run as version {number}",
        "change": f" becomes version {number}",
        "start": " begins to run",
        "move": f" stays version {number}; those inside are moved",
        "keep": "",
    }[change.action]
    yield f"{SIGNS[change.action]} journey {change.name}{about}"
    yield from (f"    {line}" for line in change.lines)
    yield from (f"    {line}" for line in say_preview(change.preview))


def say_preview(preview: Preview) -> Iterator[str]:
    """Say what becomes of those inside, step by step."""
    for one in preview.standing:
        yield say_standing(one)
    if preview.finished_step is not None:
        yield f"{preview.finished:,} who had finished go on at {preview.finished_step}"


def say_standing(one: Standing) -> str:
    """Say what becomes of those at one step."""
    at = f"at {one.step} of version {one.version}"
    if one.state == "parked":
        return f"{one.customers:,} set aside {at} stay"
    going = BECOMES[one.becomes].format(version=one.version, to_step=one.to_step)
    stay = f"; {one.stay:,} of them stay, for a message would come again" if one.stay else ""
    return f"{one.customers:,} {at} {going}{stay}"


def as_journey_change(change: JourneyChange) -> dict[str, object]:
    """Return a change for machines."""
    return {
        "action": change.action,
        "name": change.name,
        "difference": change.lines,
        **asdict(change.preview),
    }
