"""Asks NHN Cloud what became of messages: of Alimtalks and of texts, by when that was known.

Brand Messages have no such list in its documents; of them only the webhook tells.
"""

from datetime import datetime
from typing import Final

from dangol.providers.nhn.ask import MOST_PAGES, demand_kakao, demand_sms
from dangol.providers.nhn.callback import read_result
from dangol.providers.nhn.sender import NhnAccount
from dangol.providers.vendor import Report
from dangol.providers.wire.call import Json, objects_of, text_of
from dangol.providers.wire.times import KOREA

PAGE: Final = 1_000
PATH: Final = "/message-results"


async def poll_reports(account: NhnAccount, *, since: datetime, until: datetime) -> list[Report]:
    """Return what became known between two times, at most a day apart.

    Raises:
        NhnError: it was not answered.
    """
    found: list[Report] = []
    if account.kakao_app_key:
        # It looks at whole minutes.
        times = write_window(since, until, "%Y-%m-%d %H:%M")
        for page in range(1, MOST_PAGES):
            said = await demand_kakao(account, "GET", PATH, query=times | write_page(page))
            shown = objects_of(said, "messages")
            named = [{**one, "kakaoMessageType": "ALIMTALK_NORMAL"} for one in shown]
            found += read_all(named, received_at=until)
            if len(shown) < PAGE:
                break
    if account.sms_app_key:
        times = write_window(since, until, "%Y-%m-%d %H:%M:%S")
        for page in range(1, MOST_PAGES):
            said = await demand_sms(account, PATH, query=times | write_page(page))
            shown = objects_of(said, "body", "data")
            found += read_all(shown, received_at=until)
            if len(shown) < PAGE:
                break
    return found


def write_window(since: datetime, until: datetime, form: str) -> Json:
    named = {"startUpdateDate": since, "endUpdateDate": until}
    return {name: at.astimezone(KOREA).strftime(form) for name, at in named.items()}


def write_page(page: int) -> Json:
    return {"pageNum": page, "pageSize": PAGE}


def read_all(shown: list[Json], *, received_at: datetime) -> list[Report]:
    """Read the results that are there; a message without one is still on its way."""
    told = [one for one in shown if text_of(one, "resultCode") or text_of(one, "messageStatus")]
    found = (read_result(one, received_at=received_at) for one in told)
    return [report for report in found if report is not None]
