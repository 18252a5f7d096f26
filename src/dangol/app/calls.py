"""A turn's calls in small shares: no more is marked as being called than can be under way.

What a killed worker leaves ``unknown`` is thus what it had in flight, not its whole batch. A vendor
with a line of its own (``Streaming``) is fed while it sends, so that its connections never wait for
the door; the share is one for each connection, and doubles where all of them wait for us.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from dangol.app.clock import Watch
from dangol.providers.begin import STOOD_STILL, MayBegin, begin_while
from dangol.providers.vendor import Fate, FaultKind, Outcome, Outgoing, Sender, Stream, Streaming
from dangol.store.crash import crashpoint

# Outcomes wait no longer than this to be written, so that little is lost of what is known.
WRITE_SECONDS: Final = 0.05
# A share that lasts longer than this is larger than it need be.
LONG_SECONDS: Final = 0.3
# Being sent, waiting to be, and not yet written.
SHARES: Final = 4
# These say that everybody would hear the same now.
HALTING: Final = {FaultKind.THROTTLED, FaultKind.CONFIGURATION}

# Lets the guard look at messages, marks what passes as being called, and returns that.
Door = Callable[[Sequence[Outgoing]], list[Outgoing]]
Note = Callable[[Sequence[Outcome]], object]
# Asked before each mark; what it returns says until when the calls that are marked may begin.
Grant = Callable[[], MayBegin]


@dataclass(slots=True, kw_only=True)
class Calls:
    """What became of a turn's messages; ``left`` were never marked as being called."""

    left: list[Outgoing]
    passed: int = 0
    outcomes: list[Outcome] = field(default_factory=list[Outcome])


def make_calls(
    sender: Sender,
    outgoing: Sequence[Outgoing],
    *,
    share: int | None,
    door: Door,
    note: Note,
    grant: Grant,
) -> Calls:
    """Hand over ``share`` messages at a time, or all at once; ``note`` writes outcomes."""
    calls = Calls(left=list(outgoing))
    if isinstance(sender, Streaming):
        # One grant for all: a stream takes nothing more long before it ends.
        with begin_while(grant()), sender.open_stream() as stream:
            feed = Feed(
                calls=calls,
                stream=stream,
                door=door,
                note=note,
                lines=sender.lines,
                share=max(sender.lines, sender.share // 2),
            )
            feed.run()
        sender.share = feed.share
        return calls
    while calls.left and not any(outcome.fault in HALTING for outcome in calls.outcomes):
        may_begin = grant()
        cleared = pass_share(calls, share or len(calls.left), door=door)
        outcomes = call_in_time(sender, cleared, may_begin=may_begin) if cleared else []
        crashpoint("send.after_accept")
        note(outcomes)
        calls.outcomes += outcomes
    return calls


def pass_share(calls: Calls, share: int, *, door: Door) -> list[Outgoing]:
    cleared = door(calls.left[:share])
    del calls.left[:share]
    calls.passed += len(cleared)
    return cleared


def begin_within(most: timedelta, *, passed: Watch) -> MayBegin:
    """Return what says whether less time than that has passed."""
    return lambda: passed() < most.total_seconds()


def call_in_time(
    sender: Sender, cleared: Sequence[Outgoing], *, may_begin: MayBegin
) -> list[Outcome]:
    """Call, unless we stood still since the mark: then others may have settled the messages."""
    if not may_begin():
        return [stood_still(message) for message in cleared]
    with begin_while(may_begin):
        return asyncio.run(sender.send(cleared))


def stood_still(message: Outgoing) -> Outcome:
    return Outcome(
        delivery_id=message.delivery_id,
        fate=Fate.RETRYABLE,
        code="not_begun",
        detail=STOOD_STILL,
        fault=FaultKind.TRANSIENT,
    )


@dataclass(slots=True, kw_only=True)
class Feed:
    """Keeps a stream just full enough."""

    calls: Calls
    stream: Stream
    door: Door
    note: Note
    # Its connections.
    lines: int
    share: int
    # Put into the stream, and without an outcome that is written.
    open: int = 0
    unwritten: list[Outcome] = field(default_factory=list[Outcome])
    _written_at: float = field(default_factory=time.monotonic)
    _put_at: float = field(default_factory=time.monotonic)
    _has_put: bool = False

    def run(self) -> None:
        """Go on until all is handed over and written, or the vendor takes no more."""
        while self.open or (self.calls.left and not self.stream.is_over):
            while self._has_room():
                self._put()
            self.unwritten += self.stream.take(seconds=WRITE_SECONDS)
            if self._should_write():
                self._write()

    def _has_room(self) -> bool:
        return (
            bool(self.calls.left)
            and not self.stream.is_over
            and self.stream.waiting < max(self.lines, self.share // 2)
            and self.open + self.share <= SHARES * max(self.lines, self.share)
        )

    def _put(self) -> None:
        now = time.monotonic()
        self.unwritten += self.stream.take(seconds=0.0)
        if self._has_put and self.open == len(self.unwritten):
            self.share *= 2
        elif now - self._put_at > LONG_SECONDS:
            self.share = max(self.lines, self.share // 2)
        self._put_at, self._has_put = now, True
        cleared = pass_share(self.calls, self.share, door=self.door)
        self.open += len(cleared)
        self.stream.put(cleared)

    def _should_write(self) -> bool:
        return bool(self.unwritten) and (
            len(self.unwritten) >= min(self.share, self.open)
            or time.monotonic() - self._written_at > WRITE_SECONDS
        )

    def _write(self) -> None:
        crashpoint("send.after_accept")
        self.note(self.unwritten)
        self._written_at = time.monotonic()
        self.open -= len(self.unwritten)
        self.calls.outcomes += self.unwritten
        self.unwritten = []
