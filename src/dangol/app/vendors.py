"""The vendors of this installation, as its settings name them."""

from dangol.app.clock import machine_time
from dangol.app.settings import Settings
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
