"""The vendors there are: one entry each. What is configured gets a chore of its own.

To add one: an entry in ``PROVIDERS`` that says which channels it carries, what it does with a call
that is repeated, and how it is opened from the settings (None where those do not name it).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from dangol.app.clock import machine_time
from dangol.app.mail_service import OTHER, find_mail_service
from dangol.app.problem import ProblemError
from dangol.app.push import open_push
from dangol.app.settings import PREFIX, Settings
from dangol.app.vendors import bizgo_account, nhn_account, ses_account, solapi_account
from dangol.channels.gate import Vendor
from dangol.providers.bizgo.sender import BizgoSender
from dangol.providers.each import Pace
from dangol.providers.http_mail.sender import HttpMailSender
from dangol.providers.nhn.sender import NhnSender
from dangol.providers.ses.sender import SesSender
from dangol.providers.smtp.sender import SmtpSender
from dangol.providers.smtp.server import parse_server
from dangol.providers.solapi.poll import SolapiAsker
from dangol.providers.solapi.sender import SolapiSender
from dangol.providers.vendor import Asker, Idempotency, Sender
from dangol.store.vocabulary import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A vendor as the delivery loop knows it."""

    name: str
    channels: tuple[Channel, ...]
    idempotency: Idempotency = Idempotency.NEITHER
    #: KEYED: how long after the first call the same key surely still means the same message.
    key_lasts: timedelta | None = None
    #: ASKABLE: how long after a call the vendor is sure to know whether it has the message.
    visible_after: timedelta = timedelta(minutes=2)
    #: Whether mail reaches receivers as we wrote it, so that our signature holds.
    keeps_mail: bool = True
    #: Whether "too much" is said of the receiver of one mail, not of all that we send.
    speaks_of_receivers: bool = False
    #: How many messages are marked as being called at a time; None for all that are claimed.
    share: int | None = None
    #: The settings that name it.
    named_by: tuple[str, ...] = ()
    #: Return who hands over, or None where the settings name no such vendor.
    open: Callable[[Settings], Sender | None] = lambda _: None
    #: ASKABLE: return who asks, or None.
    open_asker: Callable[[Settings], Asker | None] = lambda _: None

    @property
    def repeats_within(self) -> timedelta | None:
        """How long a call without an answer may be repeated; None where it may not."""
        return self.key_lasts if self.idempotency is Idempotency.KEYED else None


def open_smtp(settings: Settings) -> Sender | None:
    """Return the sender of the mail server that is set.

    Raises:
        ProblemError: the setting does not name one.
    """
    if not settings.smtp_url:
        return None
    try:
        return SmtpSender(parse_server(settings.smtp_url))
    except ValueError as error:
        raise ProblemError(str(error)) from error


def open_solapi(settings: Settings) -> Sender | None:
    account = solapi_account(settings)
    return account and SolapiSender(account)


def open_solapi_asker(settings: Settings) -> Asker | None:
    account = solapi_account(settings)
    return account and SolapiAsker(account)


def open_nhn(settings: Settings) -> Sender | None:
    account = nhn_account(settings)
    return account and NhnSender(account)


def open_bizgo(settings: Settings) -> Sender | None:
    account = bizgo_account(settings)
    return account and BizgoSender(account)


def open_ses(settings: Settings) -> Sender | None:
    found = ses_account(settings)
    return found and SesSender(*found, clock=machine_time)


KOREAN_CHANNELS: Final = (Channel.KAKAO_ALIMTALK, Channel.KAKAO_BRAND, Channel.SMS)
SMTP: Final = Provider(
    name="smtp",
    channels=(Channel.EMAIL,),
    speaks_of_receivers=True,
    named_by=("smtp_url",),
    open=open_smtp,
)
PROVIDERS: Final[tuple[Provider, ...]] = (
    SMTP,
    Provider(
        name="solapi",
        channels=KOREAN_CHANNELS,
        idempotency=SolapiSender.idempotency,
        named_by=("solapi_key", "solapi_secret", "solapi_number", "solapi_channel"),
        open=open_solapi,
        open_asker=open_solapi_asker,
    ),
    Provider(
        name="nhn",
        channels=KOREAN_CHANNELS,
        idempotency=NhnSender.idempotency,
        named_by=(
            "nhn_kakao_app_key",
            "nhn_kakao_secret",
            "nhn_sender_key",
            "nhn_sms_app_key",
            "nhn_sms_secret",
            "nhn_number",
        ),
        open=open_nhn,
    ),
    Provider(
        name="bizgo",
        channels=KOREAN_CHANNELS,
        idempotency=BizgoSender.idempotency,
        key_lasts=BizgoSender.key_lives,
        named_by=("bizgo_key", "bizgo_number", "bizgo_sender_key"),
        open=open_bizgo,
    ),
    Provider(
        name="push",
        channels=(Channel.PUSH,),
        share=Pace().at_once,
        named_by=("fcm_account_file", "apns_key_file", "webpush_key_file"),
        open=lambda settings: open_push(settings, clock=machine_time),
    ),
    # Writes Date and Message-ID anew, and signs by itself.
    Provider(
        name="ses",
        channels=(Channel.EMAIL,),
        keeps_mail=False,
        named_by=("ses_access_key", "ses_secret_key", "ses_region"),
        open=open_ses,
    ),
)

# A service that takes mail by HTTP, where none is set.
OTHER_SERVICE: Final = Provider(
    name=OTHER,
    channels=(Channel.EMAIL,),
    keeps_mail=False,
    named_by=("mail_service", "mail_service_key"),
)


def providers_of(settings: Settings) -> tuple[Provider, ...]:
    """Return every vendor there is, and the mail service of these settings.

    Raises:
        ProblemError: the setting names no service, or one that is badly described.
    """
    found = find_mail_service(settings)
    if found is None:
        return PROVIDERS
    sender = HttpMailSender(found.account)
    hours = found.account.service.key_hours
    service = Provider(
        name=found.name,
        channels=(Channel.EMAIL,),
        idempotency=Idempotency.KEYED if hours else Idempotency.NEITHER,
        key_lasts=timedelta(hours=hours) if hours else None,
        keeps_mail=False,
        named_by=OTHER_SERVICE.named_by,
        open=lambda _: sender,
    )
    return (*PROVIDERS, service)


def channels_of(providers: Sequence[Provider], settings: Settings) -> frozenset[Channel]:
    """Return the channels for which one of these vendors is set; one set wrongly counts, too."""
    found: set[Channel] = set()
    for provider in providers:
        try:
            is_set = provider.open(settings) is not None
        except ProblemError:
            is_set = True
        if is_set:
            found.update(provider.channels)
    return frozenset(found)


def known_vendors(settings: Settings) -> tuple[Vendor, ...]:
    """Return every vendor there could be, and whether it is set."""
    is_wrong = False
    try:
        providers = providers_of(settings)
    except ProblemError:
        providers, is_wrong = PROVIDERS, True
    found = [describe_vendor(one, settings) for one in providers]
    if len(providers) == len(PROVIDERS):
        service = describe_vendor(OTHER_SERVICE, settings)
        found.append(replace(service, is_set=is_wrong, is_wrong=is_wrong))
    return tuple(found)


def describe_vendor(provider: Provider, settings: Settings) -> Vendor:
    """Return a vendor as whoever looks from outside may know it."""
    try:
        is_set, is_wrong = provider.open(settings) is not None, False
    except ProblemError:
        is_set, is_wrong = True, True
    return Vendor(
        name=provider.name,
        channels=provider.channels,
        is_set=is_set,
        is_wrong=is_wrong,
        settings=tuple(f"{PREFIX}{name.upper()}" for name in provider.named_by),
    )


def keyed_providers(providers: Sequence[Provider]) -> Mapping[str, timedelta]:
    """Return those vendors that honour our key, and for how long."""
    lasting = {provider.name: provider.repeats_within for provider in providers}
    return {name: lasts for name, lasts in lasting.items() if lasts is not None}
