"""Push by whichever service a device is reached through: Apple, Google, or a browser's own."""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec

from dangol.app.problem import ProblemError
from dangol.app.settings import Settings
from dangol.providers.apns.sender import URLS, ApnsSender, Apple
from dangol.providers.each import outcome_of_fault
from dangol.providers.fcm.sender import URL as FCM_URL
from dangol.providers.fcm.sender import FcmSender, Firebase
from dangol.providers.google import Account, read_account
from dangol.providers.jwt import Key, read_private_key
from dangol.providers.vendor import FaultKind, Outcome, Outgoing, Sender
from dangol.providers.webpush.sender import Vapid, WebPushSender

# Apple's tokens are 32 bytes today and may grow.
APPLE_TOKEN: Final = re.compile(r"[0-9A-Fa-f]{64,200}")


class Service(StrEnum):
    """Through whom a device is reached."""

    FCM = "fcm"
    APNS = "apns"
    WEBPUSH = "webpush"


def service_of(token: str) -> Service:
    """Tell by its form whose a token is: a subscription is JSON, Apple's are hexadecimal."""
    if token.startswith("{"):
        return Service.WEBPUSH
    return Service.APNS if APPLE_TOKEN.fullmatch(token) else Service.FCM


class PushSender:
    """Hands each message to the service of its device."""

    def __init__(self, senders: Mapping[Service, Sender]) -> None:
        self._senders: Final = senders

    async def send(self, messages: Sequence[Outgoing]) -> list[Outcome]:
        """Hand over all messages; those of a service that is not set up wait for it."""
        of: dict[Service, list[Outgoing]] = {}
        for message in messages:
            of.setdefault(service_of(message.recipient), []).append(message)
        answers = await asyncio.gather(*(self._send(service, part) for service, part in of.items()))
        return [outcome for part in answers for outcome in part]

    def reaches_unseen(self, token: str) -> bool:
        """Tell whether a device takes what shows nothing; browsers punish it."""
        service = service_of(token)
        return service is not Service.WEBPUSH and service in self._senders

    async def _send(self, service: Service, messages: Sequence[Outgoing]) -> list[Outcome]:
        if sender := self._senders.get(service):
            return await sender.send(messages)
        # Not the whole channel's fault: the devices of other services are still reached.
        detail = f"{service} is not set up; see docs/guides/push.md"
        return [
            replace(
                outcome_of_fault(message, FaultKind.TRANSIENT, code="not_set_up", detail=detail),
                vendor_id=message.vendor_id,
            )
            for message in messages
        ]


def open_push(settings: Settings, *, clock: Callable[[], datetime]) -> PushSender | None:
    """Return what sends push, or None where no service is set up.

    Raises:
        ProblemError: a setting is wrong; naming it and the remedy.
    """
    senders: dict[Service, Sender] = {}
    if settings.fcm_account_file:
        senders[Service.FCM] = FcmSender(read_firebase(settings), clock=clock)
    if settings.apns_key_file:
        senders[Service.APNS] = ApnsSender(read_apple(settings), clock=clock)
    if settings.webpush_key_file:
        senders[Service.WEBPUSH] = WebPushSender(read_vapid(settings), clock=clock)
    return PushSender(senders) if senders else None


def read_firebase(settings: Settings) -> Firebase:
    """Read what is set of FCM; raises ProblemError as ``open_push`` does."""
    return Firebase(
        account=read_firebase_account(settings),
        url=settings.fcm_url or FCM_URL,
        loopback=settings.egress_loopback,
    )


def read_firebase_account(settings: Settings) -> Account:
    path = settings.fcm_account_file
    try:
        return read_account(read_file("fcm_account_file", path))
    except ValueError as fault:
        raise ProblemError(f"The setting fcm_account_file: {path} {fault}.") from fault


def read_apple(settings: Settings) -> Apple:
    """Read what is set of APNs; raises ProblemError as ``open_push`` does."""
    for name in ("apns_key_id", "apns_team_id", "apns_topic"):
        if not getattr(settings, name):
            raise ProblemError(
                f"The setting {name} is empty, and apns_key_file is set. "
                f"Set DANGOL_{name.upper()}; docs/guides/push.md says where Apple shows it."
            )
    return Apple(
        key=read_elliptic_key("apns_key_file", settings.apns_key_file),
        key_id=settings.apns_key_id,
        team_id=settings.apns_team_id,
        topic=settings.apns_topic,
        url=settings.apns_url or URLS[settings.apns_environment],
        loopback=settings.egress_loopback,
    )


def read_vapid(settings: Settings) -> Vapid:
    """Read what is set of Web Push; raises ProblemError as ``open_push`` does."""
    contact = settings.webpush_contact
    if not contact.startswith(("mailto:", "https://")):
        raise ProblemError(
            f"The setting webpush_contact is {contact!r}. Write mailto:somebody@your.shop or an "
            "https:// address: push services turn to it."
        )
    return Vapid(
        key=read_elliptic_key("webpush_key_file", settings.webpush_key_file),
        contact=contact,
        loopback=settings.egress_loopback,
    )


def read_elliptic_key(name: str, path: str) -> ec.EllipticCurvePrivateKey:
    try:
        key: Key = read_private_key(read_file(name, path))
    except ValueError as fault:
        raise ProblemError(f"The setting {name}: {path} {fault}.") from fault
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key
    raise ProblemError(f"The setting {name}: {path} is an RSA key. Give an elliptic one on P-256.")


def read_file(name: str, path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as fault:
        raise ProblemError(
            f"The setting {name} names {path}, which cannot be read: {fault.strerror}. "
            "Correct the path, or allow reading it."
        ) from fault
