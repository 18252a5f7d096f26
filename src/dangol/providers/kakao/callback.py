"""Reads what Kakao posts when somebody adds or blocks a channel; it wants an answer in 3 seconds.

``added`` is no consent to advertising; ``blocked`` takes it away. Older webhooks call the channel a
plus friend and the time a timestamp; both are read.
"""

import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from dangol.providers.vendor import Report, ReportKind
from dangol.providers.wire.call import Json, read_json, text_of
from dangol.providers.wire.times import read_time

SCHEME: Final = "KakaoAK "
KINDS: Final = {"added": ReportKind.ADDED, "blocked": ReportKind.OPTED_OUT}
MILLISECONDS: Final = 1_000
# A number beyond it counts milliseconds.
LATEST_SECOND: Final = 100_000_000_000


def is_genuine(headers: Mapping[str, str], *, admin_key: str) -> bool:
    """Tell whether a call shows the app's admin key; names of headers are in lower case."""
    shown = headers.get("authorization", "").encode()
    return bool(admin_key) and hmac.compare_digest(shown, f"{SCHEME}{admin_key}".encode())


def read_reports(raw: bytes, *, received_at: datetime) -> list[Report]:
    """Return what a body tells; ``recipient`` is the person's id at Kakao Login.

    Raises:
        ValueError: it is no JSON, or names nobody.
    """
    said = read_json(raw)
    if said is None:
        raise ValueError("The body is no JSON: Kakao posts an object with event and id.")
    kind = KINDS.get(text_of(said, "event").lower())
    person = text_of(said, "id")
    if kind is None or not person:
        raise ValueError(
            f"event is {text_of(said, 'event')!r} and id {'given' if person else 'missing'}: "
            "Kakao tells added or blocked, of an id."
        )
    happened = min(time_of(said) or received_at, received_at)
    channel = first_text(said, "channel_public_id", "plus_friend_public_id")
    named = f"{channel} {first_text(said, 'channel_uuid', 'plus_friend_uuid')}".strip()
    return [
        make_report(
            kind,
            person=person,
            channel=channel,
            happened=happened,
            code=text_of(said, "event"),
            detail=named,
        )
    ]


def make_report(
    kind: ReportKind, *, person: str, channel: str, happened: datetime, code: str, detail: str = ""
) -> Report:
    """Return what became of somebody's relation to a channel; told in both ways it is one."""
    return Report(
        kind=kind,
        event_id=f"{channel}:{person}:{kind}:{happened.isoformat()}",
        occurred_at=happened,
        recipient=person,
        code=code,
        detail=detail,
    )


def time_of(said: Json) -> datetime | None:
    """Return when it happened, as either generation of fields says it."""
    written = first_text(said, "updated_at", "timestamp")
    if written.isascii() and written.isdigit():
        seconds = int(written[:16])
        if seconds > LATEST_SECOND:
            seconds //= MILLISECONDS
        return datetime.fromtimestamp(seconds, tz=UTC) if seconds < LATEST_SECOND else None
    return read_time(written)


def first_text(said: Json, *names: str) -> str:
    return next((found for name in names if (found := text_of(said, name))), "")
