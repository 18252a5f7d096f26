"""Many messages over a few connections to one mail server, which stay open between turns."""

import asyncio
import os
import threading
from collections import deque
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from queue import Empty, SimpleQueue
from typing import Final

from dangol.providers.begin import MayBegin, lent
from dangol.providers.smtp.line import Line, LineError, open_line, outcome_of
from dangol.providers.smtp.server import MailServer
from dangol.providers.vendor import Fate, FaultKind, Outcome, Outgoing

# A server that says "not now" so often in a row means everybody, not one recipient.
STORM: Final = 20
# How often a connection without a mail looks whether its batch is over.
LOOK_SECONDS: Final = 0.5


@dataclass(slots=True, kw_only=True)
class Batch:
    """What is still to be sent, what became of the rest, and until when a message may begin."""

    waiting: deque[Outgoing]
    tell: Callable[[Outcome], None]
    begin_until: float
    may_begin: MayBegin = field(default_factory=lent)
    # More may come; whoever has nothing to do waits for ``news``.
    is_open: bool = False
    news: asyncio.Event = field(default_factory=asyncio.Event)
    # Connections that are being opened, each for one of those who wait.
    opening: int = 0
    reason: str = "there was no time left in this batch"
    fault: FaultKind | None = None
    # Refusals for the moment since the last mail that was taken or firmly refused.
    put_off: int = 0

    def note(self, outcome: Outcome) -> None:
        """Keep an outcome; in a storm nothing further begins, and waits for its next turn."""
        self.tell(outcome)
        if outcome.fault not in (FaultKind.TRANSIENT, FaultKind.THROTTLED):
            self.put_off = 0
            return
        self.put_off += 1
        if self.put_off >= STORM:
            self.reason = f"the server put off {self.put_off} mails in a row: {outcome.detail}"
            self.fault = FaultKind.THROTTLED
            self.begin_until = 0.0
            self.news.set()

    async def wait(self) -> bool:
        """Wait for something to do; False once there will be nothing."""
        while self.is_open and has_time(self) and len(self.waiting) <= self.opening:
            self.news.clear()
            with suppress(TimeoutError):
                _ = await asyncio.wait_for(self.news.wait(), LOOK_SECONDS)
        return bool(self.waiting) and has_time(self)

    def tell_left(self) -> None:
        """Say of what was not begun that it was not."""
        while self.waiting:
            self.tell(
                outcome_of(
                    self.waiting.popleft(),
                    fate=Fate.RETRYABLE,
                    code="not_begun",
                    detail=self.reason,
                    fault=self.fault or FaultKind.TRANSIENT,
                )
            )


class SmtpSender:
    """Sends through one mail server; every message has one recipient, so one clear outcome."""

    def __init__(self, server: MailServer) -> None:
        self.share = 0
        self._server = server
        self._kept: list[Line] = []
        self._busy = 0
        self._reaper: asyncio.TimerHandle | None = None

    async def send(self, messages: Sequence[Outgoing]) -> list[Outcome]:
        """Hand over all messages; what was not begun comes back as retryable."""
        # Connections outlive the caller's event loop, so they live in one of their own.
        sending = asyncio.run_coroutine_threadsafe(self._send(messages), mail_loop())
        return await asyncio.wrap_future(sending)

    @property
    def lines(self) -> int:
        """How many connections it has, at most."""
        return self._server.connections

    @contextmanager
    def open_stream(self) -> Generator["MailStream"]:
        """Lend a stream of mails."""
        stream = MailStream(self, seconds=self._server.batch_seconds)
        try:
            yield stream
        finally:
            stream.close()

    async def _send(self, messages: Sequence[Outgoing]) -> list[Outcome]:
        outcomes: list[Outcome] = []
        batch = Batch(
            waiting=deque(messages),
            tell=outcomes.append,
            begin_until=asyncio.get_running_loop().time() + self._server.batch_seconds,
        )
        await self.run(batch, number=min(self.lines, len(messages)))
        return outcomes

    async def run(self, batch: Batch, *, number: int) -> None:
        """Hand a batch over by so many connections."""
        if self._reaper is not None:
            self._reaper.cancel()
        self._busy += 1
        try:
            _ = await asyncio.gather(*(self._work(batch) for _ in range(number)))
        finally:
            self._busy -= 1
            self._reaper = asyncio.get_running_loop().call_later(
                self._server.idle_seconds, self._reap
            )
            batch.tell_left()

    async def _work(self, batch: Batch) -> None:
        """Use one connection until nothing waits; open another when it breaks."""
        while await batch.wait():
            line = self._take_kept()
            is_kept = line is not None
            batch.opening += 1
            try:
                line = line or await open_line(self._server)
            except LineError as fault:
                batch.reason = str(fault)
                return
            finally:
                batch.opening -= 1
            done = False
            try:
                await use(line, batch, is_kept=is_kept)
                done = not line.broken
            finally:
                if done:
                    self._kept.append(line)
                else:
                    line.close()

    def _take_kept(self) -> Line | None:
        """Return a connection of an earlier turn that still stands."""
        while self._kept:
            line = self._kept.pop()
            if line.is_usable:
                return line
            line.close()
        return None

    def _reap(self) -> None:
        """Close the connections that nobody has used for a while."""
        if not self._busy:
            while self._kept:
                self._kept.pop().close()


class MailStream:
    """Mails put in by one thread and handed over by the connections' own."""

    def __init__(self, sender: SmtpSender, *, seconds: float) -> None:
        self._loop = mail_loop()
        # Counted by one thread each: what was put, and what of it the connections have.
        self._given = 0
        self._got = 0
        self._told: SimpleQueue[Outcome | None] = SimpleQueue()
        self._batch = Batch(
            waiting=deque(),
            tell=self._told.put,
            begin_until=self._loop.time() + seconds,
            is_open=True,
        )
        self._running = asyncio.run_coroutine_threadsafe(
            sender.run(self._batch, number=sender.lines), self._loop
        )
        self._running.add_done_callback(lambda _: self._told.put(None))

    @property
    def waiting(self) -> int:
        """How many mails no connection has taken yet."""
        return self._given - self._got + len(self._batch.waiting)

    @property
    def is_over(self) -> bool:
        """Whether nothing further is begun."""
        return self._running.done() or self._loop.time() >= self._batch.begin_until

    def put(self, messages: Sequence[Outgoing]) -> None:
        """Have mails handed over as connections become free."""
        self._given += len(messages)
        _ = self._loop.call_soon_threadsafe(self._put, messages)

    def take(self, *, seconds: float) -> list[Outcome]:
        """Return the outcomes there are; wait for the first at most ``seconds``."""
        found: list[Outcome] = []
        with suppress(Empty):
            while not self._told.empty() or not found:
                outcome = self._told.get(timeout=seconds)
                if outcome is None:
                    break
                found.append(outcome)
        if not found and self._running.done():
            # Says what went wrong, where anything did.
            self._running.result()
        return found

    def close(self) -> None:
        """Break off what has begun; nothing of it is told any more."""
        _ = self._loop.call_soon_threadsafe(self._close)
        _ = self._running.cancel()

    def _put(self, messages: Sequence[Outgoing]) -> None:
        self._batch.waiting.extend(messages)
        self._got += len(messages)
        self._batch.news.set()
        if self._running.done():
            self._batch.tell_left()

    def _close(self) -> None:
        self._batch.is_open = False
        self._batch.news.set()


async def use(line: Line, batch: Batch, *, is_kept: bool) -> None:
    """Hand over what waits, as long as the connection stands; what was not begun waits on."""
    line.proven = False
    mail = take_next(batch)
    while mail is not None:
        following = take_next(batch)
        outcome = await line.hand_over(mail, following=following)
        if is_kept and line.broken and not line.proven:
            # The server had hung up while nobody needed it: nothing of this was ever taken.
            put_back(batch, following, mail)
            return
        batch.note(outcome)
        if line.broken:
            put_back(batch, following)
            return
        # Its envelope may have left already, and only a mail ends that.
        mail = following


def take_next(batch: Batch) -> Outgoing | None:
    return batch.waiting.popleft() if batch.waiting and has_time(batch) else None


def put_back(batch: Batch, *mails: Outgoing | None) -> None:
    batch.waiting.extendleft(mail for mail in mails if mail is not None)


def has_time(batch: Batch) -> bool:
    return asyncio.get_running_loop().time() < batch.begin_until and batch.may_begin()


@cache
def mail_loop() -> asyncio.AbstractEventLoop:
    """Return the event loop in which this process keeps its connections to mail servers."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="mail", daemon=True).start()
    return loop


# Threads do not survive a fork: a child that sends needs a loop of its own.
os.register_at_fork(after_in_child=mail_loop.cache_clear)
