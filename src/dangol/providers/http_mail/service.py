"""What a service wants to be told and how it answers, as a file says it.

``services`` holds those that are described already. A text like ``{{subject}}`` stands for a field
of the mail (``fields.FIELDS``), ``{{secret}}`` for the key of the account.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from importlib import resources
from typing import Final

import msgspec

from dangol.providers.http_mail.fields import FIELDS, gaps_in
from dangol.providers.vendor import FaultKind, ReportKind

FILES: Final = resources.files("dangol.providers.http_mail") / "services"
READY_MADE: Final = ("resend", "postmark", "sendgrid")
SECRET: Final = "secret"  # noqa: S105 - the name of a gap
# What an answer may mean beside a fault: it has the mail already, or nobody knows.
TAKEN: Final = "taken"
LOST: Final = "lost"
MEANINGS: Final = frozenset({TAKEN, LOST, *FaultKind})
LONGEST_KEY_HOURS: Final = 24 * 30


class Proof(StrEnum):
    """How what a service posts is proved to be its own."""

    # HTTP Basic; the secret is user:password.
    BASIC = "basic"
    # HMAC over id, time and body, as Svix and Standard Webhooks sign; the secret is whsec_….
    SVIX = "svix"
    # ECDSA over time and body, as SendGrid signs; the secret is its public key.
    ECDSA = "ecdsa"


class AnswerForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where in an answer things stand, as ``errors.0.message`` or ``header:x-message-id``."""

    id: str
    code: str = ""
    detail: str = ""
    # By "STATUS CODE" or "STATUS": one of ``MEANINGS``. What is not listed goes by its status.
    faults: dict[str, str] = {}


class ReportForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where in what it posts things stand; of several paths the first that holds something."""

    proof: Proof
    # Joined by blanks they are looked up in ``kinds``, whole, then without the last.
    kind: tuple[str, ...]
    # To "KIND" or "KIND FAULT"; what is not listed, or empty, says nothing of a mail.
    kinds: dict[str, str]
    event_id: tuple[str, ...]
    occurred_at: tuple[str, ...]
    our_id: str = ""
    vendor_id: str = ""
    recipient: tuple[str, ...] = ()
    code: str = ""
    detail: str = ""


class Service(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One service."""

    url: str
    headers: dict[str, str]
    body: dict[str, object]
    answer: AnswerForm
    # Whose documentation says so, for people.
    source: str = ""
    # How long the service knows our key; 0 where it takes none.
    key_hours: int = 0
    # What {{stream}} is for mail that carries a way out, and for other mail.
    streams: dict[str, str] = {}
    reports: ReportForm | None = None


class BadService(ValueError):  # noqa: N818 - it is the service's description that is bad
    """A description that cannot be used; the text says where."""


def read_service(text: bytes) -> Service:
    """Read a description.

    Raises:
        BadService: it is none, or names what there is not.
    """
    try:
        service = msgspec.json.decode(text, type=Service)
    except msgspec.MsgspecError as fault:
        raise BadService(str(fault)) from fault
    for complaint in complaints_about(service):
        raise BadService(complaint)
    return service


def ready_made(name: str) -> Service:
    """Return the description of a service that is one of ``READY_MADE``."""
    return read_service((FILES / f"{name}.json").read_bytes())


def complaints_about(service: Service) -> Iterator[str]:
    """Yield what is wrong with a description, which is well formed."""
    for name in gaps_in([service.headers, service.body]):
        if name not in (*FIELDS, SECRET):
            yield f"{{{{{name}}}}} is no field of a mail; there are {', '.join(FIELDS)}"
    if not 0 <= service.key_hours <= LONGEST_KEY_HOURS:
        yield f"key_hours is {service.key_hours}; write 0 to {LONGEST_KEY_HOURS}"
    if service.key_hours and "key" not in gaps_in([service.headers, service.body]):
        yield "key_hours promises a key, and {{key}} stands nowhere"
    for said, meaning in service.answer.faults.items():
        if meaning not in MEANINGS:
            yield f"answer.faults {said!r}: {meaning!r} is none of {', '.join(sorted(MEANINGS))}"
    yield from complaints_about_kinds(service.reports.kinds if service.reports else {})


def complaints_about_kinds(kinds: Mapping[str, str]) -> Iterator[str]:
    for said, meaning in kinds.items():
        kind, _, fault = meaning.partition(" ")
        if kind not in ("", *ReportKind) or fault not in ("", *FaultKind):
            yield f"reports.kinds {said!r}: {meaning!r} is no kind of report with a fault"
        if (kind == ReportKind.FAILED) != bool(fault):
            yield f"reports.kinds {said!r}: {meaning!r}: failed, and only that, has a fault"
