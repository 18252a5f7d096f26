"""What vendors post to us: how it is proved and read, and what its opt-outs concern."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dangol.app.amazon import Amazon
from dangol.app.clock import machine_time
from dangol.app.mail_service import NAMES, is_from_service, read_posted_reports
from dangol.app.settings import Settings
from dangol.feedback.vendor_reports import NUMBER_CHANNELS, Names, Told
from dangol.providers.bizgo import callback as bizgo
from dangol.providers.kakao import callback as kakao
from dangol.providers.nhn import callback as nhn
from dangol.providers.ses import callback as ses
from dangol.providers.solapi import callback as solapi
from dangol.providers.template_desk import Judgement
from dangol.providers.vendor import Report
from dangol.store.vocabulary import Channel, ConsentSource

MAIL_SOURCE: Final = "complaint or refusal told by the mail service"


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What somebody posted, and what helps to tell whether it is the vendor; headers in lower."""

    settings: Settings
    headers: Mapping[str, str]
    body: bytes
    now: datetime
    amazon: Amazon


def stay_silent(_: Posted) -> None:
    """Most vendors ask nothing before they tell something."""


def judge_nothing(_: Posted) -> list[Judgement]:
    """Most vendors tell of templates only who asks."""
    return []


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One vendor's callbacks; ``wait_seconds`` leaves it an answer within its own limit."""

    is_genuine: Callable[[Posted], bool]
    read: Callable[[Posted], list[Report]]
    # Answers what a vendor asks before it tells anything.
    greet: Callable[[Posted], None] = stay_silent
    # What it tells of templates.
    judge: Callable[[Posted], list[Judgement]] = judge_nothing
    wait_seconds: float = 4.0
    names: Names = Names.NUMBER
    channels: tuple[Channel, ...] = NUMBER_CHANNELS
    kind: ConsentSource = ConsentSource.FEEDBACK
    source: str = "reply or refusal told by the vendor"

    def told(self, vendor: str, reports: list[Report]) -> Told:
        """Return reports with what their opt-outs concern."""
        return Told(
            provider=vendor,
            reports=reports,
            names=self.names,
            channels=self.channels,
            kind=self.kind,
            source=self.source,
        )


def service_desk(name: str) -> Desk:
    """Return the desk of a service that takes mail by HTTP."""
    return Desk(
        is_genuine=lambda posted: is_from_service(
            posted.settings, posted.headers, posted.body, name=name, now=machine_time()
        ),
        read=lambda posted: read_posted_reports(posted.settings, posted.body, now=posted.now),
        names=Names.EMAIL,
        channels=(Channel.EMAIL,),
        source=MAIL_SOURCE,
    )


DESKS: Final[Mapping[str, Desk]] = {
    "solapi": Desk(
        is_genuine=lambda posted: solapi.is_genuine(
            posted.headers, secret=posted.settings.solapi_webhook_secret
        ),
        read=lambda posted: solapi.read_reports(posted.body, received_at=posted.now),
    ),
    "nhn": Desk(
        is_genuine=lambda posted: nhn.is_genuine(
            posted.headers, secret=posted.settings.nhn_webhook_signature
        ),
        read=lambda posted: nhn.read_reports(posted.body, received_at=posted.now),
        judge=lambda posted: nhn.read_judgements(
            posted.body, sender_key=posted.settings.nhn_sender_key, received_at=machine_time()
        ),
        kind=ConsentSource.PHONE_CALL,
        source="080 call",
    ),
    "bizgo": Desk(
        is_genuine=lambda posted: bizgo.is_genuine(
            posted.headers,
            secret=posted.settings.bizgo_webhook_secret,
            now=machine_time(),
        ),
        read=lambda posted: bizgo.read_reports(posted.body, received_at=posted.now),
        source="reply to a text",
    ),
    "kakao": Desk(
        is_genuine=lambda posted: kakao.is_genuine(
            posted.headers, admin_key=posted.settings.kakao_admin_key
        ),
        read=lambda posted: kakao.read_reports(posted.body, received_at=posted.now),
        # Kakao waits three seconds.
        wait_seconds=2.0,
        names=Names.KAKAO_USER,
        channels=(Channel.KAKAO_BRAND,),
        kind=ConsentSource.KAKAO_CHANNEL,
        source="Kakao channel blocked",
    ),
    "ses": Desk(
        is_genuine=lambda posted: posted.amazon.is_genuine(
            posted.settings, posted.headers, posted.body
        ),
        read=lambda posted: ses.read_reports(posted.body),
        greet=lambda posted: posted.amazon.confirm(posted.settings, posted.body),
        names=Names.EMAIL,
        channels=(Channel.EMAIL,),
        source=MAIL_SOURCE,
    ),
    **{name: service_desk(name) for name in NAMES},
}


def denials_told(vendor: str, reports: list[Report]) -> Told:
    """Return opt-outs by 080 with what they concern."""
    return Told(
        provider=vendor,
        reports=reports,
        names=Names.NUMBER,
        channels=NUMBER_CHANNELS,
        kind=ConsentSource.PHONE_CALL,
        source="080 call",
    )
