"""Asks SES how our account there stands (API v2, GetAccount)."""

from datetime import datetime
from typing import Final

import msgspec

from dangol.providers.each import DETAIL_MAX
from dangol.providers.egress.client import EgressError, Limits, open_egress
from dangol.providers.egress.target import RefusedTarget
from dangol.providers.ses.sender import SERVICE, Place, root_of
from dangol.providers.ses.sign import Account, sign_call
from dangol.providers.wire.call import OK, is_loopback_url, trusted

PATH: Final = "/v2/email/account"
PATIENCE: Final = Limits(seconds=10)


class StandingError(Exception):
    """SES did not say; the text is its own, or says who did not answer."""


class Quota(msgspec.Struct, frozen=True):
    """How much the account may send."""

    Max24HourSend: float = 0
    MaxSendRate: float = 0
    SentLast24Hours: float = 0


class Standing(msgspec.Struct, frozen=True):
    """How an account stands; names are Amazon's."""

    SendingEnabled: bool = True
    # False: only addresses that were confirmed one by one get anything.
    ProductionAccessEnabled: bool = True
    EnforcementStatus: str = ""
    SendQuota: Quota = Quota()


async def read_standing(account: Account, place: Place, *, now: datetime) -> Standing:
    """Return how the account stands.

    Raises:
        StandingError: SES refuses us, or nobody answers.
    """
    url = root_of(account, place) + PATH
    headers = sign_call(
        account, service=SERVICE, url=url, headers={}, body=b"", now=now, method="GET"
    )
    try:
        async with open_egress(
            limits=PATIENCE, loopback=is_loopback_url(url), trust=trusted()
        ) as egress:
            answer = await egress.request("GET", url, headers=headers)
    except (EgressError, RefusedTarget) as fault:
        raise StandingError(str(fault)) from fault
    if answer.status not in OK:
        name = answer.headers.get("x-amzn-errortype", "").partition(":")[0]
        words = answer.body[:DETAIL_MAX].decode("utf-8", "replace")
        raise StandingError(f"{answer.status} {name} {words}".strip())
    try:
        return msgspec.json.decode(answer.body, type=Standing)
    except msgspec.MsgspecError as fault:
        raise StandingError(f"not understood: {fault}") from fault
