"""`dangol template preview`: how a message will look, for a made-up customer."""

import argparse
from collections.abc import Iterator
from pathlib import Path

import msgspec

from dangol.app.lint import read_templates
from dangol.app.manage import CONSOLE
from dangol.app.problem import ProblemError
from dangol.app.segments import open_place
from dangol.app.settings import Settings
from dangol.content.bubble_rules import CommerceText, read_parts
from dangol.content.kakao_rules import read_buttons
from dangol.content.lint import SAMPLE
from dangol.content.liquid import TemplateError, parse
from dangol.content.note_frame import frame_note, frame_title
from dangol.content.picture import parse_picture, use_of
from dangol.content.pictures import read_content
from dangol.content.template import Draft
from dangol.content.text_rules import SMS_BYTES, count_bytes
from dangol.store.vocabulary import BubbleKind, Channel, Purpose, Targeting
from dangol.store.workspace import Workspace, read_workspace


def run_preview(options: argparse.Namespace, settings: Settings) -> int:
    """Show what a template's message will say and show; with ``--save`` write its picture."""
    with open_place(options, settings) as place:
        workspace = read_workspace(place.connection, workspace_id=place.workspace_id)
        found = [
            one
            for _, one in read_templates(None, place)
            if one.name == options.name and options.channel in {None, one.channel}
        ]
        if not found:
            raise ProblemError(
                f"There is no template {options.name!r}: `dangol template list` says which are."
            )
        pictures = [one for draft in found if (one := parse_picture(draft.picture))]
        if options.save and not pictures:
            raise ProblemError(f"{options.name} shows no picture: leave --save out.")
        if options.save:
            name, workspace_id = pictures[0].hash, place.workspace_id
            save(options.save, read_content(place.connection, name, workspace_id=workspace_id))
    try:
        for draft in found:
            CONSOLE.print("\n".join(draw(draft, workspace=workspace)), soft_wrap=True, markup=False)
    except TemplateError as fault:
        raise ProblemError(f"{options.name}: {fault}") from fault
    return 0


def save(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise ProblemError(f"{path} cannot be written: {error.strerror}.") from error


def draw(draft: Draft, *, workspace: Workspace) -> Iterator[str]:
    """Say a message line by line, from the top: picture, title, text, goods, buttons, coupon.

    Raises:
        TemplateError: a part of it cannot be read.
    """
    channel, purpose = Channel(draft.channel), Purpose(draft.purpose)
    is_approved = channel is Channel.KAKAO_ALIMTALK
    source = draft.body_text
    text = source if is_approved else parse("body_text", source, escape=False).render(SAMPLE)
    written = frame_note(
        text,
        channel=channel,
        workspace=workspace,
        purpose=purpose,
        stop_url=str(SAMPLE["links"]["unsubscribe"]),
    )
    subject = parse("subject", draft.subject, escape=False).render(SAMPLE)
    title = frame_title(subject, channel=channel, workspace=workspace, purpose=purpose)
    yield f"{draft.name}: {name_kind(draft, written)}"
    if picture := parse_picture(draft.picture):
        yield f"[{picture.kind} {picture.width} x {picture.height}, {picture.size:,} bytes]"
    parts = read_parts(draft.bubble_parts)
    if parts.commerce is not None:
        yield f"{parts.commerce.title}  {say_price(parts.commerce)}"
    if title and channel in {Channel.EMAIL, Channel.PUSH, Channel.SMS}:
        yield title
    yield written
    for button in read_buttons(draft.buttons):
        yield f"[{button.name}] {button.mobile_url}".rstrip()
    if parts.coupon is not None:
        yield f"{parts.coupon.title}: {parts.coupon.description} {parts.coupon.mobile_url}"


def say_price(goods: CommerceText) -> str:
    """Say what something costs, and what it cost before."""
    regular = f"{goods.regular_price:,} KRW"
    if goods.discount_price is None:
        return regular
    off = f"{goods.discount_rate}%" if goods.discount_rate else f"{goods.discount_fixed:,} KRW"
    return f"{goods.discount_price:,} KRW (-{off}, before {regular})"


def name_kind(draft: Draft, text: str) -> str:
    """Name what leaves: SMS, LMS or MMS, the bubble and for whom, or the channel."""
    if draft.channel == Channel.KAKAO_BRAND:
        return f"{draft.channel}, {draft.bubble} bubble, for {draft.targeting}"
    if draft.channel != Channel.SMS:
        return str(draft.channel)
    if draft.picture:
        return "MMS"
    return "LMS" if count_bytes(text) > SMS_BYTES else "SMS"


def describe_look(draft: Draft) -> dict[str, object]:
    """Return for the list as JSON what a template shows; picture null where it shows none."""
    picture = parse_picture(draft.picture)
    return {
        "picture": msgspec.to_builtins(picture) if picture else None,
        "bubble": draft.bubble,
        "targeting": draft.targeting,
    }


def say_look(draft: Draft) -> Iterator[str]:
    """Say the same for the list in words; what is usual is left out."""
    if (picture := parse_picture(draft.picture)) and use_of(
        Channel(draft.channel), BubbleKind(draft.bubble)
    ):
        yield f"picture {picture.width} x {picture.height}"
    if draft.bubble != BubbleKind.TEXT:
        yield f"{draft.bubble} bubble"
    if draft.targeting != Targeting.FRIENDS:
        yield f"for {draft.targeting}"
