"""Reads delivery reports that other mail servers send back (RFC 3464)."""

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Final, cast

from dangol.providers.smtp.codes import ADDRESS_GONE
from dangol.providers.smtp.line import DETAIL_MAX

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

RETURN_PATH: Final = re.compile(r"\bb\+([A-Za-z0-9_-]{20,})@")
MESSAGE_ID: Final = re.compile(r"<([A-Za-z0-9_-]{20,})@")
# Where a report names the address it was sent to; forwarding moves it from one to another.
RECIPIENT_HEADERS: Final = ("X-Envelope-To", "Delivered-To", "X-Original-To", "To")


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
        return self.action == "failed"

    @property
    def address_gone(self) -> bool:
        """Whether nobody should write to the address again."""
        return self.failed and self.status in ADDRESS_GONE


def parse_report(raw: bytes) -> Report | None:
    """Return what a delivery report says, or None where the mail is not one."""
    mail = message_from_bytes(raw, policy=policy.compat32)
    fields = next(delivery_fields(mail), None)
    if fields is None:
        return None
    return Report(
        tokens=(*find_return_path(mail), *find_message_id(mail)),
        action=str(fields.get("Action", "")).strip().lower(),
        status=str(fields.get("Status", "")).split(" ")[0].strip(),
        diagnostic=without_addresses(str(fields.get("Diagnostic-Code", "")))[:DETAIL_MAX],
    )


def delivery_fields(mail: "Message[str, str]") -> "Iterator[Message[str, str]]":
    """Yield the per-recipient blocks of the machine-readable part."""
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status":
            blocks = part.get_payload()
            if isinstance(blocks, list):
                yield from (
                    block
                    for block in cast("list[Message[str, str]]", blocks)
                    if block.get("Action") is not None
                )


def find_recipients(raw: bytes) -> list[str]:
    """Return the headers that tell which address of ours a mail was sent to."""
    return recipients_of(message_from_bytes(raw, policy=policy.compat32))


def recipients_of(mail: "Message[str, str]") -> list[str]:
    return [str(value) for name in RECIPIENT_HEADERS for value in mail.get_all(name, [])]


def find_return_path(mail: "Message[str, str]") -> list[str]:
    return [token for header in recipients_of(mail) for token in RETURN_PATH.findall(header)]


def find_message_id(mail: "Message[str, str]") -> list[str]:
    """Our Message-ID in the returned headers, whichever way they are attached."""
    returned = [
        part.as_string()
        for part in mail.walk()
        if part.get_content_type() in ("text/rfc822-headers", "message/rfc822")
    ]
    lines = (
        line
        for text in returned
        for line in text.splitlines()
        if line.lower().startswith("message-id:")
    )
    return [token for line in lines for token in MESSAGE_ID.findall(line)]


def without_addresses(text: str) -> str:
    return re.sub(r"[^\s<>;:]+@[^\s<>;:]+", "<address>", text)
