"""What each bubble of a Brand Message holds, before a vendor's code says so.

Sources: NHN Cloud's guide to Brand Messages of free form, the clients of SOLAPI and Bizgo; where
they differ, the strictest (an image bubble holds 400 letters at NHN Cloud and Bizgo, 1,300 at
SOLAPI). Pure: a template's parts in, faults out.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from dangol.content.fault import Fault
from dangol.content.kakao_rules import (
    ADD_CHANNEL,
    BRAND_KINDS,
    BUTTON_LETTERS,
    MOST_BUTTONS,
    ButtonText,
    Found,
    find_button_faults,
    find_length_faults,
    find_mark_faults,
    find_url_faults,
)
from dangol.content.liquid import TemplateError
from dangol.store.vocabulary import BubbleKind, Targeting

SHORT_NAME: Final = 8
HIGHEST_PRICE: Final = 99_999_999
HIGHEST_OFF: Final = 999_999
COUPON_TITLE: Final = re.compile(
    r"[1-9]\d{0,7}원 할인 쿠폰|(?:[1-9]\d?|100)% 할인 쿠폰|배송비 할인 쿠폰|.{1,7} (?:무료|UP) 쿠폰"
)
COUPON_FORMS: Final = (
    "'1000원 할인 쿠폰', '10% 할인 쿠폰', '배송비 할인 쿠폰', '… 무료 쿠폰' or '… UP 쿠폰'"
)


class CouponText(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A coupon as a template writes it."""

    title: str
    description: str
    mobile_url: str


class CommerceText(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a commerce bubble sells, as a template writes it."""

    title: str
    regular_price: int
    discount_price: int | None = None
    discount_rate: int | None = None
    discount_fixed: int | None = None


class PartsText(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a bubble holds beside its text, picture and buttons."""

    image_url: str = ""
    coupon: CouponText | None = None
    commerce: CommerceText | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How much one kind of bubble holds; letters of its text, of a button, of a coupon."""

    letters: int
    breaks: int
    buttons: int = 2
    button_letters: int = SHORT_NAME
    coupon_letters: int = 12
    needs_text: bool = True
    needs_button: bool = False
    kinds: Sequence[str] = tuple(kind for kind in BRAND_KINDS if kind != ADD_CHANNEL)


SHAPES: Final[Mapping[BubbleKind, Shape]] = {
    BubbleKind.TEXT: Shape(
        letters=1_300,
        breaks=99,
        buttons=MOST_BUTTONS,
        button_letters=BUTTON_LETTERS,
        kinds=BRAND_KINDS,
    ),
    BubbleKind.IMAGE: Shape(
        letters=400,
        breaks=29,
        buttons=MOST_BUTTONS,
        button_letters=BUTTON_LETTERS,
        kinds=BRAND_KINDS,
    ),
    BubbleKind.WIDE: Shape(letters=76, breaks=1, coupon_letters=18),
    # Its text is the line under the price.
    BubbleKind.COMMERCE: Shape(letters=34, breaks=1, needs_text=False, needs_button=True),
}


def read_parts(source: str) -> PartsText:
    """Read what a template's bubble holds.

    Raises:
        TemplateError: it is none of that.
    """
    try:
        return msgspec.json.decode(source, type=PartsText)
    except msgspec.DecodeError as error:
        raise TemplateError("bubble", str(error)) from error


def find_bubble_faults(
    kind: BubbleKind, *, text: str, buttons: Sequence[ButtonText], parts: PartsText
) -> Iterator[Fault]:
    """Say what Kakao would refuse about a bubble, gaps filled."""
    shape = SHAPES[kind]
    yield from say("body_text", find_text_faults(shape, text))
    most = shape.buttons - (parts.coupon is not None and shape.buttons == MOST_BUTTONS)
    yield from say(
        "buttons",
        find_button_faults(buttons, kinds=shape.kinds, most=most, letters=shape.button_letters),
    )
    if shape.needs_button and not buttons:
        yield Fault(
            field="buttons", problem="there is none", remedy="Give it one or two that lead there."
        )
    yield from say("image_url", find_url_faults(parts.image_url))
    if parts.coupon is not None:
        yield from say("coupon", find_coupon_faults(parts.coupon, most=shape.coupon_letters))
    yield from find_commerce_fault(kind, parts)


def say(field: str, found: Iterator[Found]) -> Iterator[Fault]:
    for problem, remedy in found:
        yield Fault(field=field, problem=problem, remedy=remedy)


def find_text_faults(shape: Shape, text: str) -> Iterator[Found]:
    if shape.needs_text or text.strip():
        yield from find_length_faults(text, most=shape.letters)
    if (breaks := text.count("\n")) > shape.breaks:
        yield f"it has {breaks + 1} lines", f"This bubble holds {shape.breaks + 1}."
    yield from find_mark_faults(text, "Kakao puts the mark in front by itself")


def find_coupon_faults(coupon: CouponText, *, most: int) -> Iterator[Found]:
    if not COUPON_TITLE.fullmatch(coupon.title):
        yield f"its title is {coupon.title!r}", f"Kakao knows {COUPON_FORMS} (… up to 7 letters)."
    if not 1 <= len(coupon.description.strip()) <= most or "\n" in coupon.description:
        yield (
            f"its description has {len(coupon.description):,} letters",
            f"Write 1 to {most}, on one line.",
        )
    if not coupon.mobile_url:
        yield "it leads nowhere", "Give it a mobile_url."
    yield from find_url_faults(coupon.mobile_url)


def find_commerce_fault(kind: BubbleKind, parts: PartsText) -> Iterator[Fault]:
    """Say what is wrong with the goods of a commerce bubble, or that another has some."""
    if (kind is BubbleKind.COMMERCE) != (parts.commerce is not None):
        is_missing = parts.commerce is None
        yield Fault(
            field="commerce",
            problem="there is none" if is_missing else "only a commerce bubble sells something",
            remedy="Write title and regular_price."
            if is_missing
            else "Leave it out, or write bubble: commerce.",
        )
    elif parts.commerce is not None:
        yield from say("commerce", find_price_faults(parts.commerce))


def find_price_faults(goods: CommerceText) -> Iterator[Found]:
    if not 1 <= len(goods.title.strip()) <= 30 or "\n" in goods.title:  # noqa: PLR2004 - Kakao's
        yield f"its title has {len(goods.title):,} letters", "Write 1 to 30, on one line."
    limits = (
        ("regular_price", goods.regular_price, 0, HIGHEST_PRICE),
        ("discount_price", goods.discount_price, 0, HIGHEST_PRICE),
        ("discount_rate", goods.discount_rate, 1, 100),
        ("discount_fixed", goods.discount_fixed, 0, HIGHEST_OFF),
    )
    for name, value, least, most in limits:
        if value is not None and not least <= value <= most:
            yield f"{name} is {value:,}", f"Kakao takes {least:,} to {most:,}."
    off = [one for one in (goods.discount_rate, goods.discount_fixed) if one is not None]
    if len(off) != (goods.discount_price is not None):
        yield (
            "what it costs less is not said in one way",
            "With discount_price write discount_rate or discount_fixed; without it, neither.",
        )


def find_targeting_advice(targeting: Targeting) -> Iterator[Fault]:
    """Remind of what Kakao asks before it lets a message go beyond the channel's friends."""
    if targeting != Targeting.FRIENDS:
        yield Fault(
            field="targeting",
            problem=f"{targeting} goes by Kakao's list of who agreed, which not every channel may",
            remedy="Apply at the vendor first (50,000 friends, an 080 number and proof of consent; "
            "docs/guides/vendors.md), or write targeting: friends.",
            is_advice=True,
        )
