"""Many messages over a few connections to one mail server."""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from dangol.providers.smtp.line import Line, LineError, open_line, outcome_of
from dangol.providers.smtp.server import MailServer
from dangol.providers.vendor import Fate, Outcome, Outgoing


@dataclass(slots=True, kw_only=True)
class Batch:
    """What is still to be sent, what became of the rest, and until when a message may begin."""

    waiting: deque[Outgoing]
    outcomes: list[Outcome]
    begin_until: float
    fault: str = "there was no time left in this batch"


class SmtpSender:
    """Sends through one mail server; every message has one recipient, so one clear outcome."""

    def __init__(self, server: MailServer) -> None:
        self._server = server

    async def send(self, messages: Sequence[Outgoing]) -> list[Outcome]:
        """Hand over all messages; what was not begun comes back as retryable."""
        batch = Batch(
            waiting=deque(messages),
            outcomes=[],
            begin_until=asyncio.get_running_loop().time() + self._server.batch_seconds,
        )
        lines = min(self._server.connections, len(messages))
        await asyncio.gather(*(self._work(batch) for _ in range(lines)))
        return batch.outcomes + [
            outcome_of(mail, fate=Fate.RETRYABLE, code="not_begun", detail=batch.fault)
            for mail in batch.waiting
        ]

    async def _work(self, batch: Batch) -> None:
        """Use one connection until nothing waits; open another when it breaks."""
        while batch.waiting and self._has_time(batch):
            try:
                line = await open_line(self._server)
            except LineError as fault:
                batch.fault = str(fault)
                return
            try:
                await self._use(line, batch)
            finally:
                await line.close()

    async def _use(self, line: Line, batch: Batch) -> None:
        while batch.waiting and not line.broken and self._has_time(batch):
            batch.outcomes.append(await line.hand_over(batch.waiting.popleft()))

    def _has_time(self, batch: Batch) -> bool:
        return asyncio.get_running_loop().time() < batch.begin_until
