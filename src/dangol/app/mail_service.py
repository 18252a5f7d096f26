"""The service that takes mail by HTTP, if one is set: how it is described and what it posts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from dangol.app.problem import ProblemError, about_file
from dangol.app.settings import Settings
from dangol.providers.http_mail.callback import read_reports
from dangol.providers.http_mail.proof import is_genuine
from dangol.providers.http_mail.sender import MailAccount
from dangol.providers.http_mail.service import READY_MADE, BadService, read_service, ready_made
from dangol.providers.vendor import Report

# What a service is called that a file describes.
OTHER: Final = "mail_service"
NAMES: Final = (*READY_MADE, OTHER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """An account at a service, and by which name receipts and commands know it."""

    name: str
    account: MailAccount


def find_mail_service(settings: Settings) -> Named | None:
    """Return the service that is set; None where there is none.

    Raises:
        ProblemError: it is none we know, and no file describes it.
    """
    name = settings.mail_service
    if not name:
        return None
    if name in READY_MADE:
        service = ready_made(name)
    else:
        try:
            service = read_service(Path(name).read_bytes())
        except OSError as fault:
            raise about_file(
                fault,
                path=Path(name),
                purpose="the description of the mail service",
                remedy=f"Set DANGOL_MAIL_SERVICE to {', '.join(READY_MADE)} or to such a file.",
            ) from fault
        except BadService as fault:
            raise ProblemError(f"The setting mail_service: {name}: {fault}.") from fault
    account = MailAccount(
        service=service, secret=settings.mail_service_key, url=settings.mail_service_url
    )
    return Named(name=name if name in READY_MADE else OTHER, account=account)


def is_from_service(
    settings: Settings, headers: Mapping[str, str], body: bytes, *, name: str, now: datetime
) -> bool:
    """Tell whether what was posted for a service is its own; raises as ``find_mail_service``."""
    found = find_mail_service(settings)
    if found is None or found.name != name or found.account.service.reports is None:
        return False
    return is_genuine(
        headers,
        body,
        proof=found.account.service.reports.proof,
        secret=settings.mail_service_callback_secret,
        now=now,
    )


def read_posted_reports(settings: Settings, body: bytes, *, now: datetime) -> list[Report]:
    """Return what the service that is set posted; raises ValueError for what is no JSON."""
    found = find_mail_service(settings)
    if found is None or found.account.service.reports is None:
        return []
    return read_reports(body, form=found.account.service.reports, received_at=now)
