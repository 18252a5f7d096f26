"""Reads what SOLAPI posts: a list of messages and what became of them."""

import hmac
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha1
from typing import Final

from dangol.providers.solapi.codes import DELIVERED, ON_ITS_WAY, TAKEN, read_code
from dangol.providers.vendor import Report, ReportKind
from dangol.providers.wire.call import Json, object_of, objects_of, read_json, text_of
from dangol.providers.wire.codes import LONGEST_DETAIL
from dangol.providers.wire.numbers import join_number
from dangol.providers.wire.times import read_time

SECRET_HEADER: Final = "x-solapi-secret"  # noqa: S105 - the name of a header
NOT_OVER: Final = frozenset({"", TAKEN, ON_ITS_WAY})


def is_genuine(headers: Mapping[str, str], *, secret: str) -> bool:
    """Tell whether a call shows the secret, as it is or as its SHA-1; names are in lower case.

    Nothing binds the secret to the body, so the address that is called must be unguessable, too.
    """
    shown = headers.get(SECRET_HEADER, "").strip().encode()
    hashed = sha1(secret.encode()).hexdigest()  # noqa: S324 - SOLAPI's choice
    return bool(secret) and (
        hmac.compare_digest(shown.lower(), hashed.encode())
        | hmac.compare_digest(shown, secret.encode())
    )


def read_reports(raw: bytes, *, received_at: datetime) -> list[Report]:
    """Return what a body tells, in both shapes that SOLAPI's own examples have.

    An item is a message, or has one under ``data``. Groups and messages still on their way are
    passed over.

    Raises:
        ValueError: it is not JSON.
    """
    said = read_json(raw)
    if said is None:
        raise ValueError("The body is no JSON: SOLAPI posts a list.")
    items = objects_of(said, "items") or [said]
    found = (read_report(object_of(one, "data") or one, received_at=received_at) for one in items)
    return [report for report in found if report is not None]


def read_report(said: Json, *, received_at: datetime) -> Report | None:
    """Return what a message's fields tell; None where it is no message, or not over yet."""
    vendor_id, code = text_of(said, "messageId"), text_of(said, "statusCode")
    if not vendor_id or code in NOT_OVER:
        return None
    meaning = read_code(code)
    words = text_of(said, "statusMessage") or text_of(said, "reason")
    times = ("dateReceived", "dateReported", "dateProcessed", "dateUpdated")
    happened = next((at for name in times if (at := read_time(text_of(said, name)))), received_at)
    number = text_of(said, "to")
    return Report(
        kind=ReportKind.DELIVERED if code == DELIVERED else ReportKind.FAILED,
        event_id=f"{vendor_id}:{code}",
        occurred_at=min(happened, received_at),
        our_id=text_of(object_of(said, "customFields"), "deliveryId"),
        vendor_id=vendor_id,
        recipient=join_number(number, text_of(said, "country")) if number else "",
        fault=meaning.fault,
        code=code,
        detail=(words or meaning.en)[:LONGEST_DETAIL],
    )
