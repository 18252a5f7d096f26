"""One account at SOLAPI: where it is, how calls are signed, what it holds."""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Final, TypeGuard, cast
from urllib.parse import urlencode

from dangol.providers.vendor import VendorError
from dangol.providers.wire.call import (
    Answered,
    Json,
    Place,
    Told,
    at,
    objects_of,
    text_of,
)
from dangol.providers.wire.numbers import NOT_DIGIT

URL: Final = "https://api.solapi.com"
NUMBERS: Final = "/senderid/v1/numbers/active"
CHANNELS: Final = "/kakao/v2/channels"
SALT_BYTES: Final = 16


class SolapiError(VendorError):
    """SOLAPI could not be asked; the text says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SolapiAccount:
    """Who calls: ``clock`` tells the time in UTC, which SOLAPI compares with its own (15 min)."""

    key: str
    secret: str
    clock: Callable[[], datetime]
    url: str = URL
    seconds: float = 30.0
    # What stands where a message names no sender: a registered number; the Kakao channel (pfId).
    number: str = ""
    channel: str = ""
    place: Place = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "place", Place(url=self.url, seconds=self.seconds))

    async def call(
        self, method: str, path: str, *, query: Json | None = None, body: object = None
    ) -> Told:
        """Make a signed call."""
        found = urlencode({name: value for name, value in (query or {}).items() if value != ""})
        return await self.place.call(
            method,
            f"{path}?{found}" if found else path,
            headers={"Authorization": self.sign()},
            body=body,
        )

    async def read(self, path: str, *, query: Json | None = None) -> Json:
        """Ask for something; raises what ``demand`` raises."""
        return await self.demand("GET", path, query=query)

    async def demand(
        self, method: str, path: str, *, query: Json | None = None, body: object = None
    ) -> Json:
        """Make a call that must be answered, and return what was said.

        Raises:
            SolapiError: it was not, or with a refusal.
        """
        told = await self.call(method, path, query=query, body=body)
        if not isinstance(told, Answered):
            raise SolapiError(f"SOLAPI does not answer: {told.why}. Check DANGOL_SOLAPI_URL.")
        if not told.is_ok:
            code = text_of(told.said, "errorCode") or str(told.status)
            said = text_of(told.said, "errorMessage")
            raise SolapiError(
                f"SOLAPI refuses: {code} {said}".rstrip()
                + ". Check DANGOL_SOLAPI_KEY and DANGOL_SOLAPI_SECRET, and this machine's clock."
            )
        return told.said

    def sign(self) -> str:
        """Return an Authorization header that is good once, within 15 minutes."""
        date = self.clock().isoformat()
        salt = secrets.token_hex(SALT_BYTES)
        return (
            f"HMAC-SHA256 apiKey={self.key}, date={date}, salt={salt}, "
            f"signature={signature_of(self.secret, date=date, salt=salt)}"
        )

    async def list_numbers(self) -> list[str]:
        """Return the registered sender numbers, digits only; raises what ``demand`` raises."""
        said = await self.read(NUMBERS)
        listed = cast("list[object]", said.get("items", []))
        named = [one["phoneNumber"] if is_named(one) else one for one in listed]
        return [NOT_DIGIT.sub("", str(one)) for one in named]

    async def list_channels(self) -> list[str]:
        """Return the ids of the linked Kakao channels; raises what ``demand`` raises."""
        said = await self.read(CHANNELS, query={"limit": 100})
        listed = objects_of(said, "channelList") or objects_of(said, "items")
        return [text_of(one, "channelId") or text_of(one, "pfId") for one in listed]

    async def read_balance(self) -> float:
        """Return what is left, money and points, in KRW; raises what ``read`` raises."""
        said = await self.read("/cash/v1/balance")
        return sum(number_of(at(said, name)) for name in ("balance", "point"))


def signature_of(secret: str, *, date: str, salt: str) -> str:
    """Return the signature: HMAC-SHA256 over the date and the salt, in hexadecimal."""
    return hmac.digest(secret.encode(), f"{date}{salt}".encode(), sha256).hex()


def is_named(value: object) -> TypeGuard[Json]:
    """Tell whether a number is listed with what belongs to it; it may stand alone."""
    return isinstance(value, dict) and "phoneNumber" in value


def number_of(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
