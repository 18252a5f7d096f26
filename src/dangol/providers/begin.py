"""Whether a call may still begin: asked at the last moment before its first byte leaves.

Whoever marks messages as being called lends the answer. A process that stood still after that for
longer than others wait for it must not call any more: they may have settled the message meanwhile.
"""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

MayBegin = Callable[[], bool]

STOOD_STILL: Final = "this process stood still for too long before the call"
LENT: Final[ContextVar[MayBegin]] = ContextVar("may_begin", default=lambda: True)


@contextmanager
def begin_while(may_begin: MayBegin) -> Generator[None]:
    """Let calls begin here, and in the tasks that are begun here, as long as this says so."""
    before = LENT.set(may_begin)
    try:
        yield
    finally:
        LENT.reset(before)


def lent() -> MayBegin:
    """Return what was lent here; where nothing was, every call may begin."""
    return LENT.get()
