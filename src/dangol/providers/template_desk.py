"""What a vendor that keeps templates is asked for, and tells of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol

from dangol.providers.vendor import Button
from dangol.store.vocabulary import Channel, TemplateState


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What a Kakao template says, letter by letter; gaps are written ``#{name}``."""

    # What the vendor calls it; empty where it is to choose.
    code: str
    name: str
    text: str
    buttons: tuple[Button, ...] = ()
    # What stands large above the text, and small above that; both empty where nothing does.
    title: str = ""
    subtitle: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorTemplate(Wording):
    """A Kakao template as a vendor keeps it."""

    state: TemplateState
    # What the reviewer wrote, or what stopped it; empty where nothing was said.
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """How far a template has come, as a vendor tells it by itself; ``told_at`` is its own time."""

    code: str
    state: TemplateState
    comment: str
    told_at: datetime


class TemplateDesk(Protocol):
    """Where one vendor takes templates of one channel, and says how far they are."""

    # Of which channel it takes templates.
    channel: ClassVar[Channel]
    # Whether Kakao looks at what is put there; then what it has approved cannot be changed.
    inspects: ClassVar[bool]

    async def list_templates(self) -> list[VendorTemplate]:
        """Return every template of the account; raises VendorError."""
        ...

    async def submit(self, wording: Wording, *, is_new: bool) -> str:
        """Send a template for inspection, a known one changed; return its code.

        Raises:
            VendorError: it was not taken.
        """
        ...
