"""Reads templates of text and Kakao messages the way carriers, Kakao and the law will."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from dangol.content.advertising import needs_mark
from dangol.content.bubble_rules import (
    find_bubble_faults,
    find_targeting_advice,
    read_parts,
    say,
)
from dangol.content.fault import Fault
from dangol.content.frame import set_shop_link
from dangol.content.kakao_rules import (
    ALIMTALK_KINDS,
    ButtonText,
    find_alimtalk_faults,
    find_button_faults,
    find_emphasis_faults,
    find_gap_faults,
    find_liquid_faults,
    read_buttons,
)
from dangol.content.liquid import TemplateError, parse
from dangol.content.note_frame import frame_note
from dangol.content.picture import find_picture_faults, parse_picture, use_of
from dangol.content.template import Draft, is_kept
from dangol.content.text_rules import SMS_BYTES, count_bytes, lint_text
from dangol.content.tone import PROMOTIONAL, PUSHY, find_holes
from dangol.store.vocabulary import BubbleKind, Channel, Purpose, Targeting
from dangol.store.workspace import Workspace

LONGEST_TITLE: Final = 40
# As long as ours are.
STOP_URL: Final = f"https://shop.example/u/{'u' * 60}"


def lint_note(
    draft: Draft, *, workspace: Workspace, sample: Mapping[str, Mapping[str, object]]
) -> list[Fault]:
    """Return every fault of a template for ``sms``, ``kakao_alimtalk`` or ``kakao_brand``."""
    try:
        buttons = read_buttons(draft.buttons)
        if draft.channel == Channel.KAKAO_ALIMTALK:
            faults = [
                *say("body_text", find_alimtalk_faults(draft.body_text, buttons)),
                *say("buttons", find_button_faults(buttons, kinds=ALIMTALK_KINDS)),
                *say("buttons", find_gap_faults("".join("".join(one.urls) for one in buttons))),
                *say(
                    "emphasis_title",
                    find_emphasis_faults(draft.emphasis_title, draft.emphasis_subtitle),
                ),
                *find_purpose_fault(draft, Purpose.INFORMATIONAL, "Alimtalk carries none"),
                *find_missing_code(draft),
            ]
            return [*faults, *find_words(draft, draft.body_text), *find_shown_faults(draft)]
        if draft.channel == Channel.KAKAO_BRAND and is_kept(draft):
            return [*find_kept_faults(draft, buttons), *find_words(draft, draft.body_text)]
        source = set_shop_link(draft.body_text, workspace=workspace)
        text = parse("body_text", source, escape=False).render(sample)
        faults = [*find_words(draft, text), *find_holes_in(draft), *find_shown_faults(draft)]
        if draft.channel == Channel.KAKAO_BRAND:
            kind, parts = BubbleKind(draft.bubble), read_parts(draft.bubble_parts)
            return [
                *find_bubble_faults(kind, text=text, buttons=buttons, parts=parts),
                *find_targeting_advice(Targeting(draft.targeting)),
                *find_purpose_fault(draft, Purpose.MARKETING, "a Brand Message is always one"),
                *faults,
            ]
        title = parse("subject", draft.subject, escape=False).render(sample)
    except TemplateError as fault:
        return [Fault(field=fault.field, problem=fault.problem, remedy="Correct the template.")]
    return [*find_text_faults(draft, text, title, workspace=workspace), *faults]


def find_kept_faults(draft: Draft, buttons: Sequence[ButtonText]) -> Iterator[Fault]:
    """Say what is wrong with a Brand Message whose text a vendor keeps."""
    urls = "".join("".join(one.urls) for one in buttons)
    text, parts = draft.body_text, read_parts(draft.bubble_parts)
    yield from find_bubble_faults(BubbleKind.TEXT, text=text, buttons=buttons, parts=parts)
    yield from say("body_text", find_liquid_faults(text))
    yield from say("body_text", find_gap_faults(text))
    yield from say("buttons", find_gap_faults(urls))
    if draft.picture or draft.bubble != BubbleKind.TEXT or parts.coupon is not None:
        yield Fault(
            field="bubble",
            problem="vendors keep text and buttons only",
            remedy="Leave picture, bubble and coupon out, or write it in Liquid, without #{gaps}.",
        )
    yield from find_targeting_advice(Targeting(draft.targeting))
    yield from find_purpose_fault(draft, Purpose.MARKETING, "a Brand Message is always one")
    yield from find_missing_code(draft)


def find_purpose_fault(draft: Draft, wanted: Purpose, why: str) -> Iterator[Fault]:
    if draft.purpose != wanted:
        yield Fault(
            field="purpose",
            problem=f"{draft.purpose} on {draft.channel}: of advertising, {why}",
            remedy=f"Set the purpose to {wanted}, or choose another channel.",
        )


def find_missing_code(draft: Draft) -> Iterator[Fault]:
    if not draft.vendor_code:
        yield Fault(
            field="vendor_code",
            problem="no vendor keeps it yet, so it cannot be sent",
            remedy=f"Run `dangol template register {draft.name} --channel {draft.channel}`.",
            is_advice=True,
        )


def find_text_faults(
    draft: Draft, text: str, title: str, *, workspace: Workspace
) -> Iterator[Fault]:
    """Read a text message as it will leave: with mark, sender and way out."""
    purpose = Purpose(draft.purpose)
    if not text.strip():
        yield Fault(field="body_text", problem="it is empty", remedy="Write what it says.")
    framed = frame_note(
        text, channel=Channel.SMS, workspace=workspace, purpose=purpose, stop_url=STOP_URL
    )
    ad = needs_mark(workspace, purpose)
    for one in lint_text(framed, is_advertisement=ad, sender_name=workspace.sender_name):
        is_ours = one.code == "opt_out" and not workspace.opt_out_phone
        yield Fault(
            field="workspace" if is_ours else "body_text",
            problem="the shop has no 080 number to refuse for free" if is_ours else one.en,
            remedy="Set it: `dangol workspace opt-out-phone`." if is_ours else one.ko,
            is_advice=is_ours,
        )
    if (draft.picture or count_bytes(framed) > SMS_BYTES) and count_bytes(title) > LONGEST_TITLE:
        yield Fault(
            field="subject",
            problem=f"a long text or an MMS has a title of at most {LONGEST_TITLE} bytes",
            remedy="Shorten it: a Korean letter counts two.",
        )


def find_words(draft: Draft, text: str) -> Iterator[Fault]:
    if draft.purpose == Purpose.INFORMATIONAL and (found := PROMOTIONAL.search(text)):
        yield Fault(
            field="body_text",
            problem=f"{found[0]!r} promotes, which makes the whole message an advertisement",
            remedy="Set the purpose to marketing, or leave the promotion out.",
        )
    if found := PUSHY.search(text):
        yield Fault(
            field="body_text",
            problem=f"{found[0]!r} puts pressure on the reader",
            remedy="Say what is on offer and until when; let the reader decide.",
            is_advice=True,
        )


def find_holes_in(draft: Draft) -> Iterator[Fault]:
    for field in sorted(set(find_holes(draft.body_text))):
        yield Fault(
            field="body_text",
            problem=f"{field} may be unknown, and leaves a hole there",
            remedy=f'Say what to write then: {{{{ {field} | default: "고객" }}}}.',
        )


def find_shown_faults(draft: Draft) -> Iterator[Fault]:
    """Say what is wrong with a template's picture, and where a bubble lacks one or none belongs."""
    channel, bubble = Channel(draft.channel), BubbleKind(draft.bubble)
    use, picture = use_of(channel, bubble), parse_picture(draft.picture)
    if channel is not Channel.KAKAO_BRAND and (
        bubble is not BubbleKind.TEXT or draft.bubble_parts != "{}"
    ):
        yield Fault(
            field="bubble",
            problem=f"{draft.channel} has no bubbles, coupons or goods",
            remedy="Leave them out, or write channel: kakao_brand.",
        )
    if use is None and picture is not None:
        is_brand = channel is Channel.KAKAO_BRAND
        yield Fault(
            field="image",
            problem=f"{'a text bubble' if is_brand else draft.channel} shows none",
            remedy="Write bubble: image." if is_brand else "Leave it out.",
        )
    if use is not None and picture is None and channel is Channel.KAKAO_BRAND:
        yield Fault(
            field="image",
            problem=f"there is none, and {'an' if bubble == 'image' else 'a'} {bubble} bubble "
            "needs one",
            remedy="Name a file beside the template: image: sale.jpg.",
        )
    if use is not None and picture is not None:
        yield from say("image", find_picture_faults(picture, use))
