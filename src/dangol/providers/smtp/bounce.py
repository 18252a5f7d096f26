"""Reads delivery reports that other mail servers send back (RFC 3464, and those before it)."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from dangol.providers.smtp.codes import ADDRESS_GONE
from dangol.providers.smtp.line import DETAIL_MAX
from dangol.providers.smtp.post import (
    Letter,
    find_return_path,
    find_returned_tokens,
    is_from_a_server,
    read_letter,
    read_text,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

STATUS: Final = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
# What a server says first is what it means: `550 No such user`.
SAID: Final = re.compile(r"(?:^|[\s:;>\"'])(5\d\d|4\d\d)[ -](?=\D)")
DELAYED_WORDS: Final = re.compile(
    r"delay|not yet been delivered|will (?:be )?retr|still trying|지연|재시도", re.IGNORECASE
)
# Words for a mailbox that is not there, where a server gives no enhanced status.
GONE_WORDS: Final = re.compile(
    r"user unknown|unknown user|no such (?:user|mailbox|recipient)"
    r"|mailbox (?:not found|unavailable)|does not exist|doesn.?t exist"
    r"|존재하지 않|없는 (?:사용자|계정|주소)|수신자를 찾을 수 없",
    re.IGNORECASE,
)
NO_SUCH_MAILBOX: Final = "5.1.1"
FAILED: Final = "failed"
DELAYED: Final = "delayed"
# A report about several addresses behind one of ours means the best that became of any.
BEST_FIRST: Final = ("delivered", "relayed", "expanded", DELAYED, FAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One delivery report about one message."""

    # Tokens that may name the message, the most trustworthy first.
    tokens: tuple[str, ...]
    # failed, delayed, delivered, relayed or expanded.
    action: str
    status: str
    diagnostic: str

    @property
    def failed(self) -> bool:
        """Whether the message will never arrive."""
        return self.action == FAILED

    @property
    def address_gone(self) -> bool:
        """Whether nobody should write to the address again."""
        return self.failed and self.status in ADDRESS_GONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What became of one address."""

    action: str
    status: str
    diagnostic: str


def parse_report(raw: bytes) -> Report | None:
    """Return what a delivery report says, or None where the mail is not one."""
    return read_report(read_letter(raw))


def read_report(letter: Letter) -> Report | None:
    """Return what a delivery report says, or None where the letter is not one."""
    fates = [read_fate(fields) for fields in delivery_fields(letter.mail)]
    if not fates and (found := guess_fate(letter)):
        fates = [found]
    if not fates:
        return None
    # Of several failures the one that condemns no address says least that is not sure.
    fate = min(fates, key=lambda one: (rank(one.action), one.status in ADDRESS_GONE))
    return Report(
        tokens=(*find_return_path(letter.mail), *find_returned_tokens(letter.mail)),
        action=fate.action,
        status=fate.status,
        diagnostic=without_addresses(fate.diagnostic)[:DETAIL_MAX],
    )


def rank(action: str) -> int:
    """Say how good an action is; one nobody knows is worth nothing."""
    return BEST_FIRST.index(action) if action in BEST_FIRST else len(BEST_FIRST)


def delivery_fields(mail: "Message[str, str]") -> "Iterator[Message[str, str]]":
    """Yield the per-recipient blocks of the machine-readable part."""
    for part in mail.walk():
        if part.get_content_type() in ("message/delivery-status", "message/global-delivery-status"):
            blocks = part.get_payload()
            if isinstance(blocks, list):
                yield from (
                    block
                    for block in cast("list[Message[str, str]]", blocks)
                    if block.get("Action") is not None
                )


def read_fate(fields: "Message[str, str]") -> Fate:
    diagnostic = " ".join(str(fields.get("Diagnostic-Code", "")).split())
    return Fate(
        action=str(fields.get("Action", "")).split(" ")[0].split(";")[0].strip().lower(),
        status=exact_status(str(fields.get("Status", "")).split(" ")[0].strip(), diagnostic),
        diagnostic=diagnostic,
    )


def exact_status(status: str, diagnostic: str) -> str:
    """Return the status, or the one the other server gave where ours says only "no"."""
    if status and not status.endswith(".0.0"):
        return status
    found = STATUS.search(diagnostic)
    if found and not found[1].endswith(".0.0"):
        return found[1]
    if status.startswith("5") and GONE_WORDS.search(diagnostic):
        return NO_SUCH_MAILBOX
    return status or (found[1] if found else "")


def guess_fate(letter: Letter) -> Fate | None:
    """Read a report written for people only, as older servers and some portals send them.

    It must come from a mail server, not from a person, and either name the addresses that failed
    (``X-Failed-Recipients``) or quote the other server's answer.
    """
    if not is_from_a_server(letter.mail):
        return None
    text = read_text(letter.mail)
    told = next((line for line in text.splitlines() if STATUS.search(line)), "")
    said = SAID.search(text)
    if not (told or said or letter.mail.get("X-Failed-Recipients")):
        return None
    line = told or next((one for one in text.splitlines() if SAID.search(one)), "")
    found = STATUS.search(line)
    status = found[1] if found else f"{said[1][0] if said else '5'}.0.0"
    is_delayed = status.startswith("4") or DELAYED_WORDS.search(str(letter.mail.get("Subject", "")))
    return Fate(
        action=DELAYED if is_delayed else FAILED,
        status=exact_status(status, line or text),
        diagnostic=" ".join(line.split()),
    )


def without_addresses(text: str) -> str:
    return re.sub(r"[^\s<>;:]+@[^\s<>;:]+", "<address>", text)
