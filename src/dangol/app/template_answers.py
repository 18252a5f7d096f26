"""What the API takes and answers about templates."""

from datetime import datetime
from typing import Literal

import msgspec

from dangol.content.bubble_rules import CommerceText, CouponText
from dangol.content.kakao_rules import ButtonText
from dangol.store.vocabulary import BubbleKind, Channel, Purpose, Targeting, TemplateState


class TemplateWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A template as it shall be; its name and channel are in the address.

    ``subject`` and bodies are Liquid; of what a vendor keeps they are as Kakao sees them, with gaps
    ``#{name}``. ``expected_value`` is a decimal number as text. An empty ``vendor_code`` leaves the
    one a vendor has given. ``image`` is the hash of a picture (`POST /v1/pictures`), or empty;
    ``bubble`` and what follows are a Brand Message's.
    """

    purpose: Literal["marketing", "informational"]
    locale: Literal["ko", "en"]
    subject: str
    body_text: str
    body_html: str = ""
    vendor_code: str = ""
    buttons: list[ButtonText] = []
    emphasis_title: str = ""
    emphasis_subtitle: str = ""
    image: str = ""
    bubble: BubbleKind = BubbleKind.TEXT
    targeting: Targeting = Targeting.FRIENDS
    image_url: str = ""
    coupon: CouponText | None = None
    commerce: CommerceText | None = None
    topic: str = ""
    similar_goods: bool = False
    last_chance: bool = False
    expected_value: str = "0"


class VendorStanding(msgspec.Struct, frozen=True, kw_only=True):
    """How far one vendor's template is since when we have seen it, and what the reviewer wrote.

    ``differences`` say where what the vendor keeps is not what we have, letter by letter.
    """

    vendor: str
    state: TemplateState
    comment: str
    since: datetime
    differences: list[str]


class TemplateView(msgspec.Struct, frozen=True, kw_only=True):
    """A template with what the guard goes by, and every vendor that keeps it."""

    name: str
    channel: Channel
    purpose: Purpose
    locale: str
    subject: str
    topic: str
    expected_value: str
    similar_goods: bool
    last_chance: bool
    vendor_code: str
    vendors: list[VendorStanding]


class Templates(msgspec.Struct, frozen=True, kw_only=True):
    """Every template of the shop, by name."""

    templates: list[TemplateView]


class TemplateFault(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with a template, and what to do; an advice stops nothing."""

    field: str
    problem: str
    remedy: str
    is_advice: bool


class TemplateDetail(msgspec.Struct, frozen=True, kw_only=True):
    """A template with all it says, and what `dangol lint` has to say of it."""

    template: TemplateView
    body_text: str
    body_html: str
    buttons: list[ButtonText]
    emphasis_title: str
    emphasis_subtitle: str
    image: str
    bubble: BubbleKind
    targeting: Targeting
    image_url: str
    coupon: CouponText | None
    commerce: CommerceText | None
    faults: list[TemplateFault]


class RegisterWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which vendor is to keep a template; may be left out where one alone is set up."""

    vendor: str | None = None
