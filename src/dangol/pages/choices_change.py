"""What a button of the page of choices asks for, whether it holds, and what takes it back.

Written ``action.value.before``, as it stands in the address after a change: everything in it is a
number of ours or a word of a list, and it is believed only where the database says the same.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from dangol.consent.preferences import WEEKLY, Wishes
from dangol.consent.purposes import Collection
from dangol.feedback.ways import Way
from dangol.pages.ads import Ad
from dangol.pages.nights import PLACES, Night

PARTS: Final = 3
LONGEST_NUMBER: Final = 9
SLOW: Final = "slow."


class Action(StrEnum):
    """The buttons there are."""

    WAY_ON = "way-on"
    WAY_OFF = "way-off"
    ALL_ON = "all-on"
    ALL_OFF = "all-off"
    TOPIC_ON = "topic-on"
    TOPIC_OFF = "topic-off"
    WEEKLY = "weekly"
    NIGHT_ON = "night-on"
    NIGHT_OFF = "night-off"
    ADS_ON = "ads-on"
    ADS_OFF = "ads-off"
    REST = "rest"
    WAKE = "wake"
    COLLECT_ON = "collect-on"
    COLLECT_OFF = "collect-off"
    # Stop, and delete what is there.
    COLLECT_ERASE = "collect-erase"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change; ``value`` is a number that says of what.

    It is the id of a topic or a purpose, a channel's place, messages a week, or, of everything on
    again, the channels as ``name_places`` writes them; ``before`` is how many messages a week were
    wished for, or, of everything off, the channels that were on.
    """

    action: Action
    value: int = 0
    before: int = 0

    def __str__(self) -> str:
        return f"{self.action}.{self.value}.{self.before}"


def read_change(action: str, value: str, before: str = "") -> Change | None:
    """Read a button; None where there is none like it."""
    try:
        found = Action(action)
    except ValueError:
        return None
    change = Change(action=found, value=read_number(value), before=read_number(before))
    fits = change.value in (0, *WEEKLY) and change.before in (0, *WEEKLY)
    return change if fits or found is not Action.WEEKLY else None


def read_done(done: str) -> tuple[Change | None, bool]:
    """Read what an address says was done, and whether a message was still on its way then."""
    parts = done.removeprefix(SLOW).split(".")
    change = read_change(*parts) if len(parts) == PARTS else None
    return change, done.startswith(SLOW)


def read_number(text: str) -> int:
    is_number = text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER
    return int(text) if is_number else 0


def name_places(ways: Iterable[Way]) -> int:
    """Write which channels are meant as one number: two to the power of each one's place."""
    return sum(1 << PLACES[way.channel] for way in ways)


def read_places(number: int) -> list[int]:
    """Return the places that a number names; those there are no channels for are none."""
    return [place for place in PLACES.values() if number >> place & 1]


def holds(
    change: Change,
    *,
    wishes: Wishes,
    ways: Sequence[Way],
    collections: Sequence[Collection],
    nights: Sequence[Night],
    ads: Sequence[Ad],
    now: datetime,
) -> bool:
    """Tell whether things stand as after a change."""
    collected = {one.purpose.id: one.is_on for one in collections}
    on_now = {PLACES[way.channel]: way.is_on for way in ways}
    nightly = {night.place: night.is_on for night in nights}
    given = {ad.place: ad.is_on for ad in ads}
    known = change.value in {topic.id for topic in wishes.topics}
    return {
        Action.WAY_ON: on_now.get(change.value, False),
        Action.WAY_OFF: not on_now.get(change.value, True),
        Action.ALL_ON: all(on_now.get(place, False) for place in read_places(change.value)),
        Action.ALL_OFF: not any(on_now.values()),
        Action.TOPIC_ON: known and change.value not in wishes.refused,
        Action.TOPIC_OFF: known and change.value in wishes.refused,
        Action.WEEKLY: (wishes.weekly_messages or 0) == change.value,
        Action.NIGHT_ON: nightly.get(change.value, False),
        Action.NIGHT_OFF: not nightly.get(change.value, True),
        Action.ADS_ON: given.get(change.value, False),
        Action.ADS_OFF: not given.get(change.value, True),
        Action.REST: wishes.rests(now),
        Action.WAKE: not wishes.rests(now),
        Action.COLLECT_ON: collected.get(change.value, False),
        Action.COLLECT_OFF: not collected.get(change.value, True),
        Action.COLLECT_ERASE: not collected.get(change.value, True),
    }[change.action]


BACK: Final = {
    Action.WAY_ON: Action.WAY_OFF,
    Action.WAY_OFF: Action.WAY_ON,
    Action.ALL_ON: Action.ALL_OFF,
    Action.ALL_OFF: Action.ALL_ON,
    Action.TOPIC_ON: Action.TOPIC_OFF,
    Action.TOPIC_OFF: Action.TOPIC_ON,
    Action.WEEKLY: Action.WEEKLY,
    Action.NIGHT_ON: Action.NIGHT_OFF,
    Action.NIGHT_OFF: Action.NIGHT_ON,
    Action.ADS_ON: Action.ADS_OFF,
    Action.ADS_OFF: Action.ADS_ON,
    Action.REST: Action.WAKE,
    Action.WAKE: Action.REST,
    Action.COLLECT_ON: Action.COLLECT_OFF,
    Action.COLLECT_OFF: Action.COLLECT_ON,
    # What is deleted does not come back; collecting may begin again.
    Action.COLLECT_ERASE: Action.COLLECT_ON,
}


def undone(change: Change) -> Change | None:
    """Return what takes a change back; None where nothing was on before everything was off."""
    if change.action is Action.ALL_OFF:
        return Change(action=Action.ALL_ON, value=change.before) if change.before else None
    if change.action is Action.WEEKLY:
        return Change(action=Action.WEEKLY, value=change.before, before=change.value)
    return Change(action=BACK[change.action], value=change.value)
