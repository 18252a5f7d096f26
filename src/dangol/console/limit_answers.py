"""What the API answers and is told about how much a shop wants to say."""

from datetime import datetime
from typing import Annotated

import msgspec

from dangol.store.vocabulary import Channel, Purpose

# PostgreSQL's integer.
LARGEST: int = 2**31 - 1
Positive = Annotated[int, msgspec.Meta(ge=1, le=LARGEST)]
Clock = Annotated[str, msgspec.Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class CapView(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """At most so many advertising messages to one customer in so many days.

    Without a channel all count, without a topic (its name) whatever they are about.
    """

    messages: int
    days: int
    channel: Channel | None = None
    topic: str | None = None


class Caps(msgspec.Struct, frozen=True, kw_only=True):
    """Every limit beside the shop's own, the widest first."""

    caps: list[CapView]


class ShopLimits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much a shop wants to say; docs/guides/guard.md says what each does.

    Quiet hours are local times of the customer, HH:MM; equal ends: none. ``opt_out_limit`` is a
    share, ``holdout_permille`` of a thousand customers.
    """

    cap_messages: Positive
    cap_days: Positive
    daily_messages: Positive
    sunset_messages: Annotated[int, msgspec.Meta(ge=2, le=LARGEST)]
    sunset_days: Positive
    reduced_days: Positive
    send_time_hours: Annotated[int, msgspec.Meta(ge=0, le=24)]
    holdout_permille: Annotated[int, msgspec.Meta(ge=0, le=1000)]
    opt_out_limit: Annotated[float, msgspec.Meta(ge=0.0001, le=0.9999)]
    similar_goods: bool
    consent_notices: bool
    message_events: bool
    quiet_from: Clock
    quiet_until: Clock


class TopicTitle(msgspec.Struct, frozen=True, kw_only=True):
    """A topic a limit can be about."""

    name: str
    title_ko: str
    title_en: str


class StoppedMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A message of a journey that is stopped.

    ``refused_because`` is what vendors said who refused it ``sent`` times in a row; null where too
    many of those it was sent to opted out: surely ``share_at_least`` of them, which is above the
    limit.
    """

    journey: str
    template: str
    sent: int
    opt_outs: int
    share_at_least: float
    opt_out_limit: float
    refused_because: str | None
    stopped_at: datetime


class TemplateMarks(msgspec.Struct, frozen=True, kw_only=True):
    """What the guard goes by of a template; ``expected_value`` is a decimal number as text."""

    name: str
    channel: Channel
    purpose: Purpose
    subject: str
    topic: str
    expected_value: str
    last_chance: bool
    similar_goods: bool


class LimitsPage(msgspec.Struct, frozen=True, kw_only=True):
    """How much a shop wants to say, what is stopped, and what templates are about and worth."""

    limits: ShopLimits
    caps: list[CapView]
    topics: list[TopicTitle]
    stops: list[StoppedMessage]
    templates: list[TemplateMarks]


class ResumeWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which stopped message shall go on: its journey and its template, by name."""

    journey: str
    template: str
