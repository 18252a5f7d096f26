"""Messages in calls: so many at most, and nobody twice in one."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import TypeVar

from dangol.providers.vendor import Outgoing

Kind = TypeVar("Kind", bound=Hashable)


def batches(
    messages: Sequence[Outgoing], *, most: int, kind: Callable[[Outgoing], Kind]
) -> Iterator[list[Outgoing]]:
    """Yield calls of one kind each, with at most ``most`` messages and each recipient once.

    A vendor's answer may name nothing but the recipient, so within a call that must be enough.
    """
    open_calls: dict[Hashable, list[dict[str, Outgoing]]] = {}
    for message in messages:
        calls = open_calls.setdefault(kind(message), [])
        fitting = next((call for call in calls if message.recipient not in call), None)
        if fitting is None:
            fitting = dict[str, Outgoing]()
            calls.append(fitting)
        fitting[message.recipient] = message
        if len(fitting) >= most:
            calls.remove(fitting)
            yield list(fitting.values())
    for calls in open_calls.values():
        yield from (list(call.values()) for call in calls)
