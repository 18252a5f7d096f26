"""What vendors post to us: how it is proved and read, and what its opt-outs concern."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dangol.app.settings import Settings
from dangol.feedback.vendor_reports import NUMBER_CHANNELS, Names, Told
from dangol.providers.bizgo import callback as bizgo
from dangol.providers.kakao import callback as kakao
from dangol.providers.nhn import callback as nhn
from dangol.providers.solapi import callback as solapi
from dangol.providers.vendor import Report
from dangol.store.vocabulary import Channel, ConsentSource

Headers = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One vendor's callbacks; ``wait_seconds`` leaves it an answer within its own limit."""

    is_genuine: Callable[[Settings, Headers, bytes, datetime], bool]
    read: Callable[[bytes, datetime], list[Report]]
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


DESKS: Final[Mapping[str, Desk]] = {
    "solapi": Desk(
        is_genuine=lambda settings, headers, _body, _now: solapi.is_genuine(
            headers, secret=settings.solapi_webhook_secret
        ),
        read=lambda body, now: solapi.read_reports(body, received_at=now),
    ),
    "nhn": Desk(
        is_genuine=lambda settings, headers, _body, _now: nhn.is_genuine(
            headers, secret=settings.nhn_webhook_signature
        ),
        read=lambda body, now: nhn.read_reports(body, received_at=now),
        kind=ConsentSource.PHONE_CALL,
        source="080 call",
    ),
    "bizgo": Desk(
        is_genuine=lambda settings, headers, _body, now: bizgo.is_genuine(
            headers, secret=settings.bizgo_webhook_secret, now=now
        ),
        read=lambda body, now: bizgo.read_reports(body, received_at=now),
        source="reply to a text",
    ),
    "kakao": Desk(
        is_genuine=lambda settings, headers, _body, _now: kakao.is_genuine(
            headers, admin_key=settings.kakao_admin_key
        ),
        read=lambda body, now: kakao.read_reports(body, received_at=now),
        # Kakao waits three seconds.
        wait_seconds=2.0,
        names=Names.KAKAO_USER,
        channels=(Channel.KAKAO_BRAND,),
        kind=ConsentSource.KAKAO_CHANNEL,
        source="Kakao channel blocked",
    ),
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
