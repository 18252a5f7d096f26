"""Alimtalk templates that a fake keeps in its vendor's words, and Kakao's reviewer.

The reviewer waits to be told: ``approve``, ``reject`` and ``stop``, of a template's code.
"""

from dataclasses import dataclass, field
from typing import Final

from dangol.providers.wire.call import Json, text_of
from dangol.store.vocabulary import TemplateState

JUDGEMENTS: Final = {
    "approve": TemplateState.APPROVED,
    "reject": TemplateState.REJECTED,
    "stop": TemplateState.STOPPED,
}
REVIEW: Final = "광고성 문구가 있어 반려합니다."


def is_whole(said: Json, *, emphasis: str, title: str, subtitle: str) -> bool:
    """Tell whether a template that emphasises says what; the names are the vendor's own."""
    return text_of(said, emphasis) != "TEXT" or bool(
        text_of(said, title) and text_of(said, subtitle)
    )


@dataclass(slots=True, kw_only=True)
class Kept:
    """A template as the vendor was told it."""

    said: Json
    state: TemplateState = TemplateState.REGISTERED
    comments: list[str] = field(default_factory=list[str])


class Shelf:
    """The templates of a fake's account, by code."""

    def __init__(self) -> None:
        self.kept: dict[str, Kept] = {}

    def put(self, code: str, said: Json) -> bool:
        """Keep a template, or change one; False for an approved one, which nobody may change."""
        known = self.kept.get(code)
        if known and known.state is TemplateState.APPROVED:
            return False
        self.kept[code] = Kept(said=said, comments=known.comments if known else [])
        return True

    def inspect(self, code: str) -> bool:
        """Hand a template to the reviewer; False where there is none that waits for that."""
        known = self.kept.get(code)
        if known is None or known.state is not TemplateState.REGISTERED:
            return False
        known.state = TemplateState.INSPECTING
        return True

    def judge(self, act: str, code: str) -> bool:
        """Let the reviewer judge; False where there is no such act or template."""
        known = self.kept.get(code)
        if known is None or act not in JUDGEMENTS:
            return False
        known.state = JUDGEMENTS[act]
        if known.state is TemplateState.REJECTED:
            known.comments.append(REVIEW)
        return True

    def carries(self, code: str) -> bool:
        """Tell whether a message may go out by a template; by any while none is kept."""
        known = self.kept.get(code)
        return not self.kept or bool(known and known.state is TemplateState.APPROVED)
