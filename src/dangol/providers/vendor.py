"""What every vendor's folder takes and answers; no vendor knows another, nor any stage.

A folder holds up to five parts: ``sender.py`` hands over, ``codes.py`` says what the vendor's codes
mean, ``callback.py`` reads what it tells us, ``poll.py`` asks it, ``fake.py`` stands in for it.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, runtime_checkable

from dangol.store.vocabulary import (
    BubbleKind,
    PictureUse,
    ReplyKind,
    Targeting,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button under a Kakao message: a web link, or one of the kinds Kakao names."""

    # WL web link, AL app link, DS delivery, BK keyword, MD message, BC consult, BT bot, AC add.
    kind: str
    name: str
    mobile_url: str = ""
    desktop_url: str = ""
    # Where an app link leads on a telephone that has the app.
    android_url: str = ""
    ios_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A picture in a message: which it is, for what, and what the vendor calls it."""

    # SHA-256 of what it holds, in hexadecimal.
    hash: str
    use: PictureUse
    # Empty until the vendor has it.
    file_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextNote:
    """A text message: with a picture an MMS, short and without a title an SMS, else an LMS."""

    text: str
    title: str = ""
    picture: Shown | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlimtalkNote:
    """A Kakao Alimtalk: the vendor's approved template and what stands in its gaps."""

    template_code: str
    # Without the #{} around the names.
    variables: Mapping[str, str]
    # The whole text, gaps filled.
    text: str
    buttons: Sequence[Button] = ()
    # What stands large above the text, gaps filled; empty where nothing does.
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coupon:
    """A coupon under a Brand Message; Kakao knows five forms of titles."""

    title: str
    description: str
    mobile_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Commerce:
    """What a commerce bubble sells, in KRW; a lower price says by how much, in one of two ways."""

    title: str
    regular_price: int
    discount_price: int | None = None
    # In per cent.
    discount_rate: int | None = None
    discount_fixed: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandNote:
    """A Kakao Brand Message; Kakao itself adds the mark and the way out.

    ``text`` is what the bubble says; of a commerce bubble the line under the price, or empty.
    Without a template's code it is of free form. With one, ``variables`` stand in the gaps of what
    the vendor keeps, their names without the #{} around.
    """

    text: str
    targeting: Targeting = Targeting.FRIENDS
    bubble: BubbleKind = BubbleKind.TEXT
    picture: Shown | None = None
    # Where the picture leads; empty: it opens by itself.
    image_url: str = ""
    buttons: Sequence[Button] = ()
    coupon: Coupon | None = None
    commerce: Commerce | None = None
    template_code: str = ""
    variables: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class PushNote:
    """A notification for one device or browser."""

    title: str
    body: str
    url: str = ""
    image_url: str = ""
    data: Mapping[str, str] = field(default_factory=dict[str, str])
    live_for: timedelta = timedelta(days=1)
    # Nobody sees it: it has data alone, and is sent when that costs the device least.
    is_silent: bool = False


Note = TextNote | AlimtalkNote | BrandNote | PushNote


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A message ready to leave: every byte decided, for one recipient."""

    # The delivery's id; comes back in the outcome.
    delivery_id: int
    # What the vendor is told to call it, or our Message-ID: the same for every attempt that may
    # repeat a call, so it serves as the key where a vendor honours one.
    vendor_id: str
    sender: str
    recipient: str
    # A mail as it goes over the line, or what another channel's vendor is to write.
    content: bytes | Note

    def as_mail(self) -> bytes:
        """Return the bytes of a mail.

        Raises:
            TypeError: it is no mail.
        """
        if isinstance(self.content, bytes):
            return self.content
        raise TypeError(f"Delivery {self.delivery_id} is no mail but {self.content!r}.")


class Fate(StrEnum):
    """What a vendor did with a message; named like the states of a delivery."""

    ACCEPTED = "accepted"
    # A firm no: trying again would get the same answer.
    REJECTED = "rejected"
    # Surely not taken, for a reason that may pass.
    RETRYABLE = "retryable"
    # Perhaps taken: the answer never came. Nobody may repeat it blindly.
    UNKNOWN = "unknown"


class FaultKind(StrEnum):
    """Why a vendor did not take or deliver a message, and so what must follow."""

    # The address is dead: nobody writes to it again on this channel.
    PERMANENT = "permanent"
    # The person does not want it: counts as an opt-out.
    OPT_OUT = "opt_out"
    # Passes by itself: again after a while, until the message expires.
    TRANSIENT = "transient"
    # Too fast: the vendor's rate is lowered, the message waits.
    THROTTLED = "throttled"
    # The message itself is wrong: no other attempt, the step is at fault.
    CONTENT = "content"
    # The account is wrong: the channel stops and its owner is told.
    CONFIGURATION = "configuration"
    # This channel does not reach the person; another may.
    UNREACHABLE = "unreachable"


class Idempotency(StrEnum):
    """What a vendor does with a call that is repeated."""

    # Takes our key: the same call twice is one message.
    KEYED = "keyed"
    # Takes no key, but can be asked whether it has the message.
    ASKABLE = "askable"
    # Neither: a call without an answer stays unknown.
    NEITHER = "neither"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The fate of one delivery, with the vendor's own words."""

    delivery_id: int
    fate: Fate
    code: str
    detail: str
    # True where the address itself is dead, so that nobody should write to it again.
    address_gone: bool = False
    vendor_id: str = ""
    # None where it was accepted, or where nothing more is known.
    fault: FaultKind | None = None
    # How long the vendor asks to be left alone.
    retry_after: timedelta | None = None
    # Since when the vendor knows the address to be dead; a registration after that lives.
    gone_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A picture as a vendor keeps it."""

    file_id: str
    # When the vendor forgets it; None where it does not say.
    until: datetime | None = None


class Sender(Protocol):
    """Hands messages to one vendor."""

    async def send(self, messages: Sequence[Outgoing]) -> list[Outcome]:
        """Return exactly one outcome per message; never raise for what a vendor did."""
        ...


@runtime_checkable
class PictureDesk(Protocol):
    """A sender whose vendor is given pictures before messages show them."""

    async def upload(self, content: bytes, *, name: str, use: PictureUse) -> Kept:
        """Give the vendor a picture; again is harmless, and gives it another name.

        Raises:
            VendorError: it was not taken.
        """
        ...


class Stream(Protocol):
    """A vendor's lines while they are open, fed from another thread."""

    @property
    def waiting(self) -> int:
        """How many messages no connection has taken yet."""
        ...

    @property
    def is_over(self) -> bool:
        """Whether nothing further is begun; what is put then comes back as not begun."""
        ...

    def put(self, messages: Sequence[Outgoing]) -> None:
        """Have messages handed over as connections become free."""
        ...

    def take(self, *, seconds: float) -> list[Outcome]:
        """Return the outcomes there are; wait for the first at most ``seconds``."""
        ...


@runtime_checkable
class Streaming(Protocol):
    """A sender whose connections can be fed while they send."""

    # How many messages it was lately given at a time; kept by whoever feeds it, 0 at first.
    share: int

    @property
    def lines(self) -> int:
        """How many connections it has, at most."""
        ...

    def open_stream(self) -> AbstractContextManager[Stream]:
        """Lend a stream; at the end what has begun is broken off."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A call whose outcome nobody knows, by the names under which a vendor may know it."""

    delivery_id: int
    vendor_id: str
    recipient: str
    called_at: datetime


class Asker(Protocol):
    """Finds out what became of calls that were never answered; only for ``ASKABLE`` vendors."""

    async def ask(self, calls: Sequence[Asked]) -> list[Outcome]:
        """Return outcomes for the calls the vendor is sure about, taken or not; omit the others."""
        ...


class ReportKind(StrEnum):
    """What a vendor tells of a message after it took it, or of a person."""

    DELIVERED = "delivered"
    # It will not arrive; ``Report.fault`` says why.
    FAILED = "failed"
    # It waits somewhere; another report follows.
    DEFERRED = "deferred"
    OPENED = "opened"
    CLICKED = "clicked"
    REPLIED = "replied"
    COMPLAINED = "complained"
    # The person wants no more: an unsubscribe link, an 080 call, a block, a reply of STOP.
    OPTED_OUT = "opted_out"
    # The person added the Kakao channel.
    ADDED = "added"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One thing a vendor told; the same thing told twice has the same ``event_id``."""

    kind: ReportKind
    # Unique within the vendor: its own id, or what makes the same report the same.
    event_id: str
    occurred_at: datetime
    # What we called the message (``Outgoing.vendor_id``), where the vendor echoes it.
    our_id: str = ""
    # What the vendor calls the message (``Outcome.vendor_id``).
    vendor_id: str = ""
    # The address it is about, where there is one: a mail address, a number, a token.
    recipient: str = ""
    fault: FaultKind | None = None
    code: str = ""
    # The vendor's words, or what the person wrote.
    detail: str = ""
    # In the currency of the vendor's price list; None where the vendor says nothing of it.
    cost: float | None = None
    # Of an answer whose words are no longer there: what kind it was.
    reply: ReplyKind | None = None


class VendorError(Exception):
    """A vendor could not be asked; the text says why and what to do."""
