"""Lines that are calls of the tracking API, as archives of it hold them."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

import msgspec

from dangol.ingest.calls import Envelope
from dangol.ingest.event import Event
from dangol.ingest.fault import BadPayload
from dangol.ingest.importer_people import Sealer
from dangol.ingest.importer_report import EXAMPLES_KEPT, Example, Report
from dangol.ingest.importer_steps import Step, Survey
from dangol.ingest.mapping import Mapping
from dangol.ingest.payload import Reader, Reception
from dangol.ingest.readers import json_lines, read_text
from dangol.store.phones import HOME
from dangol.store.vocabulary import ApiKeyKind

TIMES: Final = ("timestamp", "originalTimestamp")
# An archive's timestamps are already corrected; correcting again would move them to now.
DELIVERY: Final = ("sentAt", "receivedAt")
# A line stands for itself: nothing surrounds it.
ALONE: Final = Envelope()
DECODE_CALL: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])


class BadLine(Exception):  # noqa: N818 - it is the line that is bad
    """A line that cannot become an event; its text is the reason."""


def survey_calls(path: Path, *, mapping: Mapping, sealer: Sealer, now: datetime) -> Survey:
    """Judge every line of an archive, and prepare its events."""
    good: list[Event] = []
    refused: Counter[str] = Counter()
    examples: dict[str, list[Example]] = {}
    for line, text in json_lines(read_text(path, mapping.source)):
        try:
            good.append(
                read_call(text, sealer=sealer, now=now, country=mapping.source.country or HOME)
            )
        except BadLine as bad:
            reason, _, detail = str(bad).partition(":")
            refused[reason] += 1
            if refused[reason] <= EXAMPLES_KEPT:
                examples.setdefault(reason, []).append(Example(line, detail))
    good.sort(key=lambda event: event.occurred_at)
    report = Report(
        file=path.name,
        kind="events",
        rows=len(good) + refused.total(),
        accepted=len(good),
        refused=dict(refused),
        found=dict(refused),
        events=dict(Counter(event.name for event in good)),
        customers=len({event.user_id or event.anonymous_id for event in good}),
        examples=examples,
    )
    return Survey(report, partial(call_steps, good))


def read_call(text: bytes, *, sealer: Sealer, now: datetime, country: str = HOME) -> Event:
    """Read one line.

    Raises:
        BadLine: with the reason, and the tracking API's own code where it has one.
    """
    try:
        call = DECODE_CALL.decode(text)
    except msgspec.DecodeError:
        raise BadLine("bad_json") from None
    if not any(time in call for time in TIMES):
        raise BadLine("bad_date")
    body = msgspec.json.encode({key: value for key, value in call.items() if key not in DELIVERY})
    reception = Reception(
        vault=sealer.vault,
        workspace_id=sealer.workspace_id,
        key_kind=ApiKeyKind.SERVER,
        received_at=now,
        country=country,
    )
    reader = Reader(envelope=ALONE, body=body, path_type=None, reception=reception)
    try:
        event = reader.read(0, body)
    except BadPayload as fault:
        raise BadLine(f"bad_event:{fault.code}") from None
    return msgspec.structs.replace(event, message_id=f"import:call:{event.message_id}")


def call_steps(events: list[Event], _sealer: Sealer) -> Iterator[Step]:
    return (Step([event], 1) for event in events)
