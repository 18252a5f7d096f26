"""What an Alimtalk and a Brand Message must be, before Kakao's reviewer or a vendor's code says so.

Alimtalk: the documents of NHN Cloud and SOLAPI (1,000 letters with what the button that adds the
channel brings along, 40 gaps, five buttons). What the bubbles of a Brand Message hold stands in
``bubble_rules``. Pure: a template's parts in, faults out.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from dangol.content.advertising import MARK, is_disguised
from dangol.content.liquid import TemplateError

# A gap in an approved template, as Kakao writes it.
GAP: Final = re.compile(r"#\{([^{}]+)\}")
OPENED: Final = re.compile(r"#\s*\{")
LIQUID: Final = re.compile(r"\{\{|\{%")
ALIMTALK_LETTERS: Final = 1_000
# What Kakao writes above the button that adds the channel counts, too.
ADD_NOTICE_LETTERS: Final = 40
MOST_GAPS: Final = 40
MOST_BUTTONS: Final = 5
BUTTON_LETTERS: Final = 14
URL_LETTERS: Final = 500
EMPHASIS_LETTERS: Final = 50
# An app link leads to so many of a web page, an Android app and an iOS app.
APP_PLACES: Final = 2
APP_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\S+")
ADD_CHANNEL: Final = "AC"
ADD_CHANNEL_NAME: Final = "채널 추가"
WEB_LINK: Final = "WL"
APP_LINK: Final = "AL"
BRAND_KINDS: Final = ("WL", "AL", "AC", "BK", "MD", "BC", "BT")
ALIMTALK_KINDS: Final = (*BRAND_KINDS, "DS")

# A problem, and what to do about it.
Found = tuple[str, str]


class ButtonText(msgspec.Struct, frozen=True, kw_only=True):
    """A button as a template writes it."""

    kind: str
    name: str
    mobile_url: str = ""
    desktop_url: str = ""
    android_url: str = ""
    ios_url: str = ""

    @property
    def urls(self) -> tuple[str, ...]:
        """Every address it leads to."""
        return (self.mobile_url, self.desktop_url, self.android_url, self.ios_url)


def read_buttons(source: str) -> list[ButtonText]:
    """Read a template's buttons.

    Raises:
        TemplateError: they are none.
    """
    try:
        return msgspec.json.decode(source, type=list[ButtonText])
    except msgspec.DecodeError as error:
        raise TemplateError("buttons", f"{error}. Each needs kind and name") from error


def find_alimtalk_faults(text: str, buttons: Sequence[ButtonText]) -> Iterator[Found]:
    """Say what is wrong with the text of an Alimtalk."""
    adds = any(one.kind == ADD_CHANNEL for one in buttons)
    most = ALIMTALK_LETTERS - (ADD_NOTICE_LETTERS if adds else 0)
    yield from find_length_faults(text, most=most)
    yield from find_liquid_faults(text)
    yield from find_mark_faults(text, "Alimtalk carries no advertising")
    yield from find_gap_faults(text)


def find_emphasis_faults(title: str, subtitle: str) -> Iterator[Found]:
    """Say what is wrong with what an Alimtalk shows large above its text."""
    if bool(title) != bool(subtitle):
        yield "one of its two parts is missing", "Write emphasis_title and emphasis_subtitle both."
    for text in (title, subtitle):
        if len(text) > EMPHASIS_LETTERS:
            yield f"it has {len(text)} letters", f"Shorten it to {EMPHASIS_LETTERS}."
        yield from find_mark_faults(text, "Alimtalk carries no advertising")
        yield from find_gap_faults(text)


def find_liquid_faults(text: str) -> Iterator[Found]:
    """Say what Kakao's own gaps cannot do."""
    if LIQUID.search(text):
        yield "it holds {{ or {%, which Kakao does not know", "Write gaps as #{name}."


def find_length_faults(text: str, *, most: int) -> Iterator[Found]:
    if not text.strip():
        yield "it is empty", "Write what the message says."
    if len(text) > most:
        yield f"it has {len(text):,} letters", f"Shorten it to {most:,}."


def find_mark_faults(text: str, why: str) -> Iterator[Found]:
    if MARK in text or is_disguised(text):
        yield f"it holds {MARK}: {why}", "Leave the mark out."


def find_gap_faults(text: str) -> Iterator[Found]:
    """Say what is wrong with the gaps of an approved text."""
    gaps = list(dict.fromkeys(GAP.findall(text)))
    if len(gaps) > MOST_GAPS:
        yield f"it has {len(gaps)} gaps", f"Kakao takes {MOST_GAPS}."
    if len(OPENED.findall(text)) != len(GAP.findall(text)):
        yield "a gap is not written as #{name}", "Close each gap, and put nothing between # and {."
    for gap in gaps:
        if gap != gap.strip() or "." in gap:
            yield f"the gap #{{{gap}}} holds a space or a dot", "Name it by letters and digits."


def find_button_faults(
    buttons: Sequence[ButtonText],
    *,
    kinds: Sequence[str],
    most: int = MOST_BUTTONS,
    letters: int = BUTTON_LETTERS,
) -> Iterator[Found]:
    """Say what is wrong with the buttons under a Kakao message; ``letters`` of their names."""
    if len(buttons) > most:
        yield f"there are {len(buttons)}", f"Kakao takes {most}."
    for place, one in enumerate(buttons, start=1):
        for problem, remedy in find_one_fault(one, place=place, kinds=kinds, letters=letters):
            yield f"button {place}: {problem}", remedy


def find_one_fault(
    one: ButtonText, *, place: int, kinds: Sequence[str], letters: int
) -> Iterator[Found]:
    if one.kind not in kinds:
        yield f"there is no kind {one.kind!r}", f"The kinds are {', '.join(kinds)}."
    if not 1 <= len(one.name.strip()) <= letters:
        yield f"its name has {len(one.name.strip())} letters", f"Write 1 to {letters}."
    if OPENED.search(one.name) or LIQUID.search(one.name):
        yield "its name has a gap", "Names of buttons are the same for everybody."
    if one.kind == ADD_CHANNEL and (one.name != ADD_CHANNEL_NAME or place != 1):
        yield "the channel is added elsewhere", f"Put it first and call it {ADD_CHANNEL_NAME!r}."
    if one.kind == WEB_LINK and not one.mobile_url:
        yield "it leads nowhere", "Give it a mobile_url."
    yield from find_app_faults(one)
    for url in (one.mobile_url, one.desktop_url):
        yield from find_url_faults(url)
    for url in (one.android_url, one.ios_url):
        yield from find_long_address(url)


def find_url_faults(url: str) -> Iterator[Found]:
    """Say what is wrong with an address; an empty one is none."""
    if url and not url.startswith(("https://", "http://")):
        yield f"{url!r} is no web address", "Begin it with https://."
    yield from find_long_address(url)


def find_long_address(url: str) -> Iterator[Found]:
    if len(url) > URL_LETTERS:
        yield f"an address has {len(url)} letters", f"Shorten it to {URL_LETTERS}."


def find_app_faults(one: ButtonText) -> Iterator[Found]:
    apps = [url for url in (one.android_url, one.ios_url) if url]
    if apps and one.kind != APP_LINK:
        yield "only an app link leads into an app", f"Make it {APP_LINK}, or leave the address out."
    if one.kind == APP_LINK and len(apps) + bool(one.mobile_url) < APP_PLACES:
        yield "it leads to too few places", "Give it two of android_url, ios_url and mobile_url."
    for url in apps:
        if not APP_URL.fullmatch(url):
            yield f"{url!r} is no address of an app", "Write it like shop://orders."
