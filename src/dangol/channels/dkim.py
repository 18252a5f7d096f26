"""Signs mail for its domain (DKIM: RFC 6376, RFC 8463), so that nobody alters it on its way.

Both canonicalisations are relaxed. Of the body nothing is left to canonicalise: our parts are
base64 in whole lines, without spaces at line ends and with one line break at the end (``mime``).
"""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa

# What mail programs show or act on. A name stands once more than the header does, so that a second
# header of that name, or a first one where there was none, breaks the signature (RFC 6376, 8.15).
SIGNED: Final = (
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "mime-version",
    "content-type",
    "feedback-id",
    "list-unsubscribe",
    "list-unsubscribe-post",
)
ONCE_MORE: Final = ("from", "to", "subject", "list-unsubscribe", "list-unsubscribe-post")
NAMES: Final = ":".join((*SIGNED, *ONCE_MORE))
SPACES: Final = re.compile(rb"[ \t]+")
LINE_CHARACTERS: Final = 72
RSA_BITS: Final = 2048
PADDING: Final = padding.PKCS1v15()
DIGEST: Final = hashes.SHA256()

PrivateKey = rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Signer:
    """A domain's key, under the name (selector) by which receivers find its other half."""

    domain: str
    selector: str
    key: PrivateKey

    @property
    def algorithm(self) -> str:
        """The name of the algorithm in a signature."""
        return f"{kind_of(self.key)}-sha256"

    def sign(self, head: bytes, body: bytes, *, now: datetime) -> bytes:
        """Return the DKIM-Signature header of a mail of ours, with its line break."""
        return self.sign_relaxed(relax_headers(head), body_hash=hash_body(body), now=now)

    def sign_relaxed(self, relaxed: bytes, *, body_hash: str, now: datetime) -> bytes:
        """Return the header for what ``relax_headers`` and ``hash_body`` have made."""
        stamp = (
            f"v=1; a={self.algorithm}; c=relaxed/relaxed; d={self.domain}; s={self.selector}; "
            f"t={int(now.timestamp())}; h={NAMES}; bh={body_hash}; b="
        )
        written = self._sign(relaxed + b"dkim-signature:" + stamp.encode())
        encoded = base64.b64encode(written).decode()
        lines = [
            encoded[at : at + LINE_CHARACTERS] for at in range(0, len(encoded), LINE_CHARACTERS)
        ]
        folded = stamp.replace("; h=", ";\r\n h=").replace("; bh=", ";\r\n bh=")
        return "\r\n ".join((f"DKIM-Signature: {folded}", *lines, "")).removesuffix(" ").encode()

    def _sign(self, data: bytes) -> bytes:
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(data, PADDING, DIGEST)
        # RFC 8463, 3: what is signed is the hash.
        return self.key.sign(sha256(data).digest())


def sign_mail(head: bytes, body: bytes, *, signers: Sequence[Signer], now: datetime) -> bytes:
    """Return one DKIM-Signature header for each signer; nothing where there is none."""
    if not signers:
        return b""
    relaxed, body_hash = relax_headers(head), hash_body(body)
    return b"".join(
        signer.sign_relaxed(relaxed, body_hash=body_hash, now=now) for signer in signers
    )


def relax_headers(head: bytes) -> bytes:
    """Return the signed headers in their order, relaxed; each stands once in a mail of ours."""
    found: dict[bytes, bytes] = {}
    unfolded = head.replace(b"\r\n ", b" ")
    if b"  " in unfolded or b"\t" in unfolded:
        unfolded = SPACES.sub(b" ", unfolded)
    for line in unfolded.split(b"\r\n"):
        name, _, value = line.partition(b":")
        found[name.strip().lower()] = value.strip()
    return b"".join(name + b":" + found[name] + b"\r\n" for name in SIGNED_BYTES if name in found)


def hash_body(body: bytes) -> str:
    return base64.b64encode(sha256(body).digest()).decode()


SIGNED_BYTES: Final = tuple(name.encode() for name in SIGNED)


def kind_of(key: PrivateKey) -> str:
    """Return ``rsa`` or ``ed25519``."""
    return "rsa" if isinstance(key, rsa.RSAPrivateKey) else "ed25519"


def make_key(kind: str) -> PrivateKey:
    """Make a key of that kind, ``rsa`` (which everybody can check) or ``ed25519``."""
    if kind == "ed25519":
        return ed25519.Ed25519PrivateKey.generate()
    return rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)


def public_record(key: PrivateKey) -> str:
    """Return what stands in the domain's DNS (TXT) under ``SELECTOR._domainkey``."""
    public = key.public_key()
    if isinstance(public, rsa.RSAPublicKey):
        raw = public.public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    else:
        raw = public.public_bytes_raw()
    return f"v=DKIM1; k={kind_of(key)}; p={base64.b64encode(raw).decode()}"


def write_key(key: PrivateKey) -> bytes:
    """Return the key as PEM, not encrypted."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def read_key(pem: bytes) -> PrivateKey:
    """Read a key from PEM.

    Raises:
        ValueError: it is no RSA or Ed25519 key, or an RSA key shorter than 1024 bits.
    """
    key = serialization.load_pem_private_key(pem, password=None)
    if not isinstance(key, PrivateKey):
        raise ValueError("it is neither an RSA nor an Ed25519 key")  # noqa: TRY004 - a value
    return key


def signers_for(domain: str, signers: Sequence[Signer]) -> tuple[Signer, ...]:
    """Return who signs for a domain: its own keys, else those of the nearest domain above it."""
    while "." in domain:
        found = tuple(signer for signer in signers if signer.domain == domain)
        if found:
            return found
        domain = domain.partition(".")[2]
    return ()
