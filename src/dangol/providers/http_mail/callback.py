"""Reads what a service posts, one report or a list of them, as its description says."""

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final, cast

import msgspec

from dangol.providers.http_mail.fields import find
from dangol.providers.http_mail.service import ReportForm
from dangol.providers.vendor import FaultKind, Report, ReportKind
from dangol.providers.wire.codes import LONGEST_DETAIL
from dangol.providers.wire.times import read_time

LONGEST_STAMP: Final = 12


def read_reports(raw: bytes, *, form: ReportForm, received_at: datetime) -> list[Report]:
    """Return what a body tells of mails.

    Raises:
        ValueError: it is no JSON.
    """
    try:
        said: object = msgspec.json.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as fault:
        raise ValueError(f"The body is no JSON: {fault}.") from fault
    told = cast("list[object]", said) if isinstance(said, list) else [said]
    return [
        report
        for one in told
        if (report := read_report(one, form=form, received_at=received_at)) is not None
    ]


def read_report(said: object, *, form: ReportForm, received_at: datetime) -> Report | None:
    """Return what one event tells; None where it says nothing of a mail."""
    kind, _, fault = meaning_of(said, form).partition(" ")
    if not kind:
        return None
    happened = read_moment(first_of(said, form.occurred_at)) or received_at
    recipient = first_of(said, form.recipient)
    # Digested: some services name an event by whom it is about, and the name is kept.
    told = "\n".join([kind, *(find(said, path) for path in form.event_id)])
    return Report(
        kind=ReportKind(kind),
        event_id=sha256(told.encode()).hexdigest()[:32],
        occurred_at=min(happened, received_at),
        our_id=find(said, form.our_id),
        vendor_id=find(said, form.vendor_id),
        recipient=recipient,
        fault=FaultKind(fault) if fault else None,
        code=find(said, form.code),
        detail=without(find(said, form.detail), recipient)[:LONGEST_DETAIL],
    )


def meaning_of(said: object, form: ReportForm) -> str:
    """Return what an event is, by as many of its names as are described."""
    names = [name for path in form.kind if (name := find(said, path))]
    return next((form.kinds[one] for one in shorter(names) if one in form.kinds), "")


def shorter(names: list[str]) -> Iterator[str]:
    for length in range(len(names), 0, -1):
        yield " ".join(names[:length])


def first_of(said: object, paths: tuple[str, ...]) -> str:
    return next((found for path in paths if (found := find(said, path))), "")


def without(text: str, recipient: str) -> str:
    return text.replace(recipient, "<address>") if recipient else text


def read_moment(text: str) -> datetime | None:
    """Read a time: ISO 8601, or seconds since 1970."""
    if text.isascii() and text.isdigit() and len(text) <= LONGEST_STAMP:
        return datetime.fromtimestamp(int(text), UTC)
    return read_time(text)
