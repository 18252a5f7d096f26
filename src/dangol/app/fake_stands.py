"""The fakes of vendors abroad for `dangol fake-vendors`: push services and ad networks.

They answer by what is called: the end of a device's token, an audience's id.
docs/guides/vendors.md.
"""

import ssl
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final, cast

import msgspec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from dangol.providers.apns.fake import FakeApns
from dangol.providers.fcm.fake import FakeFcm
from dangol.providers.googleads.fake import FakeGoogleAds
from dangol.providers.meta.fake import FakeMeta
from dangol.providers.webpush.fake import FakePushService, Pushed
from dangol.providers.wire.call import Json

NO_SETTINGS: Final[Mapping[str, str]] = {}
SECRET_MODE: Final = 0o600


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """One fake: what makes Dangol use it, what to try, and what it took."""

    name: str
    url: str
    show: Callable[[], Sequence[object]]
    settings: Mapping[str, str] = field(default_factory=lambda: NO_SETTINGS)
    hint: str = ""

    def received(self, most: int) -> list[Json]:
        """Return the last things it took, the newest first."""
        taken = list(self.show())[-most:]
        return [cast("Json", msgspec.json.decode(msgspec.json.encode(one))) for one in taken[::-1]]


# Each is given the stack to start on, the clock, a port (0: any that is free) and a folder.
Opening = Callable[[ExitStack, Callable[[], datetime], int, Path], Stand]


def open_fcm(stack: ExitStack, _clock: Callable[[], datetime], port: int, folder: Path) -> Stand:
    fake = FakeFcm(port=port)
    _ = stack.enter_context(fake)
    account = write_secret(folder / "fcm.json", fake.account_file)
    return Stand(
        name="fcm",
        url=fake.url,
        show=lambda: fake.messages,
        settings={
            "DANGOL_FCM_ACCOUNT_FILE": account,
            "DANGOL_FCM_URL": fake.url,
            "DANGOL_EGRESS_LOOPBACK": "true",
        },
        hint="any token; one that ends in -UNREGISTERED is an app that is gone",
    )


def open_apns(stack: ExitStack, clock: Callable[[], datetime], port: int, folder: Path) -> Stand:
    fake = FakeApns(clock=clock, port=port)
    _ = stack.enter_context(fake)
    trusted = read_trusted() + fake.certificate
    return Stand(
        name="apns",
        url=fake.url,
        show=lambda: [
            {"device": one.device, "headers": one.headers, "payload": msgspec.Raw(one.payload)}
            for one in fake.notes
        ],
        settings={
            "DANGOL_APNS_KEY_FILE": write_secret(folder / "apns.p8", fake.key_pem),
            "DANGOL_APNS_KEY_ID": fake.key_id,
            "DANGOL_APNS_TEAM_ID": fake.team_id,
            "DANGOL_APNS_TOPIC": fake.topic,
            "DANGOL_APNS_URL": fake.url,
            # Not of Dangol: whom TLS believes, and now also this fake.
            "SSL_CERT_FILE": write_secret(folder / "trusted.pem", trusted),
        },
        hint=f"{fake.device(1)} is a device; one that ends in e1 has removed the app",
    )


def open_webpush(stack: ExitStack, clock: Callable[[], datetime], port: int, folder: Path) -> Stand:
    fake = FakePushService(clock=clock, port=port)
    _ = stack.enter_context(fake)
    key = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return Stand(
        name="webpush",
        url=fake.url,
        show=lambda: [show_pushed(one) for one in fake.messages],
        settings={
            "DANGOL_WEBPUSH_KEY_FILE": write_secret(folder / "webpush.pem", key),
            "DANGOL_WEBPUSH_CONTACT": "mailto:ops@shop.example",
        },
        hint=f"{fake.subscribe('browser')} is a browser; /push/browser-410 has unsubscribed",
    )


def show_pushed(pushed: Pushed) -> Json:
    plain = pushed.plain.decode(errors="replace")
    return {"path": pushed.path, "plain": plain, "ttl": pushed.ttl, "urgency": pushed.urgency}


def open_meta(stack: ExitStack, _clock: Callable[[], datetime], port: int, _folder: Path) -> Stand:
    fake = FakeMeta(port=port)
    _ = stack.enter_context(fake)
    return Stand(
        name="meta",
        url=fake.url,
        show=lambda: [
            {"audience": name, "members": sorted(rows)} for name, rows in fake.members.items()
        ],
        settings={"DANGOL_META_TOKEN": fake.token, "DANGOL_META_URL": fake.url},
        hint="any audience; error-190 gives that error, limit-2 takes two calls of three",
    )


def open_google(stack: ExitStack, _clock: Callable[[], datetime], port: int, folder: Path) -> Stand:
    fake = FakeGoogleAds(port=port)
    _ = stack.enter_context(fake)
    # Google's sign-in is the same for all its services, and this one lends tokens.
    signing_in = FakeFcm(scope="datamanager")
    _ = stack.enter_context(signing_in)
    return Stand(
        name="google",
        url=fake.url,
        show=lambda: [
            {"audience": name, "members": sorted(hashes)} for name, hashes in fake.members.items()
        ],
        settings={
            "DANGOL_GOOGLE_ADS_ACCOUNT_FILE": write_secret(
                folder / "google.json", signing_in.account_file
            ),
            "DANGOL_GOOGLE_ADS_ACCOUNT_ID": "1234567890",
            "DANGOL_GOOGLE_ADS_URL": fake.url,
        },
        hint="any audience; error-403 gives that status, expire-2 takes two calls",
    )


# A fake of another vendor is added by one line.
STANDS: Final[tuple[Opening, ...]] = (
    open_fcm,
    open_apns,
    open_webpush,
    open_meta,
    open_google,
)


def write_secret(path: Path, content: bytes) -> str:
    """Write a file that its owner alone may read; return where it is."""
    path.touch(mode=SECRET_MODE)
    _ = path.write_bytes(content)
    return str(path)


def read_trusted() -> bytes:
    """Return the certificates that TLS believes on this machine already."""
    known = ssl.get_default_verify_paths().cafile
    return Path(known).read_bytes() + b"\n" if known else b""
