"""What a vendor's fake is written on: routes, and what can be told to go wrong.

Each fake speaks one vendor's wire format: routes, authentication, limits. What goes wrong on the
way (an answer that never comes, one that is no JSON) is the same for all and stands here.
"""

import json
import re
import threading
import urllib.error
import urllib.request
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Self, cast
from urllib.parse import parse_qs, urlsplit

import msgspec

from dangol.providers import fake_http as http
from dangol.providers.fake_http import Call, FakeServer
from dangol.providers.wire.call import Json

MOST_KEPT: Final = 100_000
POST_SECONDS: Final = 10.0
TRIES: Final = 5
# A recipient like this is answered with the code of its last four digits.
MAGIC: Final = re.compile(r"0?100000(\d{4})$")


class Mishap(StrEnum):
    """What goes wrong with one call to a fake."""

    # 429, with Retry-After: 7. Nothing is taken.
    THROTTLED = "throttled"
    # 503 before anything is taken.
    REFUSED = "refused"
    # 502 after it was taken.
    BAD_GATEWAY = "bad_gateway"
    # Taken, and the connection breaks without an answer.
    LOST = "lost"
    # The connection breaks in the middle of the body, before anything is taken.
    CUT = "cut"
    # Taken, and the answer comes a byte at a time, for ever.
    DRIPPING = "dripping"
    # Taken, and the answer is no JSON.
    GARBLED = "garbled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request as it arrived; names of headers are in lower case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    raw: bytes
    # What stood in the path where the route has a gap.
    gap: str = ""

    @property
    def body(self) -> Json:
        """The body's object; empty where it is none."""
        try:
            said: object = msgspec.json.decode(self.raw)
        except msgspec.DecodeError:
            return {}
        return cast("Json", said) if isinstance(said, dict) else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a fake answers."""

    said: object = None
    status: int = 200
    # A page for people instead.
    page: str = ""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    # It was taken, and the connection breaks without an answer.
    hang_up: bool = False


# What is answered before anything is taken; None breaks the connection.
BEFORE: Final[Mapping[Mishap | None, Reply | None]] = {
    Mishap.THROTTLED: Reply(
        status=429, said={"errorCode": "TooManyRequests"}, headers={"Retry-After": "7"}
    ),
    Mishap.REFUSED: Reply(status=503, said={}),
    Mishap.CUT: None,
}
Handle = Callable[[Asked], Reply]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A method and a path, a gap in it written as ``*``; mishaps befall those that send."""

    method: str
    path: str
    handle: Handle
    sends: bool = False

    def match(self, method: str, path: str) -> re.Match[str] | None:
        """Tell whether a request is for this route."""
        pattern = re.escape(self.path).replace(r"\*", "([^/]+)")
        return re.fullmatch(pattern, path) if method == self.method else None


@dataclass(slots=True, kw_only=True)
class Told:
    """A report that a fake posts, or has posted."""

    body: object
    headers: Mapping[str, str]
    statuses: list[int] = field(default_factory=list[int])


class FakeVendor:
    """A vendor on loopback, in threads of its own; a subclass names its routes."""

    name = "vendor"
    # The fake that stands where this one does: of the two, one is used at a time.
    instead_of = ""

    def __init__(
        self, *, clock: Callable[[], datetime], host: str = "127.0.0.1", port: int = 0
    ) -> None:
        self.clock = clock
        # What the clock of this server is ahead of that.
        self.ahead = timedelta(0)
        self.host = host
        self.port = port
        # Messages as the vendor keeps them, by its own id; the oldest go first.
        self.messages: OrderedDict[str, Json] = OrderedDict()
        self.mishaps: deque[Mishap] = deque()
        self.calls: deque[tuple[str, str]] = deque(maxlen=MOST_KEPT)
        # Where reports are posted; empty: nowhere until somebody registers.
        self.hook_url = ""
        self.due: deque[object] = deque(maxlen=MOST_KEPT)
        self.told: list[Told] = []
        # Reports that are to be posted a second time.
        self.again: list[object] = []
        self.lock = threading.RLock()

    def routes(self) -> list[Route]:
        """Return the routes of the vendor."""
        raise NotImplementedError

    def refuse(self, asked: Asked) -> Reply | None:
        """Return the refusal of whom the vendor does not know; None lets the call pass."""
        raise NotImplementedError

    def hook_headers(self, body: bytes) -> Mapping[str, str]:
        """Return the headers by which a report proves that it is the vendor's."""
        raise NotImplementedError

    def settings(self) -> Mapping[str, str]:
        """Return the settings that make Dangol call this fake, and believe what it posts."""
        return {}

    def do(self, act: str, who: str) -> bool:
        """Let a person do something, as call 080; False where the vendor knows no such act."""
        del act, who
        return False

    def received(self, most: int) -> list[Json]:
        """Return the last messages it took, the newest first."""
        with self.lock:
            return list(reversed(self.messages.values()))[:most]

    @property
    def url(self) -> str:
        """Where to call."""
        return f"http://{self.host}:{self.port}"

    def start(self) -> None:
        """Listen; with port 0, ``port`` becomes the one the system chose.

        Raises:
            OSError: the port is taken.
        """
        self._server = FakeServer(
            self.take_call,
            host=self.host,
            port=self.port,
            clock=lambda: self.clock() + self.ahead,
        )
        self._server.start()
        self.port = self._server.port

    def stop(self) -> None:
        """Stop listening, and break whatever is open."""
        self._server.stop()

    def take_call(self, call: Call) -> http.Reply:
        """Answer a call as the vendor does, or as the mishap wants that befalls it."""
        parts = urlsplit(call.path)
        reply, mishap = self.answer(
            Asked(
                method=call.method,
                path=parts.path,
                query={name: values[-1] for name, values in parse_qs(parts.query).items()},
                headers=call.headers,
                raw=call.body,
            )
        )
        if reply is None or reply.hang_up or mishap is Mishap.LOST:
            return http.Reply(hang_up=True)
        body = reply.page.encode() or msgspec.json.encode(reply.said)
        return http.Reply(
            status=reply.status,
            body=b"<html>upstream" if mishap is Mishap.GARBLED else body,
            kind=f"{'text/html' if reply.page else 'application/json'}; charset=utf-8",
            headers=reply.headers,
            drips=mishap is Mishap.DRIPPING,
        )

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def keep(self, message_id: str, message: Json) -> None:
        """Keep a message, and forget the oldest beyond the limit."""
        self.messages[message_id] = message
        if len(self.messages) > MOST_KEPT:
            _ = self.messages.popitem(last=False)

    def answer(self, asked: Asked) -> tuple[Reply | None, Mishap | None]:
        """Return the answer to a request; None where the connection breaks instead."""
        with self.lock:
            self.calls.append((asked.method, asked.path))
            found = self.find(asked)
            if found is None:
                return Reply(status=404, said={"errorCode": "NotFound"}), None
            route, gap = found
            mishap = self.mishaps.popleft() if route.sends and self.mishaps else None
            if mishap in BEFORE:
                return BEFORE[mishap], mishap
            reply = self.refuse(asked) or route.handle(with_gap(asked, gap))
            return (Reply(status=502, said={}) if mishap is Mishap.BAD_GATEWAY else reply), mishap

    def find(self, asked: Asked) -> tuple[Route, str] | None:
        """Return the route of a request, and what stands in its gap."""
        for route in self.routes():
            if match := route.match(asked.method, asked.path):
                return route, match[1] if match.groups() else ""
        return None

    def listen_at(self, url: str) -> None:
        """Let reports be posted to an address from now on."""
        self.hook_url = url

    def take_due(self) -> list[object]:
        """Return the reports that are due, oldest first, and owe them no more."""
        due = list(self.due)
        self.due.clear()
        return due

    def post_reports(self, *, twice: bool = False, backwards: bool = False) -> int:
        """Post what is due, each up to five times until it is taken; return how many were due.

        With ``twice`` the next call posts it again; with ``backwards`` the newest goes first.
        """
        with self.lock:
            copies, self.again = self.again, []
            due = self.take_due()
        if backwards:
            due.reverse()
        for one in (*copies, *due):
            self.told.append(self.post(one))
        if twice:
            self.again = due
        return len(due)

    def post(self, said: object) -> Told:
        """Post one report to where the vendor was told to."""
        body = json.dumps(said).encode()
        told = Told(body=said, headers=self.hook_headers(body))
        request = urllib.request.Request(  # noqa: S310 - an address of the person at the keyboard
            self.hook_url,
            data=body,
            headers={"Content-Type": "application/json", **told.headers},
        )
        while len(told.statuses) < TRIES:
            try:
                with urllib.request.urlopen(request, timeout=POST_SECONDS) as answer:  # noqa: S310
                    told.statuses.append(answer.status)
                    return told
            except urllib.error.HTTPError as refused:
                told.statuses.append(refused.code)
                refused.close()
            except OSError:
                told.statuses.append(0)
        return told


def with_gap(asked: Asked, gap: str) -> Asked:
    return Asked(
        method=asked.method,
        path=asked.path,
        query=asked.query,
        headers=asked.headers,
        raw=asked.raw,
        gap=gap,
    )


def magic_code(recipient: str) -> str:
    """Return the code that a number asks for by its last four digits; empty where it asks none."""
    found = MAGIC.search(recipient)
    return found[1] if found else ""
