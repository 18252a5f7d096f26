"""Reads a template the way a law, a mail client and a customer will."""

from collections.abc import Iterator, Mapping
from typing import Final

from dangol.content.advertising import MARK, is_disguised, mark_subject, needs_mark
from dangol.content.fault import Fault
from dangol.content.frame import frame_html
from dangol.content.liquid import TemplateError, parse
from dangol.content.note_lint import find_shown_faults, lint_note
from dangol.content.template import Draft
from dangol.content.tone import PROMOTIONAL, PUSHY, find_holes
from dangol.store.vocabulary import Channel, Purpose
from dangol.store.workspace import Workspace

SAMPLE: Final[Mapping[str, Mapping[str, object]]] = {
    "customer": {"name": "단골", "traits": {}},
    "shop": {"name": "단골 상점", "email": "", "phone": "", "postal": ""},
    "links": {
        "shop": "https://shop.example/",
        "unsubscribe": "https://shop.example/u/token",
        "preferences": "https://shop.example/p/token",
    },
    "event": {"changes": [{"channel": "email", "action": "grant", "day": "2027-03-02"}]},
}


# Read as what they are; mail and notifications as mail.
NOTES: Final = frozenset({Channel.SMS, Channel.KAKAO_ALIMTALK, Channel.KAKAO_BRAND})


def lint_template(draft: Draft, *, workspace: Workspace) -> list[Fault]:
    """Return every fault of a template; none means that it may be published."""
    if draft.channel in NOTES:
        faults = lint_note(draft, workspace=workspace, sample=SAMPLE)
        return [*faults, *find_emphasis_fault(draft)]
    try:
        subject, text, page = render_sample(draft, workspace=workspace)
    except TemplateError as fault:
        return [Fault(field=fault.field, problem=fault.problem, remedy="Correct the template.")]
    return [
        *find_subject_faults(draft, subject, workspace=workspace),
        *find_word_faults(draft, subject, text, page),
        *find_name_faults(draft),
        *find_emphasis_fault(draft),
        *find_shown_faults(draft),
    ]


def render_sample(draft: Draft, *, workspace: Workspace) -> tuple[str, str, str]:
    """Render subject, text and HTML for a made-up customer.

    Raises:
        TemplateError: a part cannot be read or rendered.
    """
    marketing = draft.purpose == Purpose.MARKETING
    framed = frame_html(
        draft.body_html, workspace=workspace, locale=draft.locale, marketing=marketing
    )
    subject = parse("subject", draft.subject, escape=False).render(SAMPLE)
    return (
        mark_subject(subject) if needs_mark(workspace, draft.purpose) else subject,
        parse("body_text", draft.body_text, escape=False).render(SAMPLE),
        parse("body_html", framed, escape=True).render(SAMPLE),
    )


def find_subject_faults(draft: Draft, subject: str, *, workspace: Workspace) -> Iterator[Fault]:
    written = subject.removeprefix(MARK).strip()
    if not written:
        yield Fault(field="subject", problem="it is empty", remedy="Say what the mail is about.")
    if needs_mark(workspace, draft.purpose) and is_disguised(written):
        yield Fault(
            field="subject",
            problem=f"a disguised mark stands beside the exact {MARK}",
            remedy=f"Remove it: {MARK} is put in front by itself.",
        )
    if draft.purpose == Purpose.INFORMATIONAL and (
        subject.startswith(MARK) or is_disguised(subject)
    ):
        yield Fault(
            field="subject",
            problem=f"{MARK} marks an advertisement, but the purpose is informational",
            remedy="Set the purpose to marketing, or remove the mark.",
        )


def find_word_faults(draft: Draft, subject: str, text: str, page: str) -> Iterator[Fault]:
    if not text.strip():
        yield Fault(
            field="body_text", problem="it is empty", remedy="Write it for readers without HTML."
        )
    for field, written in (("subject", subject), ("body_text", text), ("body_html", page)):
        if draft.purpose == Purpose.INFORMATIONAL and (found := PROMOTIONAL.search(written)):
            yield Fault(
                field=field,
                problem=f"{found[0]!r} promotes, which makes the whole mail an advertisement",
                remedy="Set the purpose to marketing, or leave the promotion out.",
            )
        if found := PUSHY.search(written):
            yield Fault(
                field=field,
                problem=f"{found[0]!r} puts pressure on the reader",
                remedy="Say what is on offer and until when; let the reader decide.",
                is_advice=True,
            )


def find_emphasis_fault(draft: Draft) -> Iterator[Fault]:
    if draft.channel != Channel.KAKAO_ALIMTALK and draft.emphasis_title + draft.emphasis_subtitle:
        yield Fault(
            field="emphasis_title",
            problem=f"nothing stands above the text of {draft.channel}",
            remedy="Leave it out: only an Alimtalk has it.",
        )


def find_name_faults(draft: Draft) -> Iterator[Fault]:
    """Of a field that the shop may not know, say so once for each part of the template."""
    for part in ("subject", "body_text", "body_html"):
        for field in sorted(set(find_holes(getattr(draft, part)))):
            yield Fault(
                field=part,
                problem=f"{field} may be unknown, and leaves a hole there",
                remedy=f'Say what to write then: {{{{ {field} | default: "고객" }}}}.',
            )
