"""Many messages over a few connections to one mail server, which stay open between turns."""

import asyncio
import os
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from dangol.providers.smtp.line import Line, LineError, open_line, outcome_of
from dangol.providers.smtp.server import MailServer
from dangol.providers.vendor import Fate, FaultKind, Outcome, Outgoing

# A server that says "not now" so often in a row means everybody, not one recipient.
STORM: Final = 20


@dataclass(slots=True, kw_only=True)
class Batch:
    """What is still to be sent, what became of the rest, and until when a message may begin."""

    waiting: deque[Outgoing]
    outcomes: list[Outcome]
    begin_until: float
    reason: str = "there was no time left in this batch"
    fault: FaultKind | None = None
    # Refusals for the moment since the last mail that was taken or firmly refused.
    put_off: int = 0

    def note(self, outcome: Outcome) -> None:
        """Keep an outcome; in a storm nothing further begins, and waits for its next turn."""
        self.outcomes.append(outcome)
        if outcome.fault not in (FaultKind.TRANSIENT, FaultKind.THROTTLED):
            self.put_off = 0
            return
        self.put_off += 1
        if self.put_off >= STORM:
            self.reason = f"the server put off {self.put_off} mails in a row: {outcome.detail}"
            self.fault = FaultKind.THROTTLED
            self.begin_until = 0.0


class SmtpSender:
    """Sends through one mail server; every message has one recipient, so one clear outcome."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._kept: list[Line] = []
        self._busy = 0
        self._reaper: asyncio.TimerHandle | None = None

    async def send(self, messages: Sequence[Outgoing]) -> list[Outcome]:
        """Hand over all messages; what was not begun comes back as retryable."""
        # Connections outlive the caller's event loop, so they live in one of their own.
        sending = asyncio.run_coroutine_threadsafe(self._send(messages), mail_loop())
        return await asyncio.wrap_future(sending)

    async def _send(self, messages: Sequence[Outgoing]) -> list[Outcome]:
        if self._reaper is not None:
            self._reaper.cancel()
        batch = Batch(
            waiting=deque(messages),
            outcomes=[],
            begin_until=asyncio.get_running_loop().time() + self._server.batch_seconds,
        )
        lines = min(self._server.connections, len(messages))
        self._busy += 1
        try:
            _ = await asyncio.gather(*(self._work(batch) for _ in range(lines)))
        finally:
            self._busy -= 1
            self._reaper = asyncio.get_running_loop().call_later(
                self._server.idle_seconds, self._reap
            )
        return batch.outcomes + [
            outcome_of(
                mail,
                fate=Fate.RETRYABLE,
                code="not_begun",
                detail=batch.reason,
                fault=batch.fault or FaultKind.TRANSIENT,
            )
            for mail in batch.waiting
        ]

    async def _work(self, batch: Batch) -> None:
        """Use one connection until nothing waits; open another when it breaks."""
        while batch.waiting and has_time(batch):
            line = self._take_kept()
            is_kept = line is not None
            try:
                line = line or await open_line(self._server)
            except LineError as fault:
                batch.reason = str(fault)
                return
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
    return asyncio.get_running_loop().time() < batch.begin_until


@cache
def mail_loop() -> asyncio.AbstractEventLoop:
    """Return the event loop in which this process keeps its connections to mail servers."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="mail", daemon=True).start()
    return loop


# Threads do not survive a fork: a child that sends needs a loop of its own.
os.register_at_fork(after_in_child=mail_loop.cache_clear)
