"""JSON Web Tokens that we sign to say who we are (RFC 7515, RFC 7518)."""

import base64
from collections.abc import Mapping
from typing import Final

import msgspec
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import load_pem_private_key

# The two numbers of a P-256 signature, each as long as this.
NUMBER_BYTES: Final = 32

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def base64url(data: bytes) -> str:
    """Write bytes as base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """Read base64url, padded or not.

    Raises:
        ValueError: it is none.
    """
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def read_private_key(pem: bytes) -> Key:
    """Read an RSA key, or an elliptic one on P-256.

    Raises:
        ValueError: it is neither; the text says what to give instead.
    """
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as fault:
        raise ValueError("is no private key in PEM form without a password") from fault
    if isinstance(key, rsa.RSAPrivateKey):
        return key
    if isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1):
        return key
    raise ValueError("is a private key of another kind; give RSA, or elliptic on P-256")


def sign_jwt(key: Key, *, header: Mapping[str, str], claims: Mapping[str, str | int]) -> str:
    """Sign claims: RS256 with an RSA key, ES256 with an elliptic one."""
    algorithm = "RS256" if isinstance(key, rsa.RSAPrivateKey) else "ES256"
    parts = ({"alg": algorithm, **header}, claims)
    signed = ".".join(base64url(msgspec.json.encode(part)) for part in parts)
    return f"{signed}.{base64url(sign(key, signed.encode()))}"


def sign(key: Key, data: bytes) -> bytes:
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    numbers = decode_dss_signature(key.sign(data, ec.ECDSA(hashes.SHA256())))
    return b"".join(number.to_bytes(NUMBER_BYTES) for number in numbers)
