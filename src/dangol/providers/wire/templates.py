"""What all vendors' ways of keeping Alimtalk templates have in common."""

from collections.abc import Iterable, Mapping
from typing import Final

from dangol.providers.template_desk import VendorTemplate, Wording
from dangol.providers.vendor import Button
from dangol.providers.wire.call import Json, text_of
from dangol.store.vocabulary import TemplateState

LONGEST_COMMENT: Final = 500
# "Other": looked at last, and right for everybody.
CATEGORY: Final = "999999"
ADD_CHANNEL: Final = "AC"


def message_type(buttons: Iterable[Button]) -> str:
    """Return what Kakao calls the kind: with the button that adds the channel, or basic."""
    return "AD" if any(one.kind == ADD_CHANNEL for one in buttons) else "BA"


def emphasis_type(wording: Wording) -> str:
    """Return what Kakao calls what stands above the text."""
    return "TEXT" if wording.title else "NONE"


def read_standing(
    said: Json, states: Mapping[str, TemplateState], *, name: str, comments: Iterable[str]
) -> tuple[TemplateState, str]:
    """Return how far a template is, by the vendor's word under ``name``, and what was written.

    A word we do not know stops the template, and says so: nobody knows that it may be sent.
    """
    written = join_comments(comments)
    for mark in ("block", "dormant"):
        if text_of(said, mark).lower() == "true" or said.get(mark) is True:
            return TemplateState.STOPPED, written or mark
    word = text_of(said, name)
    if word not in states:
        return TemplateState.STOPPED, written or f"the vendor says {word!r}"
    return states[word], written


def join_comments(comments: Iterable[str]) -> str:
    """Return all that was written about a template as one text."""
    return " / ".join(one for one in comments if one)[:LONGEST_COMMENT]


def standing_as(wording: Wording, state: TemplateState, comment: str) -> VendorTemplate:
    """Return a template with how far it is."""
    return VendorTemplate(
        code=wording.code,
        name=wording.name,
        text=wording.text,
        buttons=wording.buttons,
        title=wording.title,
        subtitle=wording.subtitle,
        state=state,
        comment=comment,
    )
