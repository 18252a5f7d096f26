"""The vendors of this installation, as its settings name them."""

from dangol.app.clock import machine_time
from dangol.app.settings import Settings
from dangol.providers.bizgo.sender import BizgoAccount
from dangol.providers.nhn.sender import NhnAccount
from dangol.providers.ses.sender import Place
from dangol.providers.ses.sign import Account
from dangol.providers.solapi.account import SolapiAccount


def solapi_account(settings: Settings) -> SolapiAccount | None:
    """Return the account at SOLAPI; None where there is none."""
    if not settings.solapi_key:
        return None
    return SolapiAccount(
        key=settings.solapi_key,
        secret=settings.solapi_secret,
        clock=machine_time,
        url=settings.solapi_url,
        number=settings.solapi_number,
        channel=settings.solapi_channel,
    )


def nhn_account(settings: Settings) -> NhnAccount | None:
    """Return the account at NHN Cloud; None where there is none."""
    if not (settings.nhn_kakao_app_key or settings.nhn_sms_app_key):
        return None
    return NhnAccount(
        kakao_app_key=settings.nhn_kakao_app_key,
        kakao_secret=settings.nhn_kakao_secret,
        sms_app_key=settings.nhn_sms_app_key,
        sms_secret=settings.nhn_sms_secret,
        kakao_url=settings.nhn_kakao_url,
        sms_url=settings.nhn_sms_url,
        number=settings.nhn_number,
        sender_key=settings.nhn_sender_key,
        opt_out_number=settings.nhn_opt_out_number,
    )


def bizgo_account(settings: Settings) -> BizgoAccount | None:
    """Return the account at Bizgo; None where there is none."""
    if not settings.bizgo_key:
        return None
    return BizgoAccount(
        key=settings.bizgo_key,
        url=settings.bizgo_url,
        number=settings.bizgo_number,
        sender_key=settings.bizgo_sender_key,
        opt_out_number=settings.bizgo_opt_out_number,
    )


def ses_account(settings: Settings) -> tuple[Account, Place] | None:
    """Return the account at Amazon SES and where that is; None where there is none."""
    if not settings.ses_access_key:
        return None
    return (
        Account(
            access_key=settings.ses_access_key,
            secret_key=settings.ses_secret_key,
            region=settings.ses_region,
        ),
        Place(endpoint=settings.ses_url, configuration_set=settings.ses_configuration_set),
    )
