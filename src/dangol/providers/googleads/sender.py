"""Tells Google whom to add to an audience of Google Ads, and whom to take out of it."""

import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from dangol.providers.audience import DETAIL_MAX, Change, Synced, batches
from dangol.providers.egress.client import Answer, EgressError, Limits
from dangol.providers.egress.pool import Pool, open_pool
from dangol.providers.egress.target import RefusedTarget
from dangol.providers.google import SignInError, Tokens
from dangol.providers.googleads.codes import CODES, UNKNOWN
from dangol.providers.googleads.people import Identified
from dangol.providers.vendor import FaultKind

URL: Final = "https://datamanager.googleapis.com"
SCOPE: Final = "https://www.googleapis.com/auth/datamanager"
DEEDS: Final = {Change.ADD: "ingest", Change.REMOVE: "remove"}
GRANTED: Final = "CONSENT_GRANTED"
OK: Final = range(200, 300)


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """One audience of a Google Ads account, and how to speak with Google."""

    # Ten digits, without hyphens.
    account_id: str
    audience_id: str
    url: str = URL
    seconds: float = 60.0
    # Whether this machine may be called, which only tests and demonstrations ask for.
    loopback: bool = False
    trust: ssl.SSLContext | None = None


async def sync(
    audience: Audience, people: Sequence[Identified], *, change: Change, tokens: Tokens
) -> Synced:
    """Add or remove people, as ``identify`` writes them; stop at the first fault.

    ``tokens`` are for ``SCOPE``. Whom Google could not match at all is left out, and
    counts as taken but not understood.
    """
    taken, understood = 0, 0
    async with open_pool(
        connections=1,
        limits=Limits(seconds=audience.seconds),
        loopback=audience.loopback,
        trust=audience.trust,
    ) as pool:
        for part in batches(people):
            members = [found for found in part if found]
            if members:
                fault = await call(pool, audience, members, change=change, tokens=tokens)
                if fault is not None:
                    kind, code, detail = fault
                    return Synced(
                        taken=taken,
                        understood=understood,
                        fault=kind,
                        code=code,
                        detail=detail[:DETAIL_MAX],
                    )
            taken += len(part)
            understood += len(members)
    return Synced(taken=taken, understood=understood)


async def call(
    pool: Pool,
    audience: Audience,
    members: Sequence[Identified],
    *,
    change: Change,
    tokens: Tokens,
) -> tuple[FaultKind, str, str] | None:
    """Make one call; return what went wrong, or None."""
    try:
        answer = await pool.post(
            f"{audience.url}/v1/audienceMembers:{DEEDS[change]}",
            headers={
                "authorization": f"Bearer {await tokens.get(pool)}",
                "content-type": "application/json",
            },
            body=msgspec.json.encode(write_request(audience, members, change=change)),
        )
    except SignInError as fault:
        kind = FaultKind.CONFIGURATION if fault.ours else FaultKind.TRANSIENT
        return kind, "sign_in", str(fault)
    except RefusedTarget as fault:
        return FaultKind.CONFIGURATION, "refused", str(fault)
    except EgressError as fault:
        return FaultKind.TRANSIENT, "no_answer", str(fault)
    return judge(answer)


def judge(answer: Answer) -> tuple[FaultKind, str, str] | None:
    if answer.status in OK:
        return None
    kind, meaning = CODES.get(answer.status, UNKNOWN)
    words = answer.body.decode("utf-8", "replace")
    return kind, str(answer.status), f"{meaning}: {words}"


def write_request(
    audience: Audience, members: Sequence[Identified], *, change: Change
) -> dict[str, object]:
    """Write a call; who is added has consented, or nobody may add them."""
    request: dict[str, object] = {
        "destinations": [
            {
                "operatingAccount": {
                    "accountType": "GOOGLE_ADS",
                    "accountId": audience.account_id,
                },
                "productDestinationId": audience.audience_id,
            }
        ],
        "audienceMembers": [{"userData": {"userIdentifiers": found}} for found in members],
        "encoding": "HEX",
    }
    if change is Change.ADD:
        request["consent"] = {"adUserData": GRANTED, "adPersonalization": GRANTED}
        request["termsOfService"] = {"customerMatchTermsOfServiceStatus": "ACCEPTED"}
    return request
