"""The shapes in which the console is answered about the mailbox of a demonstration."""

from datetime import datetime

import msgspec


class MailLine(msgspec.Struct, frozen=True, kw_only=True):
    """A mail in the list."""

    id: str
    to: str
    subject: str
    at: datetime | None


class MailPage(msgspec.Struct, frozen=True, kw_only=True):
    """The newest mails, and how many there are; unavailable where mail goes to real people."""

    available: bool
    total: int
    mails: list[MailLine]
    next_cursor: str | None


class MailHeader(msgspec.Struct, frozen=True, kw_only=True):
    """One header line, decoded."""

    name: str
    value: str


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """One mail; its HTML part is at ``/api/mailbox/{id}/html``."""

    id: str
    sender: str
    to: str
    subject: str
    at: datetime | None
    headers: list[MailHeader]
    text: str
    has_html: bool
