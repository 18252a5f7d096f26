"""Asks Bizgo for reports, and about the channel; what is not acknowledged comes again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import quote

from dangol.providers.bizgo.callback import read_report
from dangol.providers.bizgo.codes import TAKEN
from dangol.providers.bizgo.sender import BizgoAccount
from dangol.providers.vendor import Report, VendorError
from dangol.providers.wire.call import Answered, Json, object_of, objects_of, text_of

PATH: Final = "/api/comm/v1/report/polling"
CHANNELS: Final = "/api/comm/v1/center/kakao/sender"


class BizgoError(VendorError):
    """Bizgo could not be asked; the text says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Reports, and the name under which they are acknowledged once they are kept."""

    id: str
    reports: list[Report]


async def poll_reports(account: BizgoAccount, *, now: datetime) -> Batch:
    """Return the next reports; none where there is nothing new.

    Raises:
        BizgoError: it was not answered.
    """
    inner = object_of(await call(account, "GET", PATH), "data", "data")
    reports = [read_report(one, received_at=now) for one in objects_of(inner, "report")]
    return Batch(id=text_of(inner, "reportId"), reports=reports)


async def acknowledge(account: BizgoAccount, batch: Batch) -> None:
    """Say that reports are kept; raises what ``poll_reports`` raises."""
    _ = await call(account, "DELETE", f"{PATH}/{quote(batch.id, safe='')}")


async def read_channel(account: BizgoAccount) -> Json:
    """Return what Bizgo says of the Kakao channel; raises what ``poll_reports`` raises."""
    query = f"?senderKey={quote(account.sender_key, safe='')}"
    said = await call(account, "GET", CHANNELS + query)
    return object_of(said, "data", "data", "kakao", "senderProfile")


async def call(account: BizgoAccount, method: str, path: str, *, body: object = None) -> Json:
    """Make a call that must be answered, and return what was said.

    Raises:
        BizgoError: it was not, or with a refusal.
    """
    told = await account.place.call(method, path, headers=account.headers, body=body)
    if not isinstance(told, Answered):
        raise BizgoError(f"Bizgo does not answer: {told.why}. Check DANGOL_BIZGO_URL.")
    code = text_of(told.said, "data", "code") or text_of(told.said, "common", "authCode")
    if not told.is_ok or code != TAKEN:
        raise BizgoError(
            f"Bizgo refuses: {told.status} {code} {text_of(told.said, 'data', 'result')}".rstrip()
            + ". Check DANGOL_BIZGO_KEY, and that it knows the "
            "address your calls come from."
        )
    return told.said
