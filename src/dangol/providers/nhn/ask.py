"""Asks NHN Cloud's two products; what they refuse is said with what to look at."""

from typing import Final
from urllib.parse import urlencode

from dangol.providers.nhn.sender import NhnAccount
from dangol.providers.vendor import VendorError
from dangol.providers.wire.call import Answered, Json, Place, object_of, text_of

MOST_PAGES: Final = 1_000
ALIMTALK: Final = "alimtalk/v2.3"
BRAND: Final = "brand-message/v1.0"


class NhnError(VendorError):
    """NHN Cloud could not be asked; the text says why and what to do."""


async def demand_kakao(
    account: NhnAccount,
    method: str,
    path: str,
    *,
    query: Json | None = None,
    body: object = None,
    root: str = ALIMTALK,
) -> Json:
    """Call KakaoTalk Bizmessage, ``path`` as it stands behind the app key.

    Raises:
        NhnError: it was not answered, or with a refusal.
    """
    return await demand(
        Place(url=account.kakao_url, seconds=account.seconds),
        method,
        f"/{root}/appkeys/{account.kakao_app_key}{path}{write_query(query)}",
        secret=account.kakao_secret,
        body=body,
        product="KAKAO",
    )


async def demand_sms(account: NhnAccount, path: str, *, query: Json | None = None) -> Json:
    """Ask SMS, ``path`` as it stands behind the app key; raises what ``demand_kakao`` raises."""
    return await demand(
        Place(url=account.sms_url, seconds=account.seconds),
        "GET",
        f"/sms/v3.0/appKeys/{account.sms_app_key}{path}{write_query(query)}",
        secret=account.sms_secret,
        body=None,
        product="SMS",
    )


def write_query(query: Json | None) -> str:
    return f"?{urlencode(query)}" if query else ""


async def demand(
    place: Place, method: str, path: str, *, secret: str, body: object, product: str
) -> Json:
    told = await place.call(method, path, headers={"X-Secret-Key": secret}, body=body)
    if not isinstance(told, Answered):
        raise NhnError(f"NHN does not answer: {told.why}. Check DANGOL_NHN_{product}_URL.")
    header = object_of(told.said, "header")
    if not told.is_ok or header.get("isSuccessful") is not True:
        code = text_of(header, "resultCode") or str(told.status)
        raise NhnError(
            f"NHN refuses: {code} {text_of(header, 'resultMessage')}".rstrip()
            + f". Check DANGOL_NHN_{product}_APP_KEY and DANGOL_NHN_{product}_SECRET."
        )
    return told.said
