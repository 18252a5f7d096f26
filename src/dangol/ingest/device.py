"""On what a customer did something: a phone, a tablet, a computer, or something else.

What a client says of its machine is read in this order: the kind of device that an app's client
names, the browser's client hints, the browser's own text. The rules are those that browsers keep to
(a phone says "Mobi", Android without it is a tablet); an iPad that calls itself a Macintosh, as
Safari does unless told otherwise, counts as a computer. What no rule knows is ``other``; who says
nothing gets nothing.
"""

import re
from functools import lru_cache
from typing import Final, Literal, TypeVar

import msgspec

Device = Literal["mobile", "tablet", "desktop", "other"]
Shape = TypeVar("Shape")

# What apps' clients, and people who fill it in themselves, write as the kind of device.
KINDS: Final[dict[str, Device]] = {
    "android": "mobile",
    "ios": "mobile",
    "mobile": "mobile",
    "phone": "mobile",
    "smartphone": "mobile",
    "ipad": "tablet",
    "ipados": "tablet",
    "tablet": "tablet",
    "desktop": "desktop",
    "laptop": "desktop",
    "macos": "desktop",
    "pc": "desktop",
    "tvos": "other",
    "watchos": "other",
}
# The first that fits decides: a television may call itself Android, and a robot anything.
AGENTS: Final[tuple[tuple[Device, "re.Pattern[str]"], ...]] = (
    (
        "other",
        re.compile(
            r"(?<!cu)bot\b|crawl|spider|slurp|headless|\btv\b|[a-z]tv\b|web0s|bravia|\baft[a-z]|crkey|roku"
            r"|playstation|xbox|nintendo|watch",
            re.IGNORECASE,
        ),
    ),
    (
        "tablet",
        re.compile(r"ipad|tablet|playbook|kindle|silk/(?!.*mobi)|\bsm-[tx]\d", re.IGNORECASE),
    ),
    (
        "mobile",
        re.compile(r"mobi|iphone|ipod|windows phone|blackberry|opera mini|dalvik", re.IGNORECASE),
    ),
    ("tablet", re.compile(r"android", re.IGNORECASE)),
    ("desktop", re.compile(r"windows nt|macintosh|\bcros\b|x11|linux", re.IGNORECASE)),
)
TABLET_MODEL: Final = re.compile(r"^(ipad|sm-[tx]\d)|\b(pad|tab|tablet)\b", re.IGNORECASE)
# Longer texts are no browser's.
LONGEST_AGENT: Final = 1_000


class Machine(msgspec.Struct, frozen=True, gc=False):
    """What an app's client says of the device it runs on."""

    type: str | None = None
    model: str | None = None


class Hints(msgspec.Struct, frozen=True, gc=False):
    """A browser's client hints, as far as they tell devices apart."""

    mobile: bool | None = None
    platform: str | None = None


# A shop's customers share few browsers; a client sends one context many times.
@lru_cache(maxsize=4096)
def device_of(agent: bytes, machine: bytes, hints: bytes) -> Device | None:
    """Return the device that three fields of a context tell of, each JSON as it came or empty.

    A field that has not the expected shape tells nothing, and refuses no event.
    """
    return (
        by_machine(read(machine, Machine) or Machine())
        or by_hints(read(hints, Hints) or Hints())
        or by_agent(read(agent, str) or "")
    )


def read(text: bytes, shape: type[Shape]) -> Shape | None:
    """Return what a field says; None where that is nothing of this shape."""
    try:
        return msgspec.json.decode(text, type=shape) if text else None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def by_machine(machine: Machine) -> Device | None:
    kind = KINDS.get((machine.type or "").strip().lower())
    if kind == "mobile" and TABLET_MODEL.search(machine.model or ""):
        return "tablet"
    return kind


def by_hints(hints: Hints) -> Device | None:
    """Read the hints; only phones ask for mobile pages, and Android that does not is a tablet."""
    if hints.mobile is None:
        return None
    if hints.mobile:
        return "mobile"
    return "tablet" if hints.platform == "Android" else "desktop"


def by_agent(agent: str) -> Device | None:
    if not agent.strip():
        return None
    text = agent[:LONGEST_AGENT]
    for device, fits in AGENTS:
        if fits.search(text):
            return device
    return "other"
