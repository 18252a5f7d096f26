"""What the API answers to who asks why: about messages, and about journeys not entered."""

from datetime import datetime
from typing import Literal

import msgspec

from dangol.console.answers import Text
from dangol.journeys.entry import Answer, Hurdle
from dangol.store.vocabulary import (
    Channel,
    ConsentState,
    DecisionReason,
    JourneyState,
    MessageState,
    Purpose,
    Verdict,
)


class JudgedMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A message and the guard's last word on it; ``verdict`` is null before its first look.

    ``reasons`` are all that spoke, the first decided; ``looks`` is how often it was looked at.
    """

    id: int
    journey: str
    title_ko: str
    title_en: str
    template: str
    subject: str
    channel: Channel
    purpose: Purpose
    state: MessageState
    planned_at: datetime
    verdict: Verdict | None
    reasons: list[DecisionReason]
    looks: int
    decided_at: datetime | None
    hold_until: datetime | None
    handed_at: datetime | None


class JudgedMessages(msgspec.Struct, frozen=True, kw_only=True):
    """A page of a customer's messages, the newest first; ``next_cursor`` asks for the next one."""

    messages: list[JudgedMessage]
    next_cursor: int | None


class Fate(msgspec.Struct, frozen=True, kw_only=True):
    """How many messages are where; ``reason`` is the guard's last word, null before its first."""

    state: MessageState
    reason: DecisionReason | None
    messages: int


class JourneyAudience(msgspec.Struct, frozen=True, kw_only=True):
    """A journey that has planned messages, and how many."""

    name: str
    title_ko: str
    title_en: str
    messages: int


class Fates(msgspec.Struct, frozen=True, kw_only=True):
    """Every message once, under what settled it: they sum to ``audience``.

    ``journeys`` are those to choose from, whichever was chosen.
    """

    audience: int
    fates: list[Fate]
    journeys: list[JourneyAudience]


class EntryCheck(msgspec.Struct, frozen=True, kw_only=True):
    """One question of a journey's door, and what came of it; ``says`` is empty where it passed."""

    hurdle: Hurdle
    answer: Answer
    question: Text
    says: Text
    at: datetime | None


class ChannelReach(msgspec.Struct, frozen=True, kw_only=True):
    """Whether advertising of the journey would reach the customer on one of its channels.

    ``consent`` is what they last said, null where they never did.
    """

    channel: Channel
    consent: ConsentState | None
    address: Literal["reachable", "bounced", "suppressed", "missing"]


class JourneyEntry(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a customer entered a journey, and what keeps them out of it, as of now.

    ``hurdle`` is the first that does. ``held_out`` says that they belong to the share of customers
    who get no advertising; ``reach`` is of the channels on which the journey advertises.
    """

    journey: str
    title_ko: str
    title_en: str
    state: JourneyState
    last_entered_at: datetime | None
    headline: Text
    explanation: Text
    hurdle: Hurdle | None
    checks: list[EntryCheck]
    held_out: bool
    reach: list[ChannelReach]
