"""A browser's subscription: where to push to, and for whose eyes."""

from dataclasses import dataclass, field
from typing import Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey

from dangol.providers.jwt import from_base64url

AUTH_BYTES: Final = 16
LONGEST: Final = 4_000


class Keys(msgspec.Struct, frozen=True):
    """The browser's public key and its secret, in base64url."""

    p256dh: str
    auth: str


class Told(msgspec.Struct, frozen=True):
    """What ``PushSubscription.toJSON()`` gives."""

    endpoint: str
    keys: Keys


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A subscription whose keys are keys."""

    endpoint: str
    public: EllipticCurvePublicKey
    # As it goes into the sealing: 65 bytes, uncompressed.
    public_bytes: bytes
    auth: bytes = field(repr=False)


def read_subscription(text: str) -> Subscription:
    """Read a subscription as a browser writes it.

    Raises:
        ValueError: naming what is wrong with it.
    """
    if len(text) > LONGEST:
        raise ValueError(f"the subscription has {len(text)} characters, at most {LONGEST} are read")
    try:
        told = msgspec.json.decode(text, type=Told)
    except msgspec.MsgspecError as fault:
        raise ValueError(
            f"the subscription is not what PushSubscription.toJSON() gives: {fault}"
        ) from fault
    try:
        public_bytes = from_base64url(told.keys.p256dh)
        public = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), public_bytes)
    except ValueError as fault:
        raise ValueError("keys.p256dh of the subscription is no public key on P-256") from fault
    try:
        auth = from_base64url(told.keys.auth)
    except ValueError as fault:
        raise ValueError("keys.auth of the subscription is no base64url") from fault
    if len(auth) != AUTH_BYTES:
        raise ValueError(f"keys.auth of the subscription has {len(auth)} bytes, not {AUTH_BYTES}")
    return Subscription(endpoint=told.endpoint, public=public, public_bytes=public_bytes, auth=auth)
