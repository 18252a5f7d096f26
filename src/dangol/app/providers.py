"""The vendors there are: one entry each. What is configured gets a chore of its own.

To add one: an entry in ``PROVIDERS`` that says which channels it carries, what it does with a call
that is repeated, and how it is opened from the settings (None where those do not name it).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from dangol.app.problem import ProblemError
from dangol.app.settings import Settings
from dangol.app.vendors import solapi_account
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


SMTP: Final = Provider(name="smtp", channels=(Channel.EMAIL,), open=open_smtp)
SOLAPI: Final = Provider(
    name="solapi",
    channels=(Channel.KAKAO_ALIMTALK, Channel.KAKAO_BRAND, Channel.SMS),
    idempotency=Idempotency.ASKABLE,
    open=open_solapi,
    open_asker=open_solapi_asker,
)
PROVIDERS: Final[tuple[Provider, ...]] = (SMTP, SOLAPI)


def keyed_providers() -> Mapping[str, timedelta]:
    """Return the vendors that honour our key, and for how long."""
    lasting = {provider.name: provider.repeats_within for provider in PROVIDERS}
    return {name: lasts for name, lasts in lasting.items() if lasts is not None}
