"""Ctrl-C while threads are at work."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(slots=True)
class Interrupt:
    """Whether somebody asked us to stop."""

    asked: bool = False


@contextmanager
def defer_interrupt() -> Iterator[Interrupt]:
    """Only note SIGINT and SIGTERM; what was asked for meanwhile comes when the block is over.

    An exception out of nowhere may come between taking a lock and the line that would give it back,
    and the lock of a future is one its thread needs to end: the pool would wait for it for ever.
    """
    interrupt = Interrupt()

    def note(_number: int, _frame: object) -> None:
        interrupt.asked = True

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield interrupt
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if interrupt.asked:
        raise KeyboardInterrupt
