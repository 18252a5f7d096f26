"""What the links of a message carry: which message, which link, and our signature; no more.

A token is good for one purpose only: one that counts an opening cannot withdraw a consent. What
opens a page that shows something is good for a while only; what stops a mail, for ever.
"""

import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from dangol.store.vault import BadToken, Vault

MESSAGE: Final = struct.Struct(">iq")
CLICK: Final = struct.Struct(">iqq")
# Ends with the second since 1970 from which on it opens nothing.
PAGE: Final = struct.Struct(">iqq")


class TokenPurpose(StrEnum):
    """What a token may be used for."""

    UNSUBSCRIBE = "unsubscribe"
    OPEN = "open"
    CLICK = "click"
    # Return path and Message-ID: what other servers quote when they report on a message.
    MESSAGE = "message"
    # A note on a page: that it stood there, or was sent away.
    NOTE = "note"
    # Who is signed in on a page, as the shop's own server says.
    VISITOR = "visitor"
    # The pages that show something, each with a token of its own.
    PREFERENCES = "preferences"
    HISTORY = "history"
    COPY = "copy"
    ERASE = "erase"


# How long a page can be opened: that of a mail as long as the mail may be looked at again, those it
# leads to while somebody sits before them.
LASTS: Final = {
    TokenPurpose.PREFERENCES: timedelta(days=60),
    TokenPurpose.HISTORY: timedelta(hours=24),
    TokenPurpose.COPY: timedelta(hours=1),
    TokenPurpose.ERASE: timedelta(hours=1),
}


VISITOR: Final = struct.Struct(">iq")
VISITOR_LASTS: Final = timedelta(hours=24)


class ExpiredToken(BadToken):
    """A token was ours and whole, but its time is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """The message a token names; for a click the link, for a page until when it opens."""

    workspace_id: int
    message_id: int
    link_id: int | None = None
    until: datetime | None = None


def sign_message(vault: Vault, purpose: TokenPurpose, *, workspace_id: int, message_id: int) -> str:
    return vault.sign(purpose, MESSAGE.pack(workspace_id, message_id))


def sign_click(vault: Vault, *, workspace_id: int, message_id: int, link_id: int) -> str:
    return vault.sign(TokenPurpose.CLICK, CLICK.pack(workspace_id, message_id, link_id))


def sign_page(
    vault: Vault, purpose: TokenPurpose, *, workspace_id: int, message_id: int, now: datetime
) -> str:
    """Return what opens a page of ``LASTS`` from ``now`` on, for as long as that says."""
    until = now + LASTS[purpose]
    return vault.sign(purpose, PAGE.pack(workspace_id, message_id, int(until.timestamp())))


def sign_next(vault: Vault, purpose: TokenPurpose, *, named: Reference, now: datetime) -> str:
    """Return what opens another page about the same message, never longer than the page it is on.

    Else whoever holds an old link could make it last for ever.
    """
    until = min(now + LASTS[purpose], named.until or now)
    payload = PAGE.pack(named.workspace_id, named.message_id, int(until.timestamp()))
    return vault.sign(purpose, payload)


def sign_visitor(vault: Vault, *, workspace_id: int, user_id: str, now: datetime) -> str:
    """Return what proves to us for ``VISITOR_LASTS`` that a page's visitor is this customer."""
    until = int((now + VISITOR_LASTS).timestamp())
    return vault.sign(TokenPurpose.VISITOR, VISITOR.pack(workspace_id, until) + user_id.encode())


def read_visitor(vault: Vault, token: str, *, workspace_id: int, now: datetime) -> str:
    """Return the external id of whom a visitor's token names.

    Raises:
        ExpiredToken: its time is over.
        BadToken: it is not ours, was altered, or is of another shop.
    """
    payload = vault.unsign(TokenPurpose.VISITOR, token)
    try:
        named, until = VISITOR.unpack(payload[: VISITOR.size])
        user_id = payload[VISITOR.size :].decode()
    except (struct.error, UnicodeDecodeError):
        raise BadToken("The token is incomplete.") from None
    if named != workspace_id:
        raise BadToken("The token is of another shop.")
    if datetime.fromtimestamp(until, UTC) <= now:
        raise ExpiredToken("The token is too old: ask for another.")
    return user_id


def read_page_token(vault: Vault, purpose: TokenPurpose, token: str, *, now: datetime) -> Reference:
    """Return what a page's token names.

    Raises:
        ExpiredToken: its time is over.
        BadToken: it is not ours, was altered, or was made for another page.
    """
    try:
        workspace_id, message_id, until = PAGE.unpack(vault.unsign(purpose, token))
    except struct.error:
        raise BadToken("The link is incomplete.") from None
    ends = datetime.fromtimestamp(until, UTC)
    if ends <= now:
        raise ExpiredToken("The link is too old.")
    return Reference(workspace_id=workspace_id, message_id=message_id, until=ends)


def read_token(vault: Vault, purpose: TokenPurpose, token: str) -> Reference:
    """Return what a token names.

    Raises:
        BadToken: it is not ours, was altered, or was made for another purpose.
    """
    payload = vault.unsign(purpose, token)
    link_id: int | None = None
    try:
        if purpose is TokenPurpose.CLICK:
            workspace_id, message_id, link_id = CLICK.unpack(payload)
        else:
            workspace_id, message_id = MESSAGE.unpack(payload)
    except struct.error:
        raise BadToken("The link is incomplete.") from None
    return Reference(workspace_id=workspace_id, message_id=message_id, link_id=link_id)
