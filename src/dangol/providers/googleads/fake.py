"""A stand-in for Google's Data Manager API: it keeps hashes, and refuses what is none.

How it answers is in the audience's id: ``wire.fake_audience``; it takes a call whole or not at all.
Tokens are lent by whoever stands in for Google's sign-in; any bearer token will do here.
"""

import re
import threading
from typing import Final, Self

import msgspec

from dangol.providers.fake_http import Call, FakeServer, Reply
from dangol.providers.wire.fake_audience import AudienceScripts, Verdict, error_of

PATH: Final = re.compile(r"/v1/audienceMembers:(?P<deed>ingest|remove)")
HASH: Final = re.compile(r"[0-9a-f]{64}")
MEMBERS_MAX: Final = 10_000
IDENTIFIERS_MAX: Final = 10
REFUSALS: Final = {
    Verdict.TOO_MANY: (429, "RESOURCE_EXHAUSTED"),
    Verdict.EXPIRED: (401, "UNAUTHENTICATED"),
}


class Address(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """A name, hashed, and where it is at home, not hashed."""

    given_name: str
    family_name: str
    region_code: str
    postal_code: str = ""


class Identifier(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """One way to know a person by."""

    email_address: str = ""
    phone_number: str = ""
    address: Address | None = None

    def hashes(self) -> list[str]:
        """Return all of it that must be a hash."""
        named = [self.address.given_name, self.address.family_name] if self.address else []
        return [part for part in (self.email_address, self.phone_number, *named) if part]


class UserData(msgspec.Struct, frozen=True, rename="camel"):
    """One person."""

    user_identifiers: list[Identifier]


class Member(msgspec.Struct, frozen=True, rename="camel"):
    """One member of an audience."""

    user_data: UserData


class Account(msgspec.Struct, frozen=True, rename="camel"):
    """Whose audience it is."""

    account_type: str
    account_id: str


class Destination(msgspec.Struct, frozen=True, rename="camel"):
    """An audience."""

    operating_account: Account
    product_destination_id: str


class Request(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """A call."""

    destinations: list[Destination]
    audience_members: list[Member]
    encoding: str
    consent: dict[str, str] = {}
    terms_of_service: dict[str, str] = {}


class FakeGoogleAds:
    """The Data Manager API on loopback; ``members`` are the hashes of each audience."""

    def __init__(self, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self.members: Final[dict[str, set[str]]] = {}
        self.calls: Final[list[Request]] = []
        self._scripts: Final = AudienceScripts()
        self._lock: Final = threading.Lock()
        self._server: Final = FakeServer(self._answer, host=host, port=port)

    @property
    def url(self) -> str:
        """Where to call."""
        return self._server.url

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Listen."""
        self._server.start()

    def stop(self) -> None:
        """Stop listening."""
        self._server.stop()

    def _answer(self, call: Call) -> Reply:
        found = PATH.fullmatch(call.path)
        if found is None:
            return refuse(404, "NOT_FOUND")
        if not call.headers.get("authorization", "").startswith("Bearer "):
            return refuse(401, "UNAUTHENTICATED")
        try:
            request = msgspec.json.decode(call.body, type=Request)
        except msgspec.MsgspecError as fault:
            return refuse(400, str(fault))
        audience = request.destinations[0].product_destination_id
        if status := error_of(audience):
            return refuse(status, "As asked.")
        if problem := find_problem(request, adds=found["deed"] == "ingest"):
            return refuse(400, problem)
        with self._lock:
            verdict = self._scripts.judge(audience)
        if verdict in REFUSALS:
            return refuse(*REFUSALS[verdict])
        return self._take(audience, request, adds=found["deed"] == "ingest")

    def _take(self, audience: str, request: Request, *, adds: bool) -> Reply:
        hashes = {
            part
            for member in request.audience_members
            for identifier in member.user_data.user_identifiers
            for part in identifier.hashes()
        }
        with self._lock:
            members = self.members.setdefault(audience, set())
            if adds:
                members.update(hashes)
            else:
                members.difference_update(hashes)
            self.calls.append(request)
        return Reply(body=b'{"requestId": "fake"}')


def find_problem(request: Request, *, adds: bool) -> str:
    """Say what Google would not take; empty where it takes all."""
    if request.encoding != "HEX" or len(request.audience_members) > MEMBERS_MAX:
        return "INVALID_ARGUMENT"
    if adds and request.consent.get("adUserData") != "CONSENT_GRANTED":
        return "consent is missing"
    if adds and not request.terms_of_service:
        return "the terms are not accepted"
    for member in request.audience_members:
        identifiers = member.user_data.user_identifiers
        if not 1 <= len(identifiers) <= IDENTIFIERS_MAX:
            return "a member has no identifier, or too many"
        if not all(HASH.fullmatch(part) for found in identifiers for part in found.hashes()):
            return "an identifier is no SHA-256 in hexadecimal"
    return ""


def refuse(status: int, message: str) -> Reply:
    error = {"code": status, "message": message, "status": "FAILED"}
    return Reply(status=status, body=msgspec.json.encode({"error": error}))
