"""Group commit: requests that wait at the same moment share one COPY and one COMMIT."""

import asyncio
from collections import deque
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

# One group at a time: two threads that read JSON at once only take turns, and cost a third more.
WRITERS: Final = 1
# A group is cut here, so that nobody waits long for the others in it.
GROUP_BYTES: Final = 1_000_000
# What may wait in memory; beyond it clients are asked to come back.
MOST_WAITING_BYTES: Final = 16_000_000

Item = TypeVar("Item")
Answer = TypeVar("Answer")


class Busy(Exception):  # noqa: N818 - a state, not an error
    """More waits than we may hold in memory: nothing was taken."""


@dataclass(slots=True, kw_only=True)
class Waiting(Generic[Item, Answer]):
    """One item, its size in bytes, and whom to tell."""

    item: Item
    size: int
    answer: asyncio.Future[Answer]


@dataclass(slots=True, kw_only=True)
class Group(Generic[Item, Answer]):
    """Collects items on the event loop and hands them, in groups, to ``work`` on a thread.

    ``work`` returns one answer for each item, in order, and only once they are durable. Tasks
    live no longer than there is something to write, so a group needs no shutting down.
    """

    work: Callable[[Sequence[Item]], Sequence[Answer]]
    most_waiting_bytes: int = MOST_WAITING_BYTES
    waiting: deque[Waiting[Item, Answer]] = field(default_factory=deque)
    writers: set[asyncio.Task[None]] = field(default_factory=set)
    held_bytes: int = 0

    @contextmanager
    def room(self, size: int) -> Generator[None]:
        """Keep room for an item of so many bytes, from before it is read until it is answered.

        Raises:
            Busy: too much waits already.
        """
        if self.held_bytes + size > self.most_waiting_bytes:
            raise Busy
        self.held_bytes += size
        try:
            yield
        finally:
            self.held_bytes -= size

    async def submit(self, item: Item, *, size: int) -> Answer:
        """Return the answer to ``item`` once its group is through; the caller holds its room."""
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self.waiting.append(Waiting(item=item, size=size, answer=answer))
        if len(self.writers) < WRITERS:
            writer = asyncio.create_task(self.write())
            self.writers.add(writer)
            writer.add_done_callback(self.writers.discard)
        return await answer

    async def write(self) -> None:
        """Write group after group until nothing waits."""
        while self.waiting:
            group = self.next_group()
            job = asyncio.create_task(asyncio.to_thread(self.work, [one.item for one in group]))
            _ = await asyncio.wait([job])
            tell_all(group, job)

    def next_group(self) -> list[Waiting[Item, Answer]]:
        """Take the oldest that wait, up to the size of a group."""
        group = [self.waiting.popleft()]
        size = group[0].size
        while self.waiting and size + self.waiting[0].size <= GROUP_BYTES:
            group.append(self.waiting.popleft())
            size += group[-1].size
        return group


def tell_all(group: Sequence[Waiting[Item, Answer]], job: asyncio.Task[Sequence[Answer]]) -> None:
    """Give everybody in the group their answer, or let them see why there is none."""
    error = job.exception()
    answers: Sequence[Answer] = [] if error else job.result()
    for place, one in enumerate(group):
        if one.answer.done():  # Whoever has hung up meanwhile needs no answer.
            continue
        if error:
            one.answer.set_exception(error)
        else:
            one.answer.set_result(answers[place])
