"""How the edge says no: a code for programs, and a sentence with what to do for people."""

from typing import Final

import msgspec

# What a client may do about each code is its HTTP status: only 429 and 503 are worth a retry.
STATUS: Final = {
    "bad_encoding": 400,
    "bad_json": 400,
    "bad_shape": 400,
    "bad_value": 400,
    "missing_id": 400,
    "missing_name": 400,
    "unknown_type": 400,
    "not_storable": 400,
    "no_key": 401,
    "unknown_key": 401,
    "server_key": 403,
    "missing_scope": 403,
    "event_too_large": 413,
    "body_too_large": 413,
    "too_many_events": 413,
    "busy": 429,
    "too_fast": 429,
    "store_away": 503,
}
# What only the webhooks of shop platforms are told.
HOOK_STATUS: Final = {"bad_signature": 401, "wrong_time": 401, "unknown_hook": 404}


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """Why nothing was taken, and what to do about it."""

    code: str
    message: str


class BadPayload(Exception):  # noqa: N818 - it is the payload that is bad
    """A request, or one event of it, that cannot be taken; ``message`` names the remedy.

    ``wait_seconds`` says when to try again, where that is known.
    """

    def __init__(self, code: str, message: str, *, wait_seconds: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = (STATUS | HOOK_STATUS)[code]
        self.wait_seconds = wait_seconds


def bad_value(field: str, value: object, remedy: str) -> BadPayload:
    """Name the field, what it held (shortened) and how to write it."""
    shown = repr(value)
    shown = shown if len(shown) <= LONGEST_SHOWN else f"{shown[:LONGEST_SHOWN]}…"
    return BadPayload("bad_value", f"{field} is {shown}: {remedy}")


LONGEST_SHOWN: Final = 60
