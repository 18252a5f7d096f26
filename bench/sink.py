"""A mail server that takes everything and keeps a few, as fast as Python can: the other end.

Prints its port, takes mail until its input is closed, then prints one JSON object: how many mails
came, to how many recipients, how many bytes, and a few of the mails whole.
"""

import asyncio
import json
import sys
from dataclasses import dataclass, field

KEPT = 20
GREETING = b"220 sink ESMTP\r\n"
OFFERS = b"250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n"
OK = b"250 2.0.0 Ok\r\n"
START = b"354 Go on\r\n"
END = b"\r\n.\r\n"


@dataclass
class Taken:
    """What has come."""

    mails: int = 0
    size: int = 0
    recipients: set[bytes] = field(default_factory=set)
    kept: list[str] = field(default_factory=list)


class Sink(asyncio.Protocol):
    """One connection."""

    def __init__(self, taken: Taken) -> None:
        self.taken = taken
        self.buffer = bytearray()
        self.in_content = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - TCP
        self.transport = transport
        transport.write(GREETING)

    def data_received(self, data: bytes) -> None:
        searched = max(0, len(self.buffer) - len(END)) if self.in_content else 0
        self.buffer += data
        answers: list[bytes] = []
        while True:
            if self.in_content:
                end = self.buffer.find(END, searched)
                if end < 0:
                    break
                self.keep(bytes(self.buffer[:end]) if len(self.taken.kept) < KEPT else b"", end)
                del self.buffer[: end + len(END)]
                self.in_content = False
                answers.append(OK)
            else:
                end = self.buffer.find(b"\r\n")
                if end < 0:
                    break
                line = bytes(self.buffer[:end])
                del self.buffer[: end + 2]
                answers.append(self.answer(line))
            searched = 0
        if answers:
            self.transport.write(b"".join(answers))

    def keep(self, content: bytes, size: int) -> None:
        self.taken.mails += 1
        self.taken.size += size
        if content:
            self.taken.kept.append((content + b"\r\n").replace(b"\r\n..", b"\r\n.").decode())

    def answer(self, line: bytes) -> bytes:
        verb = line[:4].upper()
        if verb == b"EHLO":
            return OFFERS
        if verb == b"DATA":
            self.in_content = True
            return START
        if verb == b"RCPT":
            self.taken.recipients.add(line)
        return OK


async def main() -> None:
    """Listen until the input ends."""
    taken = Taken()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Sink(taken), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    _ = await loop.run_in_executor(None, sys.stdin.read)
    server.close()
    figures = {
        "mails": taken.mails,
        "recipients": len(taken.recipients),
        "bytes": taken.size,
        "kept": taken.kept,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    asyncio.run(main())
