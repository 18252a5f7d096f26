"""Hands whole mails to SES, each once: it takes no key of ours and cannot be asked."""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from dangol.providers.each import (
    Pace,
    outcome_of,
    outcome_of_loss,
    read_retry_after,
    send_each,
)
from dangol.providers.egress.client import Answer, EgressError, Limits
from dangol.providers.egress.pool import Pool, open_pool
from dangol.providers.egress.target import RefusedTarget
from dangol.providers.ses.codes import judge_error
from dangol.providers.ses.sign import Account, sign_call
from dangol.providers.vendor import Fate, FaultKind, Idempotency, Outcome, Outgoing
from dangol.providers.wire.call import OK, is_loopback_url, trusted

IDEMPOTENCY: Final = Idempotency.NEITHER
PATH: Final = "/v2/email/outbound-emails"
SERVICE: Final = "ses"
# Under this tag SES echoes what we call the mail; it writes a Message-ID of its own.
OUR_TAG: Final = "dangol"
ANSWER_BYTES: Final = 65_536
PACE: Final = Pace(at_once=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where SES is, and how much of it we use."""

    # Empty: Amazon's, in the account's region.
    endpoint: str = ""
    # The configuration set whose events come back to us.
    configuration_set: str = ""
    pace: Pace = PACE


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
        self._url = root_of(account, place) + PATH

    async def send(self, messages: Sequence[Outgoing]) -> list[Outcome]:
        """Hand over all messages, a few at a time; nothing is ever tried twice."""
        async with open_pool(
            connections=self._place.pace.at_once,
            limits=Limits(seconds=self._place.pace.seconds, answer_bytes=ANSWER_BYTES),
            loopback=is_loopback_url(self._url),
            trust=trusted(),
        ) as pool:

            async def send_one(mail: Outgoing) -> Outcome:
                return await self._call(pool, mail)

            return await send_each(messages, hand_over=send_one, pace=self._place.pace)

    async def _call(self, pool: Pool, mail: Outgoing) -> Outcome:
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
            return read_answer(mail, await pool.post(self._url, headers=headers, body=body))
        except RefusedTarget as fault:
            return outcome_of(
                mail,
                fate=Fate.RETRYABLE,
                code="refused",
                detail=str(fault),
                fault=FaultKind.CONFIGURATION,
            )
        except EgressError as fault:
            return outcome_of_loss(mail, fault)

    def _write(self, mail: Outgoing) -> bytes:
        call: dict[str, object] = {
            "Content": {"Raw": {"Data": base64.b64encode(mail.as_mail()).decode()}},
            "Destination": {"ToAddresses": [mail.recipient]},
            "EmailTags": [{"Name": OUR_TAG, "Value": our_name(mail)}],
        }
        if self._place.configuration_set:
            call["ConfigurationSetName"] = self._place.configuration_set
        return msgspec.json.encode(call)


def root_of(account: Account, place: Place) -> str:
    """Return what the addresses of SES begin with."""
    root = place.endpoint or f"https://email.{account.region}.amazonaws.com"
    return root.rstrip("/")


def our_name(mail: Outgoing) -> str:
    """Return what we call a mail, in letters that a tag may have."""
    return mail.vendor_id.strip("<>").partition("@")[0]


def read_answer(mail: Outgoing, answer: Answer) -> Outcome:
    """Say what SES did with a mail."""
    if answer.status in OK:
        try:
            taken = msgspec.json.decode(answer.body, type=Taken)
        except msgspec.MsgspecError:
            # It said yes: whatever else it said, it must not be asked again.
            return outcome_of(
                mail, fate=Fate.UNKNOWN, code=str(answer.status), detail="answer not understood"
            )
        return outcome_of(
            mail, fate=Fate.ACCEPTED, code=str(answer.status), vendor_id=taken.MessageId
        )
    name = answer.headers.get("x-amzn-errortype", "").partition(":")[0]
    fate, fault = judge_error(answer.status, name)
    try:
        said = msgspec.json.decode(answer.body, type=Refused)
        detail = said.message or said.Message
    except msgspec.MsgspecError:
        detail = answer.body.decode("utf-8", "replace")
    return outcome_of(
        mail,
        fate=fate,
        code=name or str(answer.status),
        detail=detail,
        fault=fault,
        retry_after=read_retry_after(answer),
    )
