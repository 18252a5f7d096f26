"""Contact data is sealed at rest, found by a keyed hash, and never stands in a link."""

import base64
import hmac
import os
import re
from functools import cache
from hashlib import blake2b, sha256
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16
EMAIL: Final = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\".]+(\.[^@\s,;<>\".]+)+")


class BadToken(Exception):  # noqa: N818 - it is the token that is bad
    """A token is not ours, was altered, or was made for something else."""


class Vault:
    """Seals, finds and signs under keys derived from one master key.

    Each workspace has its own sealing key and its own lookup key, so that equal addresses in two
    workspaces look unrelated. Sealing is AES-256-GCM-SIV (RFC 8452), lookup is keyed BLAKE2b,
    signing is HMAC-SHA256 with a 128-bit tag.
    """

    def __init__(self, master_key: bytes) -> None:
        if len(master_key) != KEY_BYTES:
            raise ValueError(f"The master key must be {KEY_BYTES} bytes, not {len(master_key)}.")
        self._master = master_key
        # A derived key never changes, so each is made once per process.
        self._derive = cache(self._derive_once)
        self._cipher = cache(self._make_cipher)

    def seal(self, workspace_id: int, kind: str, value: str) -> bytes:
        """Encrypt ``value``, bound to its workspace and kind: nonce, then ciphertext and tag."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._cipher(workspace_id).encrypt(nonce, value.encode(), kind.encode())
        return nonce + sealed

    def open(self, workspace_id: int, kind: str, sealed: bytes) -> str:
        """Decrypt what ``seal`` returned.

        Raises:
            BadToken: it was altered, or sealed for another workspace, kind or master key.
        """
        try:
            return (
                self._cipher(workspace_id)
                .decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], kind.encode())
                .decode()
            )
        except InvalidTag:
            raise BadToken(
                "Sealed contact data cannot be opened: the key file is not the one it was sealed "
                "with. Restore the dangol.key of this data."
            ) from None

    def key(self, workspace_id: int, kind: str, value: str) -> str:
        """Hash a normalised value for lookup: 32 hexadecimal digits."""
        secret = self._derive(f"lookup:{workspace_id}")
        return blake2b(f"{kind}:{value}".encode(), key=secret, digest_size=16).hexdigest()

    def sign(self, purpose: str, payload: bytes) -> str:
        """Return a URL-safe token that only we can make, good for one purpose."""
        return base64.urlsafe_b64encode(payload + self._tag(purpose, payload)).decode().rstrip("=")

    def unsign(self, purpose: str, token: str) -> bytes:
        """Return the payload of a token.

        Raises:
            BadToken: it is not ours, was altered, or was made for another purpose.
        """
        try:
            raw = base64.urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
        except ValueError:
            raise BadToken("The link is incomplete.") from None
        payload, tag = raw[:-TAG_BYTES], raw[-TAG_BYTES:]
        if not hmac.compare_digest(tag, self._tag(purpose, payload)):
            raise BadToken("The link was altered or is not ours.")
        return payload

    def _tag(self, purpose: str, payload: bytes) -> bytes:
        return hmac.digest(self._derive(f"sign:{purpose}"), payload, sha256)[:TAG_BYTES]

    def _make_cipher(self, workspace_id: int) -> AESGCMSIV:
        return AESGCMSIV(self._derive(f"seal:{workspace_id}"))

    def _derive_once(self, label: str) -> bytes:
        return hmac.digest(self._master, label.encode(), sha256)


def normalize_email(value: str) -> str:
    """Return the form under which an e-mail address is found again: trimmed and lower case.

    Raises:
        ValueError: it is no e-mail address.
    """
    address = value.strip().lower()
    if not EMAIL.fullmatch(address):
        raise ValueError(f"email {value!r} is not an e-mail address; write it as name@example.com.")
    return address
