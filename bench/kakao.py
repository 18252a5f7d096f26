"""How many Alimtalks a second the SOLAPI sender hands over, in calls of 10,000.

The fake that takes them is a process of its own, as a vendor is; sender and fake then have a core
each, where the machine has two to spare. ``--messages`` (1,000,000). The last line also says what
processor time a message took in each of the two, which other load on the machine changes less.
"""

import argparse
import asyncio
import gc
import json
import multiprocessing
import os
import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, Protocol

from dangol.app.clock import machine_time
from dangol.providers.solapi.account import SolapiAccount
from dangol.providers.solapi.fake import KEY, SECRET, FakeSolapi
from dangol.providers.solapi.sender import CALLS_AT_ONCE, MOST, SolapiSender
from dangol.providers.vendor import AlimtalkNote, Fate, Outgoing


class Line(Protocol):
    """One end of a pipe between the two processes."""

    def send(self, obj: object, /) -> None:
        """Say something."""

    def recv(self) -> Any:  # noqa: ANN401 - whatever the other end says
        """Wait for what is said."""


# What the delivery loop hands over at a time: several calls are under way at once.
AT_ONCE = CALLS_AT_ONCE * MOST


def serve(line: Line) -> None:
    """Be the vendor until the line closes; say where, then what that cost.

    What it keeps is no garbage, and to look for some again and again is not what is measured.
    """
    gc.disable()
    with FakeSolapi(clock=machine_time) as fake:
        line.send(fake.url)
        before = time.process_time()
        _ = line.recv()
        line.send(time.process_time() - before)


@contextmanager
def vendor() -> Generator[tuple[str, Line]]:
    """Run the fake in a process of its own."""
    context = multiprocessing.get_context("spawn")
    ours, its = context.Pipe()
    process = context.Process(target=serve, args=(its,), daemon=True)
    process.start()
    try:
        yield ours.recv(), ours
    finally:
        process.join(timeout=10)


def messages(start: int, end: int) -> list[Outgoing]:
    """Return messages to that many people, each with a name of their own."""
    return [
        Outgoing(
            delivery_id=number,
            vendor_id=f"key-{number}",
            sender="",
            recipient=f"+8210{10_000_000 + number}",
            content=AlimtalkNote(
                template_code="KA01TP1",
                variables={"name": f"민지{number}"},
                text=f"민지{number}님, 안녕",
            ),
        )
        for number in range(start, end)
    ]


def main() -> None:
    """Send, and print the rate as the last line."""
    parser = argparse.ArgumentParser(description=__doc__)
    _ = parser.add_argument("--messages", type=int, default=1_000_000)
    total: int = parser.parse_args().messages
    accepted = 0
    with vendor() as (url, line):
        account = SolapiAccount(
            key=KEY, secret=SECRET, clock=machine_time, url=url, channel="KA01PF1"
        )
        sender = SolapiSender(account)
        began, worked = time.perf_counter(), time.process_time()
        for start in range(0, total, AT_ONCE):
            batch = messages(start, min(start + AT_ONCE, total))
            outcomes = asyncio.run(sender.send(batch))
            accepted += sum(outcome.fate is Fate.ACCEPTED for outcome in outcomes)
        seconds, ours = time.perf_counter() - began, time.process_time() - worked
        line.send(None)
        theirs: float = line.recv()
    measured = {
        "accepted": accepted,
        "load": round(os.getloadavg()[0], 1),
        "sender_microseconds": round(ours / total * 1e6, 1),
        "fake_microseconds": round(theirs / total * 1e6, 1),
        "messages_per_second": round(accepted / seconds),
    }
    print(json.dumps(measured))


if __name__ == "__main__":
    main()
