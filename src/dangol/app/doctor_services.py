"""What `dangol doctor` says of the services that take mail by HTTP."""

import asyncio
from collections.abc import Iterator

from dangol.app.clock import machine_time
from dangol.app.mail_service import find_mail_service
from dangol.app.problem import ProblemError
from dangol.app.settings import Settings
from dangol.app.vendors import ses_account
from dangol.providers.ses.standing import Standing, StandingError, read_standing

# Check, what was found, and the remedy or nothing.
Found = tuple[str, str, str]


def examine_services(settings: Settings) -> Iterator[Found]:
    """Look at each service that is set up."""
    if settings.ses_access_key:
        yield check_ses(settings)
        yield check_topic(settings)
    if settings.mail_service:
        yield check_mail_service(settings)


def check_ses(settings: Settings) -> Found:
    """Does SES let us in, and may we send?"""
    found = ses_account(settings)
    assert found is not None  # noqa: S101 - the caller has looked
    account, place = found
    try:
        standing = asyncio.run(read_standing(account, place, now=machine_time()))
    except StandingError as fault:
        remedy = (
            "Compare DANGOL_SES_ACCESS_KEY, DANGOL_SES_SECRET_KEY and DANGOL_SES_REGION with IAM; "
            "the user needs ses:SendEmail, ses:SendRawEmail and ses:GetAccount."
        )
        return "ses", f"does not say how we stand: {fault}", remedy
    return "ses", say_standing(standing), remedy_for(standing)


def say_standing(standing: Standing) -> str:
    quota = standing.SendQuota
    return (
        f"{quota.SentLast24Hours:,.0f} of {quota.Max24HourSend:,.0f} mails in 24 hours, "
        f"up to {quota.MaxSendRate:,.0f} a second"
    )


def remedy_for(standing: Standing) -> str:
    if not standing.SendingEnabled:
        return "Amazon has paused sending for this account: its console says why."
    if not standing.ProductionAccessEnabled:
        return "The account is in the sandbox: ask for production access in the console of SES."
    if standing.EnforcementStatus in ("PROBATION", "SHUTDOWN"):
        return f"Amazon looks into this account ({standing.EnforcementStatus}); answer it there."
    return ""


def check_topic(settings: Settings) -> Found:
    """Do we hear what becomes of mail?"""
    missing = [
        name for name in ("ses_configuration_set", "ses_topic_arn") if not getattr(settings, name)
    ]
    if missing:
        named = " and ".join(f"DANGOL_{name.upper()}" for name in missing)
        return "ses events", "bounces and complaints are lost", f"Set {named}: docs/guides/email.md"
    return "ses events", f"told by {settings.ses_topic_arn}", ""


def check_mail_service(settings: Settings) -> Found:
    """Is the service described, and is all set that it needs? Only a mail shows more."""
    try:
        found = find_mail_service(settings)
    except ProblemError as problem:
        return "mail service", "not usable", str(problem)
    assert found is not None  # noqa: S101 - the caller has looked
    told = f"{found.name} takes mail at {found.account.place}"
    if not settings.mail_service_key:
        return "mail service", told, "Set DANGOL_MAIL_SERVICE_KEY to the API key of your account."
    if found.account.service.reports and not settings.mail_service_callback_secret:
        remedy = "Set DANGOL_MAIL_SERVICE_CALLBACK_SECRET: bounces and complaints are lost."
        return "mail service", told, remedy
    return "mail service", told, ""
