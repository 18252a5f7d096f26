"""A request's calls as lines for the inbox: the plain ones in one pass, the others with care."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

import msgspec

from dangol.ingest.calls import Envelope, open_envelope
from dangol.ingest.event import Event
from dangol.ingest.fault import BadPayload
from dangol.ingest.inbox import to_head, to_line
from dangol.ingest.payload import Reader, Reception, Refused, calls_of, check_count
from dangol.ingest.plain import (
    NotPlain,
    PlainBatch,
    PlainCall,
    PlainWriter,
    open_plain,
    open_writer,
)


@dataclass(slots=True, kw_only=True)
class Lines:
    """What a request holds: ``lines[n]`` is its call number ``places[n]``; some were refused."""

    places: list[int]
    lines: list[str]
    refused: list[Refused]
    # A single call, which is taken or refused as a whole.
    alone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A body whose outside has been read, as a plain batch or as an envelope."""

    body: bytes
    path_type: str | None
    around: PlainBatch | Envelope

    @property
    def count(self) -> int:
        """How many calls it holds; a body that is no batch is one."""
        return 1 if self.around.batch is None else len(self.around.batch)


def open_body(body: bytes, *, path_type: str | None) -> Opened:
    """Read the outside of a body.

    Raises:
        BadPayload: it is no JSON object of the expected shape.
    """
    around = open_plain(body, path_type=path_type) or open_envelope(body)
    return Opened(body=body, path_type=path_type, around=around)


def read_lines(opened: Opened, *, reception: Reception, check: Callable[[Event], None]) -> Lines:
    """Turn every call into a line or a refusal; ``check`` refuses what is no plain call.

    Raises:
        BadPayload: the single call is bad, or the batch as a whole.
    """
    scribe = Scribe(opened, reception, check)
    if opened.path_type is not None:
        return Lines(places=[0], lines=[scribe.write(0)], refused=[], alone=True)
    check_count(opened.around.batch)
    made = Lines(places=[], lines=[], refused=[])
    for place in range(opened.count):
        try:
            made.lines.append(scribe.write(place))
        except BadPayload as fault:
            made.refused.append(Refused(index=place, code=fault.code, message=fault.message))
        else:
            made.places.append(place)
    return made


class Scribe:
    """Writes the calls of one body, with no more care than each needs."""

    def __init__(
        self, opened: Opened, reception: Reception, check: Callable[[Event], None]
    ) -> None:
        self.opened = opened
        self.reception = reception
        self.check = check
        self.plain: Sequence[PlainCall] = ()
        self.writer: PlainWriter | None = None
        if isinstance(opened.around, PlainBatch):
            self.plain = opened.around.batch
            self.writer = open_writer(
                opened.around,
                path_type=opened.path_type,
                escaped=b"\\" in opened.body,
                reception=reception,
            )

    def write(self, place: int) -> str:
        """Return the line of one call.

        Raises:
            BadPayload: naming the field, its value and the remedy.
        """
        if self.writer is not None:
            with suppress(NotPlain):
                return self.writer.write(self.plain[place])
        event = self.reader.read(place, self.raw[place])
        self.check(event)
        return to_line(self.head, event)

    @cached_property
    def head(self) -> str:
        return to_head(self.reception.workspace_id, self.reception.received_at)

    @cached_property
    def envelope(self) -> Envelope:
        around = self.opened.around
        return around if isinstance(around, Envelope) else open_envelope(self.opened.body)

    @cached_property
    def reader(self) -> Reader:
        return Reader(
            envelope=self.envelope,
            body=self.opened.body,
            path_type=self.opened.path_type,
            reception=self.reception,
        )

    @cached_property
    def raw(self) -> Sequence[bytes | msgspec.Raw]:
        return [self.opened.body] if self.opened.path_type else calls_of(self.envelope)
