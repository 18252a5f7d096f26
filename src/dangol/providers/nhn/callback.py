"""Reads NHN Cloud's webhooks: results of messages, refusals by 080, states of templates."""

import hmac
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Final

from dangol.providers.nhn.codes import CARRIER, DELIVERED, KAKAO, UNCERTAIN, read_code
from dangol.providers.nhn.templates import STATES as TEMPLATE_STATES
from dangol.providers.template_desk import Judgement
from dangol.providers.vendor import FaultKind, Report, ReportKind
from dangol.providers.wire.call import Json, objects_of, read_json, text_of
from dangol.providers.wire.numbers import join_number
from dangol.providers.wire.templates import join_comments
from dangol.providers.wire.times import read_time

SIGNATURE: Final = "x-toast-webhook-signature"
RESULT: Final = "MESSAGE_RESULT_UPDATE"
UNSUBSCRIBE: Final = "UNSUBSCRIBE"
TEMPLATE: Final = "TEMPLATE_STATUS_UPDATE"
# What the SMS product says instead of a code.
STATES: Final = {
    "COMPLETED": None,
    "FAILED": FaultKind.TRANSIENT,
    "CANCEL": FaultKind.CONTENT,
    "DUPLICATED": FaultKind.CONTENT,
    "FAILED_AD": FaultKind.CONTENT,
}


def is_genuine(headers: Mapping[str, str], *, secret: str) -> bool:
    """Tell whether a call shows the signature that was agreed; names are in lower case.

    It is always the same, so the address that is called must be unguessable, too.
    """
    shown = headers.get(SIGNATURE, "").encode()
    return bool(secret) and hmac.compare_digest(shown, secret.encode())


def read_reports(raw: bytes, *, received_at: datetime) -> list[Report]:
    """Return what a body tells of messages and people; states of templates are not among it.

    Raises:
        ValueError: it is no JSON.
    """
    said = read_json(raw)
    if said is None:
        raise ValueError("The body is no JSON: NHN posts an object with event and hooks.")
    event = text_of(said, "event")
    hooks = objects_of(said, "hooks")
    if event == UNSUBSCRIBE:
        return [
            read_refusal(one, received_at=received_at)
            for one in hooks
            if text_of(one, "recipientNo")
        ]
    if event != RESULT:
        return []
    found = [read_result(one, received_at=received_at) for one in hooks]
    return [report for report in found if report is not None]


def read_judgements(raw: bytes, *, sender_key: str, received_at: datetime) -> list[Judgement]:
    """Return which templates of a channel have come to which state, and what was written.

    Nothing where a body tells something else. A state we do not know is left to who asks.
    """
    said = read_json(raw) or {}
    if text_of(said, "event") != TEMPLATE:
        return []
    return [
        Judgement(
            code=text_of(one, "templateCode"),
            state=TEMPLATE_STATES[text_of(one, "status")],
            comment=join_comments(
                text_of(comment, "content") for comment in objects_of(one, "comments")
            ),
            told_at=min(read_time(text_of(one, "updateDate")) or received_at, received_at),
        )
        for one in objects_of(said, "hooks")
        if text_of(one, "status") in TEMPLATE_STATES
        and text_of(one, "senderKey") in {"", sender_key}
    ]


def read_refusal(said: Json, *, received_at: datetime) -> Report:
    """Return the opt-out that a call to the 080 number is."""
    number, made = join_number(text_of(said, "recipientNo")), text_of(said, "createdDateTime")
    told = f"{text_of(said, 'hookId')}:{text_of(said, 'unsubscribeNo')}:{number}:{made}"
    return Report(
        kind=ReportKind.OPTED_OUT,
        # No telephone number in the clear: it is kept.
        event_id=f"080:{sha256(told.encode()).hexdigest()[:32]}",
        occurred_at=min(read_time(made) or received_at, received_at),
        recipient=number,
        code=UNSUBSCRIBE,
        detail="080 수신거부",
    )


def read_result(said: Json, *, received_at: datetime) -> Report | None:
    """Return what became of a message; None where a hook names none."""
    request, code = text_of(said, "requestId"), text_of(said, "resultCode")
    state = text_of(said, "messageStatus") or text_of(said, "status")
    if not request:
        return None
    codes = KAKAO if "kakaoMessageType" in said else CARRIER
    meaning = read_code(code, codes)
    fault = STATES[state] if not code and state in STATES else meaning.fault
    kind = ReportKind.FAILED if fault else ReportKind.DELIVERED
    if code == UNCERTAIN:
        kind, fault = ReportKind.DEFERRED, None
    if code == DELIVERED:
        kind, fault = ReportKind.DELIVERED, None
    vendor_id = f"{request}:{text_of(said, 'recipientSeq')}"
    number = text_of(said, "recipientNo")
    told = text_of(said, "receiveDate") or text_of(said, "resultDate")
    happened = read_time(told) or received_at
    return Report(
        kind=kind,
        # Not the hook's own name: the same is listed without one to who asks.
        event_id=f"{vendor_id}:{code or state}",
        occurred_at=min(happened, received_at),
        our_id=text_of(said, "recipientGroupingKey"),
        vendor_id=vendor_id,
        recipient=join_number(number) if number else "",
        fault=fault,
        code=code or state,
        detail=meaning.en,
    )
