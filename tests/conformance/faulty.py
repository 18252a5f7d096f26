"""The application on a bad day: it refuses, or it takes the events and its answer is lost."""

from collections import Counter, deque
from dataclasses import dataclass, field
from enum import Enum, auto

from litestar.types import ASGIApp, Message, Receive, Scope, Send


class Fault(Enum):
    """What befalls one request."""

    NONE = auto()
    BROKEN = auto()  # 500, and nothing was taken
    BUSY = auto()  # 429 with Retry-After, and nothing was taken
    ANSWER_LOST = auto()  # all was taken, but the client sees 500


STATUS = {Fault.BROKEN: 500, Fault.BUSY: 429, Fault.ANSWER_LOST: 500}


@dataclass(slots=True)
class Faulty:
    """Lets each call of the tracking API meet the next of ``faults``, then none."""

    app: ASGIApp
    faults: deque[Fault] = field(default_factory=deque)
    # How often the application itself answered with each status.
    answers: Counter[int] = field(default_factory=Counter)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_call = scope["type"] == "http" and scope["method"] == "POST"
        fault = self.faults.popleft() if is_call and self.faults else Fault.NONE

        async def count(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.answers[message["status"]] += 1
            if fault is not Fault.ANSWER_LOST:
                await send(message)

        if fault in (Fault.NONE, Fault.ANSWER_LOST):
            await self.app(scope, receive, count)
        if fault is not Fault.NONE:
            await refuse(send, fault)


async def refuse(send: Send, fault: Fault) -> None:
    headers = [(b"content-type", b"application/json")]
    if fault is Fault.BUSY:
        headers.append((b"retry-after", b"1"))
    body = b'{"code": "forced", "message": "A test wants it so."}'
    await send({"type": "http.response.start", "status": STATUS[fault], "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
