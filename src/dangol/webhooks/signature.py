"""Signatures as the Standard Webhooks specification has them."""

import base64
import hmac
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Final
from uuid import UUID

PREFIX: Final = "whsec_"
SECRET_BYTES: Final = 32


def make_secret() -> str:
    """Return a fresh secret, as it is shown to whoever checks signatures."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def webhook_id(ref: UUID) -> str:
    """Return what the receiver knows a call by, at every attempt."""
    return f"msg_{ref.hex}"


def sign(
    ref: UUID, body: bytes, *, secrets_in_use: Iterable[str], now: datetime
) -> Mapping[str, str]:
    """Return the headers that prove who calls, and when; one signature for each secret."""
    name, moment = webhook_id(ref), str(int(now.timestamp()))
    said = f"{name}.{moment}.".encode() + body
    return {
        "webhook-id": name,
        "webhook-timestamp": moment,
        "webhook-signature": " ".join(f"v1,{tag(secret, said)}" for secret in secrets_in_use),
    }


def tag(secret: str, said: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return base64.b64encode(hmac.digest(key, said, sha256)).decode()
