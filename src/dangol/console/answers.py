"""What the API answers: one struct a thing, so that its description is exact."""

from datetime import datetime
from typing import Literal

import msgspec

from dangol.store.vocabulary import (
    AddressState,
    Channel,
    ConsentState,
    CustomerState,
    DecisionReason,
    DecisionStage,
    DeliveryState,
    EndReason,
    EnrollmentState,
    ErasureState,
    JourneyState,
    LinkSource,
    MemberRole,
    MessageState,
    Purpose,
    ReceiptKind,
    SuppressionReason,
    Verdict,
)

Locale = Literal["ko", "en"]


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """The same words in Korean and in English."""

    ko: str
    en: str


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """Who is signed in, and to which workspace."""

    email: str
    role: MemberRole
    locale: Locale
    workspace_name: str
    time_zone: str
    has_mailbox: bool


# The flow ---------------------------------------------------------------------------------------


class Pulse(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the engine keeps up: 10,000 waiting events mean that many or more."""

    notice_ko: str
    notice_en: str
    sending_paused: bool
    simulated: bool
    last_tick_at: datetime | None
    events_waiting: int
    oldest_waiting_at: datetime | None


class EventCount(msgspec.Struct, frozen=True, kw_only=True):
    """How often an event happened, and what it earned in the shop's currency."""

    name: str
    count: int
    revenue: str


class CustomerCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many customers there are, and how many of them may be written to."""

    total: int
    reachable: int
    consented: int
    suppressed: int


class SegmentSize(msgspec.Struct, frozen=True, kw_only=True):
    """A segment and how many are in it."""

    id: int
    name: str
    title_ko: str
    title_en: str
    refreshed_at: datetime | None
    size: int


class JourneyCount(msgspec.Struct, frozen=True, kw_only=True):
    """A journey and where its enrollments are; ``goal_met`` is a part of ``ended``."""

    id: int
    name: str
    title_ko: str
    title_en: str
    state: JourneyState
    enrolled: int
    active: int
    waiting: int
    ended: int
    goal_met: int
    parked: int


class DecisionCount(msgspec.Struct, frozen=True, kw_only=True):
    """Messages by the guard's last word; both are null where it has not looked yet."""

    verdict: Verdict | None
    reason: DecisionReason | None
    count: int


class DeliveryCount(msgspec.Struct, frozen=True, kw_only=True):
    """Attempts by what became of them."""

    state: DeliveryState
    count: int


class ReceiptCount(msgspec.Struct, frozen=True, kw_only=True):
    """Messages by what customers did with them, each once."""

    kind: ReceiptKind
    count: int


class Flow(msgspec.Struct, frozen=True, kw_only=True):
    """The whole path in numbers, all of one moment."""

    now: datetime
    pulse: Pulse
    events: list[EventCount]
    customers: CustomerCount
    segments: list[SegmentSize]
    journeys: list[JourneyCount]
    decisions: list[DecisionCount]
    deliveries: list[DeliveryCount]
    receipts: list[ReceiptCount]


# One customer -----------------------------------------------------------------------------------


class CustomerLine(msgspec.Struct, frozen=True, kw_only=True):
    """A customer in a list; the e-mail is masked."""

    id: int
    external_id: str | None
    email: str | None
    orders: int
    consented: bool
    last_seen_at: datetime


class CustomerPage(msgspec.Struct, frozen=True, kw_only=True):
    """Some customers, and the cursor that asks for the next ones."""

    customers: list[CustomerLine]
    next_cursor: int | None


class Identifier(msgspec.Struct, frozen=True, kw_only=True):
    """What a customer is recognised by; contact data is masked."""

    kind: Literal["external", "anonymous", "email", "phone"]
    value: str


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a channel reaches the customer, and what forbids it."""

    channel: Channel
    state: AddressState
    suppressed_because: SuppressionReason | None


class Consent(msgspec.Struct, frozen=True, kw_only=True):
    """What a customer allows, since when, and where they said so."""

    channel: Channel
    purpose: Purpose
    state: ConsentState
    since: datetime
    source: str


class Membership(msgspec.Struct, frozen=True, kw_only=True):
    """A segment the customer is in."""

    id: int
    title_ko: str
    title_en: str
    entered_at: datetime


class Enrollment(msgspec.Struct, frozen=True, kw_only=True):
    """A journey the customer is or was in."""

    id: int
    title_ko: str
    title_en: str
    state: EnrollmentState
    entered_at: datetime
    wake_at: datetime | None
    ended_at: datetime | None
    end_reason: EndReason | None


class Activity(msgspec.Struct, frozen=True, kw_only=True):
    """What the customer did, in sum."""

    name: str
    count: int
    revenue: str
    last_at: datetime


class Erasure(msgspec.Struct, frozen=True, kw_only=True):
    """That a customer wants to be forgotten, and how far that has come."""

    state: ErasureState
    asked_at: datetime
    done_at: datetime | None


class Trait(msgspec.Struct, frozen=True, kw_only=True):
    """What the shop knows about the customer; names are masked."""

    name: str
    value: str


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A customer who was merged into this one: what they were known by, and why.

    ``names`` are masked where they are contact data; the merge can be undone until ``until``.
    """

    id: int
    kind: Literal["external", "anonymous", "email", "phone"]
    names: list[str]
    source: LinkSource
    merged_at: datetime
    until: datetime
    may_undo: bool


class Customer(msgspec.Struct, frozen=True, kw_only=True):
    """One customer as the console may show them."""

    id: int
    state: CustomerState
    first_seen_at: datetime
    last_seen_at: datetime
    locale: str | None
    time_zone: str | None
    country: str | None
    traits: list[Trait]
    identifiers: list[Identifier]
    parts: list[Part]
    addresses: list[Address]
    consents: list[Consent]
    memberships: list[Membership]
    enrollments: list[Enrollment]
    activity: list[Activity]
    erasure: Erasure | None


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened to or by a customer.

    ``name`` is the event's name, or the state, verdict, kind or action of what ``kind`` says.
    """

    at: datetime
    kind: Literal["event", "message", "decision", "delivery", "receipt", "consent"]
    name: str
    message_id: int | None = None
    reason: str | None = None
    until: datetime | None = None
    detail: str | None = None
    title_ko: str | None = None
    title_en: str | None = None
    revenue: str | None = None
    currency: str | None = None


class Timeline(msgspec.Struct, frozen=True, kw_only=True):
    """A customer's moments, newest first; ``complete`` is false where older ones were left out."""

    moments: list[Moment]
    complete: bool


# One message ------------------------------------------------------------------------------------


class MessageView(msgspec.Struct, frozen=True, kw_only=True):
    """A message and the limits it was judged by; hours are those of the customer's zone."""

    id: int
    state: MessageState
    channel: Channel
    purpose: Purpose
    planned_at: datetime
    expires_at: datetime
    act_at: datetime | None
    title_ko: str
    title_en: str
    step: str
    subject: str
    cap_messages: int
    cap_days: int
    quiet_from: str
    quiet_until: str


class DecisionView(msgspec.Struct, frozen=True, kw_only=True):
    """What the guard said, once."""

    evaluation: int
    stage: DecisionStage
    verdict: Verdict
    reason: DecisionReason
    # Of all rules that spoke, in their order; the first is the one above.
    reasons: list[DecisionReason]
    hold_until: datetime | None
    decided_at: datetime


class DeliveryView(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt to hand the message over."""

    attempt: int
    state: DeliveryState
    provider: str
    at: datetime
    retry_at: datetime | None
    code: str | None
    detail: str | None


class RuleOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """One question the guard asks, and whether the message came past it.

    The first that spoke against it decided; those after it that would have, too, are ``also``.
    """

    reason: DecisionReason
    question: Text
    outcome: Literal["passed", "decided", "also"]


class Why(msgspec.Struct, frozen=True, kw_only=True):
    """Why a customer did or did not get a message, in plain words and in full."""

    message: MessageView
    headline: Text
    explanation: Text
    advice: Text
    rules: list[RuleOutcome]
    decisions: list[DecisionView]
    deliveries: list[DeliveryView]


# The demo's mailbox -----------------------------------------------------------------------------
