"""Whether what was posted is the service's own: by password, by shared key, by public key."""

import base64
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key

from dangol.providers.http_mail.service import Proof

WINDOW: Final = timedelta(minutes=5)
KEY_PREFIX: Final = "whsec_"
ECDSA_SIGNATURE: Final = "x-twilio-email-event-webhook-signature"
ECDSA_TIMESTAMP: Final = "x-twilio-email-event-webhook-timestamp"


def is_genuine(
    headers: Mapping[str, str], body: bytes, *, proof: Proof, secret: str, now: datetime
) -> bool:
    """Tell whether a post proves to be the service's; names of headers are in lower case."""
    if not secret:
        return False
    if proof is Proof.BASIC:
        return shows_password(headers, secret=secret)
    if proof is Proof.SVIX:
        return is_signed(headers, body, secret=secret, now=now)
    return is_signed_publicly(headers, body, key=secret)


def shows_password(headers: Mapping[str, str], *, secret: str) -> bool:
    wanted = f"Basic {base64.b64encode(secret.encode()).decode()}"
    return hmac.compare_digest(headers.get("authorization", "").encode(), wanted.encode())


def is_signed(headers: Mapping[str, str], body: bytes, *, secret: str, now: datetime) -> bool:
    """Tell whether one of the signatures fits, and is not older than five minutes."""
    name, stamp = headers.get("svix-id", ""), headers.get("svix-timestamp", "")
    if not (name and stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):  # noqa: PLR2004 - seconds
        return False
    if abs(now.timestamp() - int(stamp)) > WINDOW.total_seconds():
        return False
    try:
        key = base64.b64decode(secret.removeprefix(KEY_PREFIX), validate=True)
    except ValueError:
        return False
    signed = hmac.digest(key, f"{name}.{stamp}.".encode() + body, sha256)
    wanted = f"v1,{base64.b64encode(signed).decode()}".encode()
    shown = headers.get("svix-signature", "").split()
    return any(hmac.compare_digest(one.encode(), wanted) for one in shown)


def is_signed_publicly(headers: Mapping[str, str], body: bytes, *, key: str) -> bool:
    """Tell whether the signature fits.

    Its time is not looked at: a service tells old events again, and the same one counts once.
    """
    try:
        public = load_der_public_key(base64.b64decode(key, validate=True))
        signature = base64.b64decode(headers.get(ECDSA_SIGNATURE, ""), validate=True)
        if not isinstance(public, ec.EllipticCurvePublicKey):
            return False
        stamp = headers.get(ECDSA_TIMESTAMP, "").encode()
        public.verify(signature, stamp + body, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True
