"""Contact data is sealed at rest, found by a keyed hash, and never stands in a link.

Three layers of keys. Master keys lie in a file. From each comes one key per workspace, under which
the inbox's contacts and the shops' secrets are sealed. Each customer has a random key of their own,
kept sealed under the workspace's: what is stored for long about them is sealed under it, so that
destroying those few bytes makes all of it unreadable, in every copy.
"""

import base64
import hmac
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b, sha256
from typing import Final, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16
# In front of what is sealed: which master key it needs. Three bytes are four characters of base64,
# so that a statement can tell by the first four what an older key has sealed.
VERSION_BYTES: Final = 3
FIRST_VERSION: Final = 1
AS_CUSTOMER_KEY: Final = "customer_key"
EMAIL: Final = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\".]+(\.[^@\s,;<>\".]+)+")


class BadToken(Exception):  # noqa: N818 - it is the token that is bad
    """A token is not ours, was altered, or was made for something else."""


class MissingKeyError(Exception):
    """Something is sealed under a master key that the key file does not hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """The master keys by version, and the secret behind lookups and links.

    The newest key seals; older ones open until nothing needs them. ``names`` comes from the first
    key and is never replaced: suppressions hold nothing but hashes made with it.
    """

    names: bytes
    masters: Mapping[int, bytes]

    @property
    def newest(self) -> int:
        """The version that seals."""
        return max(self.masters)

    def proof(self, version: int) -> bytes:
        """Return what tells a master key from any other, and nothing about it."""
        return derive(self.masters[version], "proof")[:TAG_BYTES]

    @classmethod
    def first(cls, master_key: bytes) -> "Ring":
        """Return the ring that begins with this key.

        Raises:
            ValueError: it has not the length of a key.
        """
        if len(master_key) != KEY_BYTES:
            raise ValueError(f"The master key must be {KEY_BYTES} bytes, not {len(master_key)}.")
        return cls(names=derive(master_key, "names"), masters={FIRST_VERSION: master_key})


@dataclass(frozen=True, slots=True)
class CustomerKey:
    """One customer's own key, unwrapped for the moment; never stored like this."""

    secret: bytes

    def seal(self, kind: str, value: str) -> bytes:
        """Encrypt ``value``, bound to its kind: nonce, then ciphertext and tag."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + AESGCMSIV(self.secret).encrypt(nonce, value.encode(), kind.encode())

    def open(self, kind: str, sealed: bytes) -> str:
        """Decrypt what ``seal`` returned.

        Raises:
            BadToken: it was altered, or sealed for another customer or kind.
        """
        return decrypt(AESGCMSIV(self.secret), sealed, kind.encode()).decode()


class Vault:
    """Seals, finds and signs under keys derived from the master keys.

    Each workspace has its own sealing key and its own lookup key, so that equal addresses in two
    workspaces look unrelated. Sealing is AES-256-GCM-SIV (RFC 8452), lookup is keyed BLAKE2b,
    signing is HMAC-SHA256 with a 128-bit tag.
    """

    def __init__(self, keys: bytes | Callable[[], Ring]) -> None:
        """Take a first master key, or what returns the ring as it is now.

        The ring is asked for at every sealing, so that a new key is used from the moment it is in
        the file.
        """
        ring = Ring.first(keys) if isinstance(keys, bytes) else None
        self._ring: Final = keys if callable(keys) else lambda: cast("Ring", ring)
        self._names: Final = self._ring().names
        # A derived key never changes, so each is made once per process.
        self._derive = cache(self._derive_once)
        self._cipher = cache(self._make_cipher)

    @property
    def ring(self) -> Ring:
        """The master keys as they are now."""
        return self._ring()

    def seal(self, workspace_id: int, kind: str, value: str) -> bytes:
        """Encrypt ``value`` under the workspace's newest key, bound to its kind."""
        return self._seal(workspace_id, kind, value.encode())

    def open(self, workspace_id: int, kind: str, sealed: bytes) -> str:
        """Decrypt what ``seal`` returned.

        Raises:
            BadToken: it was altered, or sealed for another workspace, kind or master key.
            MissingKeyError: its master key is not in the key file.
        """
        return self._open(workspace_id, kind, sealed).decode()

    def make_key(self, workspace_id: int) -> tuple[CustomerKey, bytes]:
        """Make a customer's key; return it, and wrapped as it is stored."""
        key = CustomerKey(os.urandom(KEY_BYTES))
        return key, self.wrap(workspace_id, key)

    def wrap(self, workspace_id: int, key: CustomerKey) -> bytes:
        """Seal a customer's key under the workspace's newest."""
        return self._seal(workspace_id, AS_CUSTOMER_KEY, key.secret)

    def unwrap(self, workspace_id: int, wrapped: bytes) -> CustomerKey:
        """Return a customer's key; raises what ``open`` raises."""
        return CustomerKey(self._open(workspace_id, AS_CUSTOMER_KEY, wrapped))

    def open_for(self, workspace_id: int, kind: str, sealed: bytes, wrapped: bytes) -> str:
        """Decrypt what was sealed under a customer's key; raises what ``open`` raises."""
        return self.unwrap(workspace_id, wrapped).open(kind, sealed)

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
        # The decoder passes over what it does not know, and over bits that no byte needs.
        if base64.urlsafe_b64encode(raw).decode().rstrip("=") != token:
            raise BadToken("The link was altered or is not ours.")
        payload, tag = raw[:-TAG_BYTES], raw[-TAG_BYTES:]
        if not hmac.compare_digest(tag, self._tag(purpose, payload)):
            raise BadToken("The link was altered or is not ours.")
        return payload

    def _tag(self, purpose: str, payload: bytes) -> bytes:
        return hmac.digest(self._derive(f"sign:{purpose}"), payload, sha256)[:TAG_BYTES]

    def _seal(self, workspace_id: int, kind: str, value: bytes) -> bytes:
        version, nonce = self._ring().newest, os.urandom(NONCE_BYTES)
        sealed = self._cipher(version, workspace_id).encrypt(nonce, value, kind.encode())
        return version.to_bytes(VERSION_BYTES) + nonce + sealed

    def _open(self, workspace_id: int, kind: str, sealed: bytes) -> bytes:
        if (version := version_of(sealed)) < FIRST_VERSION:
            raise BadToken("This was not sealed by us.")
        cipher = self._cipher(version, workspace_id)
        return decrypt(cipher, sealed[VERSION_BYTES:], kind.encode())

    def _make_cipher(self, version: int, workspace_id: int) -> AESGCMSIV:
        master = self._ring().masters.get(version)
        if master is None:
            raise MissingKeyError(
                f"Something is sealed under master key {version}, which the key file does not "
                "hold. Put the newest dangol.key of this data in its place."
            )
        return AESGCMSIV(derive(master, f"seal:{workspace_id}"))

    def _derive_once(self, label: str) -> bytes:
        return derive(self._names, label)


def derive(key: bytes, label: str) -> bytes:
    """Return the key of that label below a key."""
    return hmac.digest(key, label.encode(), sha256)


def version_of(sealed: bytes) -> int:
    """Return the version of the master key under which a workspace's key has sealed this."""
    return int.from_bytes(sealed[:VERSION_BYTES])


def mark_of(version: int) -> str:
    """Return how everything sealed under this master key begins in base64."""
    return base64.b64encode(version.to_bytes(VERSION_BYTES)).decode()


def decrypt(cipher: AESGCMSIV, sealed: bytes, kind: bytes) -> bytes:
    """Decrypt nonce, ciphertext and tag.

    Raises:
        BadToken: they do not belong together under this key and kind.
    """
    try:
        return cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], kind)
    except (InvalidTag, ValueError):
        raise BadToken(
            "Sealed contact data cannot be opened: the key file is not the one it was sealed "
            "with. Restore the dangol.key of this data."
        ) from None


def normalize_email(value: str) -> str:
    """Return the form under which an e-mail address is found again: trimmed and lower case.

    Raises:
        ValueError: it is no e-mail address.
    """
    address = value.strip().lower()
    if not EMAIL.fullmatch(address):
        raise ValueError(f"email {value!r} is not an e-mail address; write it as name@example.com.")
    return address
