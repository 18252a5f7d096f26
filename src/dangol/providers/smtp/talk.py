"""The bytes between us and a mail server: commands out, whole replies in."""

import asyncio
import re
from collections import deque
from typing import Final, cast

from dangol.providers.smtp.codes import Reply

STATUS: Final = re.compile(r"([245]\.\d{1,3}\.\d{1,3})\b")
REPLY_LINES_MAX: Final = 100
# A line of a reply is at most 512 bytes (RFC 5321, 4.5.3.1.5); some write longer ones.
UNFINISHED_MAX: Final = 8_192


class LineError(Exception):
    """A connection cannot be had, or broke; the text says why."""


class Talk(asyncio.Protocol):
    """One connection's replies, in the order in which they were asked for."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.fault = ""
        self._unfinished = b""
        self._lines: list[str] = []
        self._replies: deque[Reply] = deque()
        self._waiter: asyncio.Future[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._fail(str(exc) if exc else "the server closed the connection")

    def data_received(self, data: bytes) -> None:
        *whole, self._unfinished = (self._unfinished + data).split(b"\n")
        for raw in whole:
            self._take(raw.rstrip(b"\r").decode("utf-8", "replace"))
        if len(self._unfinished) > UNFINISHED_MAX or len(self._lines) > REPLY_LINES_MAX:
            self._fail("the server's reply does not end")
        self._wake()

    def write(self, data: bytes) -> None:
        """Send bytes; that they arrived is told by a reply alone.

        Raises:
            LineError: the connection is gone.
        """
        if self.fault or self.transport is None:
            raise LineError(self.fault or "there is no connection")
        self.transport.write(data)

    async def read(self) -> Reply:
        """Return the next reply.

        Raises:
            LineError: the connection is gone, or what came is no reply.
        """
        while not self._replies:
            if self.fault:
                raise LineError(self.fault)
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        return self._replies.popleft()

    @property
    def is_quiet(self) -> bool:
        """Whether the connection stands and the server has said nothing that was not asked for."""
        return not (self.fault or self._replies or self._lines or self._unfinished)

    def _take(self, line: str) -> None:
        if not line[:3].isdigit():
            self._fail("no SMTP reply")
            return
        self._lines.append(line[4:])
        if line[3:4] != "-":
            self._replies.append(read_reply(int(line[:3]), self._lines))
            self._lines = []

    def _fail(self, fault: str) -> None:
        self.fault = self.fault or fault
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


def read_reply(code: int, lines: list[str]) -> Reply:
    found = STATUS.match(lines[-1])
    return Reply(code=code, status=found[1] if found else "", text="\n".join(lines))
