"""The law packs: read once from their data files, checked as they are read."""

from datetime import time
from functools import cache
from importlib import resources
from threading import Lock
from typing import Final

import msgspec

from dangol.store.vocabulary import (
    Channel,
    ConsentAction,
    ConsentState,
    DecisionReason,
    Purpose,
)
from dangol.store.yaml_text import load_one

CODES: Final = ("KR", "EU", "US")
# Under which law those live whose country, and whose shop's, has no pack: the strictest by default.
OTHERWISE: Final = "EU"
# msgspec 0.22 crashes the process where two threads make it learn the same class at once.
ONE_AT_A_TIME: Final = Lock()


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One sentence in both languages."""

    ko: str
    en: str


class Example(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A message that the rule lets pass, or stops; times are local to whom the rule looks at."""

    channel: Channel
    at: str
    purpose: Purpose = Purpose.MARKETING
    # What they last said about such messages; None where they never did.
    consent: ConsentState | None
    # When consent was last confirmed, and whether it covers the night; by default lately, and no.
    confirmed: str | None = None
    night: bool = False
    # When they last bought, and whether the message tells of goods like those.
    bought: str | None = None
    similar: bool = False
    expect: DecisionReason = DecisionReason.ALLOWED
    until: str | None = None


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """What an article asks of advertising on some channels."""

    channels: tuple[Channel, ...]
    article: Text
    says: Text
    examples: tuple[Example, ...]


class ConsentRule(Rule, frozen=True, kw_only=True, tag="consent"):
    """Whether whoever said nothing may be written to (``asked`` is false), or must agree first."""

    asked: bool


class RefusalRule(Rule, frozen=True, kw_only=True, tag="refusal"):
    """Whoever said no is not written to; so the guard has it in every country."""


class SimilarGoodsRule(Rule, frozen=True, kw_only=True, tag="similar_goods"):
    """For how long a buyer may hear of goods like those bought; None for as long as they like."""

    months: int | None = None


class RenewalRule(Rule, frozen=True, kw_only=True, tag="renewal"):
    """After how many years a consent must have been confirmed."""

    years: int


class NightRule(Rule, frozen=True, kw_only=True, tag="night"):
    """Between which hours advertising waits; ``lifted`` where the customer may agree to more."""

    begins: str = msgspec.field(name="from")
    ends: str = msgspec.field(name="until")
    lifted: bool

    @property
    def hours(self) -> tuple[time, time]:
        """From when, and until just before when."""
        return time.fromisoformat(self.begins), time.fromisoformat(self.ends)


class ForbiddenRule(Rule, frozen=True, kw_only=True, tag="forbidden"):
    """Channels that may carry no advertising at all."""


class Duty(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """What an article asks a sender to tell people about their consent on some channels."""

    channels: tuple[Channel, ...]
    article: Text
    says: Text


class ResultDuty(Duty, frozen=True, kw_only=True, tag="result"):
    """Within how many days somebody must be told what became of such words of theirs."""

    days: int
    actions: tuple[ConsentAction, ...]


class ReminderDuty(Duty, frozen=True, kw_only=True, tag="reminder"):
    """Before how many years have passed people are told again, and how early we begin."""

    years: int
    days_before: int


AnyDuty = ResultDuty | ReminderDuty
AnyRule = ConsentRule | RefusalRule | SimilarGoodsRule | RenewalRule | NightRule | ForbiddenRule


class Pack(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The law of one country, or of several that share it."""

    code: str
    title: Text
    # Two letters of ISO 3166 each.
    countries: tuple[str, ...]
    # Whose clocks count; None for the customer's own.
    zone: str | None = None
    rules: tuple[AnyRule, ...]
    # What the sender must tell; the guard's rules say what it must not.
    duties: tuple[AnyDuty, ...] = ()


@cache
def read_packs() -> tuple[Pack, ...]:
    """Return every pack, in the order of CODES."""
    return tuple(read_pack(code) for code in CODES)


def read_pack(code: str) -> Pack:
    """Return one pack."""
    text = resources.files("dangol.guard.law").joinpath(f"{code.lower()}.yaml").read_bytes()
    with ONE_AT_A_TIME:
        return msgspec.convert(load_one(text), Pack)


@cache
def law_of_countries() -> dict[str, str]:
    """Return each country's pack."""
    return {country: pack.code for pack in read_packs() for country in pack.countries}
