"""Messages that are no mail: text messages, Kakao messages and notifications, each as its own note.

A note says the same at every attempt, so that a vendor that honours our key sees the same call.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, cast

import msgspec

from dangol.channels.claim import Claimed
from dangol.channels.mould import Post, shop_fields
from dangol.channels.render import name_of
from dangol.content.advertising import needs_mark
from dangol.content.frame import set_shop_link, shop_url
from dangol.content.kakao_rules import EMPHASIS_LETTERS, GAP
from dangol.content.liquid import Liquid, TemplateError, parse
from dangol.content.note_frame import frame_note, frame_title
from dangol.content.picture import parse_picture, use_of
from dangol.content.template import Template, is_kept
from dangol.content.text_rules import SMS_BYTES, count_bytes, lint_text
from dangol.content.tokens import TokenPurpose, sign_click, sign_message
from dangol.providers.vendor import (
    AlimtalkNote,
    BrandNote,
    Button,
    Commerce,
    Coupon,
    Note,
    Outgoing,
    PushNote,
    Shown,
    TextNote,
)
from dangol.store.vault import Vault
from dangol.store.vocabulary import BubbleKind, Channel, Purpose, Targeting
from dangol.store.workspace import Workspace

# Stands where a click link of the message's own will; no text of a person's holds a NUL.
LINK_MARK: Final = "\0link {}\0"
URL: Final = re.compile(r"https?://[^\s\"'<>{}]+")
# What the name of a gap means that is no trait.
KNOWN_GAPS: Final[Mapping[str, tuple[str, str]]] = {
    "이름": ("customer", "name"),
    "고객명": ("customer", "name"),
    "name": ("customer", "name"),
    "상점명": ("shop", "name"),
    "shop": ("shop", "name"),
}
# Where a button may lead.
ADDRESSES: Final = ("mobile_url", "desktop_url", "android_url", "ios_url")
# As what an address is sealed, by the channel it is for.
ADDRESS_KINDS: Final[Mapping[Channel, str]] = {
    Channel.EMAIL: "email",
    Channel.SMS: "phone",
    Channel.KAKAO_ALIMTALK: "phone",
    Channel.KAKAO_BRAND: "phone",
    Channel.PUSH: "push",
    Channel.INAPP: "push",
}


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """What the bubble of a Brand Message holds beside its text, picture and buttons."""

    image_url: str = ""
    coupon: Coupon | None = None
    commerce: Commerce | None = None

    @property
    def urls(self) -> list[str]:
        """The addresses it leads to."""
        return [self.image_url, self.coupon.mobile_url if self.coupon else ""]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteMould:
    """A template ready to be filled; ``links`` are its tracked addresses, by mark."""

    workspace: Workspace
    template: Template
    title: Liquid
    text: Liquid
    buttons: tuple[Button, ...]
    links: tuple[str, ...]
    picture: Shown | None
    parts: Parts


@lru_cache(maxsize=256)
def cast_note(template: Template, *, workspace: Workspace) -> NoteMould:
    """Prepare a template; equal templates of equal shops share one mould.

    Raises:
        TemplateError: a part of it cannot be read.
    """
    buttons, parts = read_buttons(template), read_parts(template)
    approved = is_kept(template)
    if approved and not template.vendor_code:
        raise TemplateError("vendor_code", "its gaps need a template that a vendor keeps")
    source = set_shop_link(template.body_text, workspace=workspace)
    # An approved text may not differ by a letter, so its addresses stay as they are.
    leads = [*(one.mobile_url for one in buttons), *parts.urls]
    found = [] if approved else [*URL.findall(source), *leads]
    links = tuple(dict.fromkeys(url for url in found if URL.fullmatch(url)))
    for number, url in sorted(enumerate(links), key=lambda one: -len(one[1])):
        source = source.replace(url, LINK_MARK.format(number))
    return NoteMould(
        workspace=workspace,
        template=template,
        title=parse("subject", template.subject, escape=False),
        text=parse("body_text", "" if approved else source, escape=False),
        buttons=buttons,
        links=links,
        picture=read_shown(template),
        parts=parts,
    )


def read_shown(template: Template) -> Shown | None:
    """Return the picture that messages of a template show; None where they show none."""
    picture = parse_picture(template.picture)
    use = use_of(Channel(template.channel), BubbleKind(template.bubble))
    return Shown(hash=picture.hash, use=use) if picture and use else None


def read_parts(template: Template) -> Parts:
    """Read what a template's bubble holds.

    Raises:
        TemplateError: it is none of that.
    """
    try:
        return msgspec.json.decode(template.bubble_parts, type=Parts)
    except msgspec.ValidationError as error:
        raise TemplateError("bubble", str(error)) from error


def read_buttons(template: Template) -> tuple[Button, ...]:
    """Read a template's buttons.

    Raises:
        TemplateError: they are none.
    """
    try:
        return tuple(msgspec.json.decode(template.buttons, type=list[Button]))
    except msgspec.ValidationError as error:
        raise TemplateError("buttons", f"{error}. Each needs kind and name") from error


def render_note(
    claimed: Claimed,
    *,
    mould: NoteMould,
    post: Post,
    link_ids: Mapping[str, int],
    vault: Vault,
) -> Outgoing:
    """Write a claimed message.

    Raises:
        TemplateError: the template fails on this customer's data, or its text is too long.
        BadToken: the address was sealed under another key.
        MissingKeyError: the key file lacks the master key that is needed.
        LookupError: the customer has no address any more.
    """
    names = {"workspace_id": claimed.workspace_id, "message_id": claimed.message_id}
    clicks = [
        f"{post.base_url}/c/{sign_click(vault, **names, link_id=link_ids[url])}"
        for url in mould.links
    ]
    stop = sign_message(vault, TokenPurpose.UNSUBSCRIBE, **names)
    fields = {
        "customer": {"name": name_of(claimed.traits), "traits": claimed.traits},
        "shop": shop_fields(mould.workspace),
        "event": claimed.event or {},
        "links": {
            "shop": shop_url(mould.workspace),
            "unsubscribe": f"{post.base_url}/u/{stop}",
        },
    }
    return Outgoing(
        delivery_id=claimed.delivery_id,
        vendor_id=sign_message(vault, TokenPurpose.MESSAGE, **names),
        # The number or the channel of the account, which the vendor knows.
        sender="",
        recipient=open_address(claimed, vault=vault),
        content=write_note(mould, fields=fields, clicks=clicks),
    )


def open_address(claimed: Claimed, *, vault: Vault) -> str:
    """Return where a message goes.

    Raises:
        BadToken: the address was sealed under another key.
        MissingKeyError: the key file lacks the master key that is needed.
        LookupError: the customer has no address any more.
    """
    if claimed.address is None or claimed.address_key is None:
        raise LookupError(f"Message {claimed.message_id}: its customer has no address any more.")
    kind = ADDRESS_KINDS[claimed.channel]
    return vault.open_for(claimed.workspace_id, kind, claimed.address, claimed.address_key)


def write_note(
    mould: NoteMould, *, fields: Mapping[str, Mapping[str, object]], clicks: list[str]
) -> Note:
    """Write what the channel's vendor gets.

    Raises:
        TemplateError: the template fails on these fields, or its text is too long.
    """
    template, channel = mould.template, Channel(mould.template.channel)
    if is_kept(template):
        note = write_alimtalk(mould, fields=fields)
        if channel is Channel.KAKAO_ALIMTALK:
            return note
        return as_brand(note, targeting=Targeting(template.targeting))
    text = mould.text.render(fields)
    for number, click in enumerate(clicks):
        text = text.replace(LINK_MARK.format(number), click)
    framed = frame_note(
        text,
        channel=channel,
        workspace=mould.workspace,
        purpose=Purpose(template.purpose),
        stop_url=str(fields["links"]["unsubscribe"]),
    )
    title = frame_title(
        mould.title.render(fields),
        channel=channel,
        workspace=mould.workspace,
        purpose=Purpose(template.purpose),
    )
    leads = dict(zip(mould.links, clicks, strict=True))
    if channel is Channel.SMS:
        is_ad = needs_mark(mould.workspace, Purpose(template.purpose))
        note = write_text(framed, title=title, workspace=mould.workspace, is_advertisement=is_ad)
        return replace(note, title=title, picture=mould.picture) if mould.picture else note
    if channel is Channel.KAKAO_BRAND:
        return write_brand(mould, text=framed, leads=leads)
    urls = [leads.get(one.mobile_url, one.mobile_url) for one in mould.buttons]
    return PushNote(title=title, body=framed, url=next(iter(urls), ""))


def write_text(text: str, *, title: str, workspace: Workspace, is_advertisement: bool) -> TextNote:
    """Write a text message: an SMS where it fits into one, else an LMS, which has a title.

    A shop without an 080 number refuses by a link, which only the linter has something against.

    Raises:
        TemplateError: carriers cannot carry it, or the law's mark is missing.
    """
    faults = lint_text(text, is_advertisement=is_advertisement, sender_name=workspace.sender_name)
    for fault in faults:
        if fault.code != "opt_out" or workspace.opt_out_phone:
            raise TemplateError("body_text", fault.en)
    return TextNote(text=text, title="" if count_bytes(text) <= SMS_BYTES else title)


def write_brand(mould: NoteMould, *, text: str, leads: Mapping[str, str]) -> BrandNote:
    """Write a Brand Message, whose every address leads through our links."""
    template, parts = mould.template, mould.parts
    coupon = parts.coupon
    return BrandNote(
        text=text,
        targeting=Targeting(template.targeting),
        bubble=BubbleKind(template.bubble),
        picture=mould.picture,
        image_url=leads.get(parts.image_url, parts.image_url),
        buttons=[lead(one, leads) for one in mould.buttons],
        coupon=coupon
        and replace(coupon, mobile_url=leads.get(coupon.mobile_url, coupon.mobile_url)),
        commerce=parts.commerce,
    )


def write_alimtalk(mould: NoteMould, *, fields: Mapping[str, Mapping[str, object]]) -> AlimtalkNote:
    """Fill the gaps of a text that a vendor keeps, and of its buttons' addresses.

    Raises:
        TemplateError: nothing is known for a gap; Kakao takes no empty ones.
    """
    template = mould.template
    sources = [
        template.body_text,
        template.emphasis_title,
        *(getattr(one, part) for one in mould.buttons for part in ADDRESSES),
    ]
    gaps = {name for source in sources for name in GAP.findall(source)}
    filled = {name: fill_gap(name, fields=fields) for name in sorted(gaps)}

    def fill(source: str) -> str:
        return GAP.sub(lambda gap: filled[gap[1]], source)

    return AlimtalkNote(
        template_code=template.vendor_code,
        variables=filled,
        text=fill(template.body_text),
        buttons=[
            replace(one, **{part: fill(getattr(one, part)) for part in ADDRESSES})
            for one in mould.buttons
        ],
        title=fit_title(fill(template.emphasis_title)),
    )


def as_brand(note: AlimtalkNote, *, targeting: Targeting) -> BrandNote:
    """Return what a vendor keeps of a Brand Message, its gaps filled."""
    return BrandNote(
        text=note.text,
        targeting=targeting,
        buttons=note.buttons,
        template_code=note.template_code,
        variables=note.variables,
    )


def fit_title(title: str) -> str:
    """Let a title pass that Kakao shows, gaps filled.

    Raises:
        TemplateError: it is too long.
    """
    if len(title) > EMPHASIS_LETTERS:
        raise TemplateError(
            "emphasis_title",
            f"it has {len(title)} letters with its gaps filled; Kakao takes {EMPHASIS_LETTERS}",
        )
    return title


def fill_gap(name: str, *, fields: Mapping[str, Mapping[str, object]]) -> str:
    """Return what stands in a gap: the customer's or the shop's name, or a trait of that name.

    Raises:
        TemplateError: nothing is known for it.
    """
    known = KNOWN_GAPS.get(name)
    traits = cast("Mapping[str, object]", fields["customer"]["traits"])
    value = fields[known[0]][known[1]] if known else traits.get(name.removeprefix("traits."))
    if value in (None, ""):
        raise TemplateError("body_text", f"nothing is known for #{{{name}}}; Kakao takes no gaps")
    return str(value)


def lead(button: Button, leads: Mapping[str, str]) -> Button:
    """Let a button lead through our link."""
    url = leads.get(button.mobile_url, button.mobile_url)
    return replace(button, mobile_url=url, desktop_url=url)
