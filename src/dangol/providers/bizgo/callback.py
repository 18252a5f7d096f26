"""Reads what Bizgo posts: reports of messages, and what people wrote back (MO).

The signature covers the time only, not the body, so the address must be unguessable, too, and what
is older than five minutes is refused.
"""

import base64
import binascii
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from dangol.providers.bizgo.codes import DELIVERED
from dangol.providers.vendor import FaultKind, Report, ReportKind
from dangol.providers.wire.call import Json, read_json, text_of
from dangol.providers.wire.codes import LONGEST_DETAIL
from dangol.providers.wire.numbers import join_number
from dangol.providers.wire.times import read_time

TIMESTAMP: Final = "x-ib-timestamp"
SIGNATURE: Final = "x-ib-signature"
WINDOW: Final = timedelta(minutes=5)
# A time of so many digits counts milliseconds.
MILLISECOND_DIGITS: Final = 13
MOST_DIGITS: Final = 16


def is_genuine(headers: Mapping[str, str], *, secret: str, now: datetime) -> bool:
    """Tell whether a call is signed with the secret, within five minutes; names in lower case."""
    stamp = headers.get(TIMESTAMP, "")
    if not (secret and stamp.isascii() and stamp.isdigit() and len(stamp) <= MOST_DIGITS):
        return False
    seconds = int(stamp) / (1_000 if len(stamp) >= MILLISECOND_DIGITS else 1)
    if abs(now.timestamp() - seconds) > WINDOW.total_seconds():
        return False
    digest = hmac.digest(secret.encode(), stamp.encode(), sha256)
    shown = headers.get(SIGNATURE, "").strip()
    try:
        decoded = base64.b64decode(shown, validate=True)
    except (binascii.Error, ValueError):
        decoded = b""
    # Bizgo does not say whether it writes the signature in hexadecimal or in base64.
    return hmac.compare_digest(shown.lower().encode(), digest.hex().encode()) | (
        hmac.compare_digest(decoded, digest)
    )


def read_reports(raw: bytes, *, received_at: datetime) -> list[Report]:
    """Return what a body tells.

    Raises:
        ValueError: it is no JSON, or names no message.
    """
    said = read_json(raw)
    if said is None or not text_of(said, "msgKey"):
        raise ValueError("The body names no msgKey: Bizgo posts one report or one reply.")
    return [read_report(said, received_at=received_at)]


def read_report(said: Json, *, received_at: datetime) -> Report:
    """Return a report, or what a person wrote back."""
    key = text_of(said, "msgKey")
    if text_of(said, "serviceType") == "MO":
        happened = read_time(text_of(said, "occurredTime")) or received_at
        return Report(
            kind=ReportKind.REPLIED,
            event_id=f"mo:{key}",
            occurred_at=min(happened, received_at),
            recipient=join_number(text_of(said, "from") or text_of(said, "originator")),
            code="MO",
            detail=text_of(said, "content"),
        )
    code = text_of(said, "reportCode")
    is_here = code == DELIVERED
    happened = read_time(text_of(said, "reportTime")) or received_at
    return Report(
        kind=ReportKind.DELIVERED if is_here else ReportKind.FAILED,
        event_id=f"{key}:{code}",
        occurred_at=min(happened, received_at),
        our_id=text_of(said, "ref"),
        vendor_id=key,
        # What its report codes mean is published nowhere; such a one may pass.
        fault=None if is_here else FaultKind.TRANSIENT,
        code=code,
        detail=text_of(said, "reportText")[:LONGEST_DETAIL],
    )


def message_key(raw: bytes) -> str:
    """Return what Bizgo wants to read in the answer."""
    return text_of(read_json(raw) or {}, "msgKey")
