"""One HTTP call to a vendor, and what is known after it: an answer, not sent, or nobody knows."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Final, cast
from urllib.parse import urlsplit

import msgspec

from dangol.providers.egress.client import EgressError, Limits, UnsentError, open_egress
from dangol.providers.egress.target import RefusedTarget
from dangol.providers.wire.form import Form

Json = dict[str, object]
OK: Final = range(200, 300)
THROTTLED: Final = 429
SERVER_FAULT: Final = range(500, 600)
# Of an answer that lists ten thousand messages.
LARGEST_ANSWER: Final = 32_000_000
LONGEST_PAUSE: Final = 86_400
DEFAULT_PAUSE: Final = timedelta(seconds=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The vendor answered; ``said`` is its JSON, empty where it is none."""

    status: int
    said: Json
    readable: bool
    retry_after: timedelta | None
    # By the vendor's clock; None where it does not say.
    dated_at: datetime | None = None

    @property
    def is_ok(self) -> bool:
        """Whether it may be read as the answer that was asked for."""
        return self.status in OK and self.readable


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSent:
    """Nothing reached the vendor."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotAnswered:
    """The vendor may have acted on it; no answer came."""

    why: str


Told = Answered | NotSent | NotAnswered


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a vendor listens: a base address, and how long it may take to answer.

    Shop owners name these addresses in the settings; one on this machine is a fake, and allowed.
    """

    url: str
    seconds: float = 30.0

    async def call(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str],
        body: object = None,
    ) -> Told:
        """Call; a body is sent as JSON, or as the form that it is.

        Raises nothing for what a vendor or a network does.
        """
        content, kind = write_body(body)
        sent = {"Content-Type": kind, **headers}
        try:
            limits = Limits(seconds=self.seconds, answer_bytes=LARGEST_ANSWER)
            async with open_egress(
                limits=limits, loopback=is_loopback_url(self.url), trust=trusted()
            ) as egress:
                answer = await egress.request(
                    method, self.url.rstrip("/") + path, headers=sent, body=content
                )
        except (UnsentError, RefusedTarget) as fault:
            return NotSent(why=str(fault))
        except EgressError as fault:
            return NotAnswered(why=str(fault))
        said = read_json(answer.body)
        return Answered(
            status=answer.status,
            said=said if said is not None else {},
            readable=said is not None,
            retry_after=read_pause(answer.headers.get("retry-after", "")),
            dated_at=read_date(answer.headers.get("date", "")),
        )

    async def read_clock(self) -> datetime | None:
        """Return what time it is there, to the second; None where nobody says."""
        told = await self.call("GET", "/", headers={})
        return told.dated_at if isinstance(told, Answered) else None


def write_body(body: object) -> tuple[bytes, str]:
    """Return the bytes of a body, and what they are."""
    if isinstance(body, Form):
        return body.content, body.kind
    content = b"" if body is None else msgspec.json.encode(body)
    return content, "application/json; charset=utf-8"


@cache
def trusted() -> ssl.SSLContext:
    """Return whom TLS trusts; to read them costs more than a call."""
    return ssl.create_default_context()


def is_loopback_url(url: str) -> bool:
    """Tell whether an address is, as it is written, this machine's."""
    return urlsplit(url).hostname in {"127.0.0.1", "localhost", "::1"}


def read_json(body: bytes) -> Json | None:
    """Return an object of JSON; a list stands under ``items``; None for anything else."""
    try:
        said: object = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if isinstance(said, list):
        return {"items": cast("list[object]", said)}
    return cast("Json", said) if isinstance(said, dict) else None


def read_pause(wish: str) -> timedelta | None:
    """Read how long a vendor asks to be left alone, in seconds; a date asks for nothing."""
    text = wish.strip()
    if not (text.isascii() and text.isdigit()):
        return None
    return timedelta(seconds=min(int(text[:9]), LONGEST_PAUSE))


def read_date(text: str) -> datetime | None:
    """Read the time at which an answer says it was given."""
    try:
        return parsedate_to_datetime(text).astimezone(UTC)
    except ValueError:
        return None


def text_of(said: Json, *path: str) -> str:
    """Return the text or number at a place in an answer; empty where there is none."""
    found = at(said, *path)
    return str(found) if isinstance(found, str | int | float) and found is not True else ""


def object_of(said: Json, *path: str) -> Json:
    """Return the object at a place in an answer; empty where there is none."""
    found = at(said, *path)
    return cast("Json", found) if isinstance(found, dict) else {}


def objects_of(said: Json, *path: str) -> list[Json]:
    """Return the objects of a list at a place in an answer; none where there is no list."""
    found = at(said, *path)
    many = cast("list[object]", found) if isinstance(found, list) else []
    return [cast("Json", one) for one in many if isinstance(one, dict)]


def at(said: Json, *path: str) -> object:
    """Return what stands at a place, which has at least one name."""
    here = said
    for name in path[:-1]:
        inner = here.get(name)
        here = cast("Json", inner) if isinstance(inner, dict) else {}
    return here.get(path[-1])
