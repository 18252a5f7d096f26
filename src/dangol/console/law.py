"""What the laws ask of advertising, as the guard's packs have it: for a lawyer to check."""

from typing import Final

import msgspec
from litestar import get
from litestar.exceptions import NotAuthorizedException

from dangol.console.answers import Text
from dangol.console.desk import ConsoleRequest, open_desk
from dangol.guard.law.pack import AnyDuty, AnyRule, Example, NightRule, Pack, read_packs
from dangol.guard.law.pack import Text as LawText
from dangol.store.vocabulary import Channel, ConsentState, DecisionReason, Purpose

ALLOWED: Final = DecisionReason.ALLOWED


class LawExample(msgspec.Struct, frozen=True, kw_only=True):
    """A message and what becomes of it, as the tests run it; times are local, as written.

    ``consent`` is what they last said, null for nothing, ``confirmed`` and ``bought`` are days;
    ``until`` says how long it waits.
    """

    channel: Channel
    at: str
    purpose: Purpose
    consent: ConsentState | None
    night: bool
    confirmed: str | None
    bought: str | None
    similar: bool
    passes: bool
    reason: DecisionReason
    until: str | None


class LawRule(msgspec.Struct, frozen=True, kw_only=True):
    """What an article asks of advertising on some channels; ``hours`` are local, of a night."""

    article: Text
    says: Text
    channels: list[Channel]
    hours: list[str]
    examples: list[LawExample]


class LawDuty(msgspec.Struct, frozen=True, kw_only=True):
    """What an article asks a sender to tell people; sent by itself."""

    article: Text
    says: Text
    channels: list[Channel]


class LawPack(msgspec.Struct, frozen=True, kw_only=True):
    """The law of one country, or of several that share it; ``zone`` is whose clocks count."""

    code: str
    title: Text
    countries: list[str]
    zone: str | None
    rules: list[LawRule]
    duties: list[LawDuty]


class Law(msgspec.Struct, frozen=True, kw_only=True):
    """Every pack; not legal advice."""

    packs: list[LawPack]


@get("/api/law", sync_to_thread=True, operation_id="get_law", raises=[NotAuthorizedException])
def get_law(request: ConsoleRequest) -> Law:
    """List what the laws ask, article by article, with examples; not legal advice."""
    with open_desk(request):
        return Law(packs=[show_pack(pack) for pack in read_packs()])


def show_pack(pack: Pack) -> LawPack:
    return LawPack(
        code=pack.code,
        title=both(pack.title),
        countries=list(pack.countries),
        zone=pack.zone,
        rules=[show_rule(rule) for rule in pack.rules],
        duties=[show_duty(duty) for duty in pack.duties],
    )


def show_rule(rule: AnyRule) -> LawRule:
    return LawRule(
        article=both(rule.article),
        says=both(rule.says),
        channels=list(rule.channels),
        hours=[rule.begins, rule.ends] if isinstance(rule, NightRule) else [],
        examples=[show_example(example) for example in rule.examples],
    )


def show_example(example: Example) -> LawExample:
    return LawExample(
        channel=example.channel,
        at=example.at,
        purpose=example.purpose,
        consent=example.consent,
        night=example.night,
        confirmed=example.confirmed,
        bought=example.bought,
        similar=example.similar,
        passes=example.expect is ALLOWED,
        reason=example.expect,
        until=example.until,
    )


def show_duty(duty: AnyDuty) -> LawDuty:
    return LawDuty(article=both(duty.article), says=both(duty.says), channels=list(duty.channels))


def both(text: LawText) -> Text:
    return Text(ko=text.ko, en=text.en)
