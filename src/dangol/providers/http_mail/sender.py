"""Hands mail to a service, each by a call of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import msgspec

from dangol.providers.each import Pace, outcome_of, outcome_of_loss, read_retry_after, send_each
from dangol.providers.egress.client import Answer, EgressError, Limits
from dangol.providers.egress.pool import Pool, open_pool
from dangol.providers.egress.target import RefusedTarget
from dangol.providers.http_mail.fields import fields_of, fill, find
from dangol.providers.http_mail.service import LOST, SECRET, TAKEN, Service
from dangol.providers.vendor import Fate, FaultKind, Outcome, Outgoing
from dangol.providers.wire.call import OK, is_loopback_url, trusted
from dangol.providers.wire.codes import fate_of

ANSWER_BYTES: Final = 65_536
IN_HEADER: Final = "header:"
PACE: Final = Pace(at_once=10)
# What a status means where the service's description says nothing else of it.
STATUSES: Final = {
    401: FaultKind.CONFIGURATION,
    402: FaultKind.CONFIGURATION,
    403: FaultKind.CONFIGURATION,
    404: FaultKind.CONFIGURATION,
    405: FaultKind.CONFIGURATION,
    408: LOST,
    429: FaultKind.THROTTLED,
    503: FaultKind.TRANSIENT,
}
SERVER_ERRORS: Final = range(500, 600)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailAccount:
    """An account at a service."""

    service: Service
    secret: str = field(repr=False)
    # Where it is, if not where its description says.
    url: str = ""
    pace: Pace = PACE

    @property
    def place(self) -> str:
        """Where it is called."""
        return self.url or self.service.url


class HttpMailSender:
    """Sends by one account."""

    def __init__(self, account: MailAccount) -> None:
        self._account = account

    async def send(self, messages: Sequence[Outgoing]) -> list[Outcome]:
        """Hand over all messages, a few at a time; nothing is ever tried twice."""
        pace = self._account.pace
        async with open_pool(
            connections=pace.at_once,
            limits=Limits(seconds=pace.seconds, answer_bytes=ANSWER_BYTES),
            loopback=is_loopback_url(self._account.place),
            trust=trusted(),
        ) as pool:

            async def send_one(mail: Outgoing) -> Outcome:
                return await self._call(pool, mail)

            return await send_each(messages, hand_over=send_one, pace=pace)

    async def _call(self, pool: Pool, mail: Outgoing) -> Outcome:
        account = self._account
        service = account.service
        values = {**fields_of(mail, streams=service.streams), SECRET: account.secret}
        headers = {name: str(fill(value, values)) for name, value in service.headers.items()}
        try:
            answer = await pool.post(
                account.place,
                headers={"Content-Type": "application/json", **headers},
                body=msgspec.json.encode(fill(service.body, values)),
            )
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
        return read_answer(mail, answer, service=service, secret=account.secret)


def read_answer(mail: Outgoing, answer: Answer, *, service: Service, secret: str) -> Outcome:
    """Say what a service did with a mail."""
    form = service.answer
    try:
        said: object = msgspec.json.decode(answer.body) if answer.body else {}
    except (msgspec.MsgspecError, RecursionError):
        said = None
    if answer.status in OK:
        name = read_at(answer, said, form.id)
        # It said yes: without a name it has the mail all the same, and must not be asked again.
        fate = Fate.ACCEPTED if name or said is not None else Fate.UNKNOWN
        return outcome_of(mail, fate=fate, code=str(answer.status), vendor_id=name)
    code = read_at(answer, said, form.code)
    meaning = meaning_of(answer.status, code, service=service)
    told = f"{answer.status} {code}".strip()
    detail = read_at(answer, said, form.detail) or answer.body[:400].decode("utf-8", "replace")
    if secret:
        detail = detail.replace(secret, "<secret>")
    if meaning == TAKEN:
        return outcome_of(mail, fate=Fate.ACCEPTED, code=told)
    if meaning == LOST:
        return outcome_of(mail, fate=Fate.UNKNOWN, code=told, detail=detail)
    fault = FaultKind(meaning)
    return outcome_of(
        mail,
        fate=fate_of(fault),
        code=told,
        detail=detail,
        fault=fault,
        retry_after=read_retry_after(answer),
    )


def meaning_of(status: int, code: str, *, service: Service) -> str:
    """Say what a no means: as described for the code, for the status, or for any service."""
    faults = service.answer.faults
    described = faults.get(f"{status} {code}") or faults.get(str(status)) or STATUSES.get(status)
    if described:
        return described
    return LOST if status in SERVER_ERRORS else FaultKind.CONTENT


def read_at(answer: Answer, said: object, path: str) -> str:
    if path.startswith(IN_HEADER):
        return answer.headers.get(path.removeprefix(IN_HEADER).lower(), "")
    return find(said, path)
