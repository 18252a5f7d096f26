"""What the links of a message carry: which message, which link, and our signature; no more.

A token is good for one purpose only: one that counts an opening cannot withdraw a consent.
"""

import struct
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from dangol.store.vault import BadToken, Vault

MESSAGE: Final = struct.Struct(">iq")
CLICK: Final = struct.Struct(">iqq")


class TokenPurpose(StrEnum):
    """What a token may be used for."""

    UNSUBSCRIBE = "unsubscribe"
    OPEN = "open"
    CLICK = "click"
    # Return path and Message-ID: what other servers quote when they report on a message.
    MESSAGE = "message"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """The message a token names, and for a click the link."""

    workspace_id: int
    message_id: int
    link_id: int | None = None


def sign_message(vault: Vault, purpose: TokenPurpose, *, workspace_id: int, message_id: int) -> str:
    return vault.sign(purpose, MESSAGE.pack(workspace_id, message_id))


def sign_click(vault: Vault, *, workspace_id: int, message_id: int, link_id: int) -> str:
    return vault.sign(TokenPurpose.CLICK, CLICK.pack(workspace_id, message_id, link_id))


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
