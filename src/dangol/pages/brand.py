"""A shop's colour and logo on its pages, never at the cost of being read.

A colour is moved towards black, or in the dark towards white, until it stands out enough against
the page (WCAG 2.2: 4.5 to 1).
"""

from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from dangol.store.workspace import Workspace

Colour = tuple[int, int, int]
ENOUGH: Final = 4.5
STEPS: Final = 20
WHITE: Final[Colour] = (255, 255, 255)
BLACK: Final[Colour] = (0, 0, 0)
# What page.css puts text on, in the light and in the dark: of the two the harder one.
LIGHT_GROUND: Final[Colour] = (250, 246, 240)
DARK_GROUND: Final[Colour] = (40, 35, 32)
DARK_INK: Final[Colour] = (29, 25, 22)


@lru_cache(maxsize=1024)
def brand_style(colour: str | None) -> str:
    """Return the rules that give a page a shop's colour; none without one."""
    if colour is None:
        return ""
    asked = read_colour(colour)
    light = readable(asked, on=LIGHT_GROUND, towards=BLACK)
    dark = readable(asked, on=DARK_GROUND, towards=WHITE)
    return f":root{{{rules(light)}}}@media (prefers-color-scheme:dark){{:root{{{rules(dark)}}}}}"


def logo_origin(workspace: Workspace | None) -> str:
    """Return where a page may load its logo from; empty for nowhere."""
    if workspace is None or workspace.logo_url is None:
        return ""
    parts = urlsplit(workspace.logo_url)
    return f"{parts.scheme}://{parts.netloc}"


def rules(colour: Colour) -> str:
    ink = max(WHITE, DARK_INK, key=lambda each: contrast(each, colour))
    return f"--deed:{write_colour(colour)};--deed-ink:{write_colour(ink)}"


def readable(colour: Colour, *, on: Colour, towards: Colour) -> Colour:
    """Return the colour nearest to this one that can be read."""
    steps = (mix(colour, towards, share=step / STEPS) for step in range(STEPS + 1))
    return next((each for each in steps if contrast(each, on) >= ENOUGH), towards)


def mix(colour: Colour, other: Colour, *, share: float) -> Colour:
    red, green, blue = (
        round(one + (two - one) * share) for one, two in zip(colour, other, strict=True)
    )
    return red, green, blue


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast of two colours, 1 to 21, as WCAG counts it."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: Colour) -> float:
    red, green, blue = (linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004


def read_colour(text: str) -> Colour:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def write_colour(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
