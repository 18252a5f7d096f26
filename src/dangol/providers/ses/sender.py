"""Hands whole mails to SES, each once: it takes no key of ours and cannot be asked."""

import asyncio
import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import httpx
import msgspec

from dangol.providers.ses.codes import judge_error
from dangol.providers.ses.sign import Account, sign_call
from dangol.providers.vendor import Fate, FaultKind, Idempotency, Outcome, Outgoing

IDEMPOTENCY: Final = Idempotency.NEITHER
PATH: Final = "/v2/email/outbound-emails"
SERVICE: Final = "ses"
# Under this tag SES echoes what we call the mail; it writes a Message-ID of its own.
OUR_TAG: Final = "dangol"
DETAIL_MAX: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where SES is, and how much of it we use."""

    # Empty: Amazon's, in the account's region.
    endpoint: str = ""
    # The configuration set whose events come back to us.
    configuration_set: str = ""
    connections: int = 10
    reply_seconds: float = 30.0


class Taken(msgspec.Struct, frozen=True):
    """What SES answers to a mail it takes."""

    MessageId: str


class Refused(msgspec.Struct, frozen=True):
    """What it answers to another; which of the two names it uses depends on the error."""

    message: str = ""
    Message: str = ""


class SesSender:
    """Sends by SES; ``clock`` tells the time that calls are signed with."""

    def __init__(self, account: Account, place: Place, *, clock: Callable[[], datetime]) -> None:
        self._account = account
        self._place = place
        self._clock = clock
        root = place.endpoint or f"https://email.{account.region}.amazonaws.com"
        self._url = root.rstrip("/") + PATH

    async def send(self, messages: Sequence[Outgoing]) -> list[Outcome]:
        """Hand over all messages, a few at a time; nothing is ever tried twice."""
        room = asyncio.Semaphore(self._place.connections)
        limits = httpx.Limits(max_connections=self._place.connections)
        async with httpx.AsyncClient(
            timeout=self._place.reply_seconds,
            limits=limits,
            follow_redirects=False,
            trust_env=False,
        ) as client:

            async def send_one(mail: Outgoing) -> Outcome:
                async with room:
                    return await self._call(client, mail)

            return list(await asyncio.gather(*map(send_one, messages)))

    async def _call(self, client: httpx.AsyncClient, mail: Outgoing) -> Outcome:
        body = self._write(mail)
        headers = sign_call(
            self._account,
            service=SERVICE,
            url=self._url,
            headers={"content-type": "application/json"},
            body=body,
            now=self._clock(),
        )
        try:
            answer = await client.post(self._url, headers=headers, content=body)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as fault:
            return outcome_of(mail, Fate.RETRYABLE, "connection", str(fault), FaultKind.TRANSIENT)
        except httpx.HTTPError as fault:
            detail = str(fault) or "no answer in time"
            return outcome_of(mail, Fate.UNKNOWN, "connection", detail, FaultKind.TRANSIENT)
        return read_answer(mail, answer)

    def _write(self, mail: Outgoing) -> bytes:
        call: dict[str, object] = {
            "Content": {"Raw": {"Data": base64.b64encode(mail.as_mail()).decode()}},
            "Destination": {"ToAddresses": [mail.recipient]},
            "EmailTags": [{"Name": OUR_TAG, "Value": our_name(mail)}],
        }
        if self._place.configuration_set:
            call["ConfigurationSetName"] = self._place.configuration_set
        return msgspec.json.encode(call)


def our_name(mail: Outgoing) -> str:
    """Return what we call a mail, in letters that a tag may have."""
    return mail.vendor_id.strip("<>").partition("@")[0]


def read_answer(mail: Outgoing, answer: httpx.Response) -> Outcome:
    """Say what SES did with a mail."""
    if answer.is_success:
        try:
            taken = msgspec.json.decode(answer.content, type=Taken)
        except msgspec.MsgspecError:
            # It said yes: whatever else it said, it must not be asked again.
            return outcome_of(mail, Fate.UNKNOWN, str(answer.status_code), "answer not understood")
        return outcome_of(mail, Fate.ACCEPTED, str(answer.status_code), "", name=taken.MessageId)
    name = answer.headers.get("x-amzn-errortype", "").partition(":")[0]
    fate, fault = judge_error(answer.status_code, name)
    try:
        said = msgspec.json.decode(answer.content, type=Refused)
        detail = said.message or said.Message
    except msgspec.MsgspecError:
        detail = answer.text
    wait = answer.headers.get("retry-after", "")
    return outcome_of(
        mail,
        fate,
        name or str(answer.status_code),
        detail,
        fault,
        retry_after=timedelta(seconds=int(wait)) if wait.isdecimal() else None,
    )


def outcome_of(
    mail: Outgoing,
    fate: Fate,
    code: str,
    detail: str,
    fault: FaultKind | None = None,
    *,
    name: str = "",
    retry_after: timedelta | None = None,
) -> Outcome:
    return Outcome(
        delivery_id=mail.delivery_id,
        fate=fate,
        code=code,
        detail=detail.replace(mail.recipient, "<address>")[:DETAIL_MAX],
        vendor_id=name or mail.vendor_id,
        fault=fault,
        retry_after=retry_after,
    )
