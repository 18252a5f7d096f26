"""Messages that only the browser can read: aes128gcm (RFC 8188) as Web Push uses it (RFC 8291)."""

from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SALT_BYTES: Final = 16
RECORD_BYTES: Final = 4_096
POINT_BYTES: Final = 65
# Salt, record size, length of the key's name, and as its name our public key.
HEAD_BYTES: Final = SALT_BYTES + 4 + 1 + POINT_BYTES
TAG_BYTES: Final = 16
# Ends the last record; there is no other.
LAST_RECORD: Final = b"\x02"
# What push services must take (RFC 8291, section 4), less what sealing adds.
PLAIN_MAX: Final = RECORD_BYTES - HEAD_BYTES - TAG_BYTES - len(LAST_RECORD)


def seal(
    plain: bytes,
    *,
    public: ec.EllipticCurvePublicKey,
    auth: bytes,
    key: ec.EllipticCurvePrivateKey,
    salt: bytes,
) -> bytes:
    """Seal up to ``PLAIN_MAX`` bytes; ``key`` and ``salt`` must never be used twice."""
    ours = point_of(key.public_key())
    content_key, nonce = derive(
        key.exchange(ec.ECDH(), public), auth=auth, salt=salt, theirs=point_of(public), ours=ours
    )
    head = salt + RECORD_BYTES.to_bytes(4) + bytes([POINT_BYTES]) + ours
    return head + AESGCM(content_key).encrypt(nonce, plain + LAST_RECORD, None)


def unseal(sealed: bytes, *, key: ec.EllipticCurvePrivateKey, auth: bytes) -> bytes:
    """Open what ``seal`` made, as the browser with this key does.

    Raises:
        ValueError: it was sealed for another key, or changed on the way.
    """
    salt, ours = sealed[:SALT_BYTES], sealed[HEAD_BYTES - POINT_BYTES : HEAD_BYTES]
    sender = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), ours)
    content_key, nonce = derive(
        key.exchange(ec.ECDH(), sender),
        auth=auth,
        salt=salt,
        theirs=point_of(key.public_key()),
        ours=ours,
    )
    try:
        plain = AESGCM(content_key).decrypt(nonce, sealed[HEAD_BYTES:], None)
    except InvalidTag as fault:
        raise ValueError("the message was sealed for another key") from fault
    return plain.rstrip(b"\0").removesuffix(LAST_RECORD)


def derive(
    shared: bytes, *, auth: bytes, salt: bytes, theirs: bytes, ours: bytes
) -> tuple[bytes, bytes]:
    """Return the key and the nonce (RFC 8291, section 3.4)."""
    secret = expand(shared, salt=auth, info=b"WebPush: info\0" + theirs + ours, length=32)
    return (
        expand(secret, salt=salt, info=b"Content-Encoding: aes128gcm\0", length=16),
        expand(secret, salt=salt, info=b"Content-Encoding: nonce\0", length=12),
    )


def expand(secret: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)


def point_of(public: ec.EllipticCurvePublicKey) -> bytes:
    return public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
