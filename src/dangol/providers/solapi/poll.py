"""Asks SOLAPI: what became of messages, whether it has one at all, who opted out by 080."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from dangol.providers.solapi.account import SolapiAccount, SolapiError
from dangol.providers.solapi.callback import read_report
from dangol.providers.solapi.codes import TAKEN
from dangol.providers.vendor import Asked, Fate, FaultKind, Outcome, Report, ReportKind
from dangol.providers.wire.call import Json, object_of, objects_of, text_of
from dangol.providers.wire.numbers import join_number, split_number
from dangol.providers.wire.times import read_time

LIST: Final = "/messages/v4/list"
DENIALS: Final = "/iam/v1/black"
PAGE: Final = 500
# A call that it does not list so long after it began was never taken.
SETTLED: Final = timedelta(minutes=10)
# Its clock and ours may differ, and it lists a message a moment after it took it.
MARGIN: Final = timedelta(minutes=2)
# So many are looked for one by one; more in one walk through the time in which they were called.
ONE_BY_ONE: Final = 50


class SolapiAsker:
    """Finds out whether SOLAPI has a message, by the key of ours that it echoes."""

    def __init__(self, account: SolapiAccount) -> None:
        self._account: Final = account

    async def ask(self, calls: Sequence[Asked]) -> list[Outcome]:
        """Return what is sure: taken, or not listed ten minutes after the call; omit the others.

        A question that SOLAPI does not answer makes nothing sure.
        """
        try:
            known = await self._find(calls)
        except SolapiError:
            return []
        now = self._account.clock()
        found = (
            settle(call, known.get(call.vendor_id), is_settled=now - call.called_at >= SETTLED)
            for call in calls
        )
        return [outcome for outcome in found if outcome is not None]

    async def _find(self, calls: Sequence[Asked]) -> dict[str, Json]:
        """Return the messages that SOLAPI lists, by our key."""
        wanted = {call.vendor_id for call in calls}
        known: dict[str, Json] = {}
        if len(calls) <= ONE_BY_ONE:
            queries = [window([call], to=split_number(call.recipient)[1]) for call in calls]
        else:
            queries = [window(calls)]
        for query in queries:
            async for one in list_messages(self._account, query):
                key = text_of(object_of(one, "customFields"), "deliveryId")
                if key in wanted:
                    known[key] = one
        return known


def window(calls: Sequence[Asked], *, to: str = "") -> Json:
    """Return the question for what was made while these calls were."""
    times = [call.called_at for call in calls]
    return {
        "to": to,
        "dateType": "CREATED",
        "startDate": (min(times) - MARGIN).isoformat(),
        "endDate": (max(times) + SETTLED).isoformat(),
    }


def settle(call: Asked, said: Json | None, *, is_settled: bool) -> Outcome | None:
    """Say what is sure about a call; None while nothing is."""
    if said is not None:
        return Outcome(
            delivery_id=call.delivery_id,
            fate=Fate.ACCEPTED,
            code=text_of(said, "statusCode") or TAKEN,
            detail="found by our key",
            vendor_id=text_of(said, "messageId"),
        )
    if not is_settled:
        return None
    return Outcome(
        delivery_id=call.delivery_id,
        fate=Fate.RETRYABLE,
        code="never_arrived",
        detail="SOLAPI lists no such message",
        fault=FaultKind.TRANSIENT,
    )


async def list_messages(account: SolapiAccount, query: Json) -> AsyncIterator[Json]:
    """Yield the messages that a question is about; raises what ``read`` of the account raises."""
    start = ""
    while True:
        said = await account.read(LIST, query={**query, "limit": PAGE, "startKey": start})
        for one in object_of(said, "messageList").values():
            yield object_of({"message": one}, "message")
        following = text_of(said, "nextKey")
        if not following or following == start:
            return
        start = following


async def poll_reports(account: SolapiAccount, *, since: datetime, until: datetime) -> list[Report]:
    """Return what became of messages between two times: for reports that were never posted.

    Raises:
        SolapiError: it was not answered.
    """
    query: Json = {
        "dateType": "UPDATED",
        "startDate": since.isoformat(),
        "endDate": until.isoformat(),
    }
    found = [read_report(one, received_at=until) async for one in list_messages(account, query)]
    return [report for report in found if report is not None]


async def poll_denials(
    account: SolapiAccount, *, since: datetime | None, until: datetime
) -> list[Report]:
    """Return who called the 080 number to hear no more, since a time or ever.

    Raises:
        SolapiError: it was not answered.
    """
    found: list[Report] = []
    start = ""
    query: Json = {"type": "DENIAL", "limit": PAGE}
    if since is not None:
        query["dateCreated[gte]"] = since.isoformat()
    while True:
        said = await account.read(DENIALS, query={**query, "startKey": start})
        found += [
            read_denial(one, received_at=until)
            for one in objects_of(said, "blackList")
            if text_of(one, "recipientNumber")
        ]
        following = text_of(said, "nextKey")
        if not following or following == start:
            return found
        start = following


def read_denial(said: Json, *, received_at: datetime) -> Report:
    """Return the opt-out that an entry of the 080 list is."""
    number = join_number(text_of(said, "recipientNumber"))
    made = text_of(said, "dateCreated")
    # The event's name holds no telephone number in the clear: it is kept.
    mark = sha256(f"{text_of(said, 'handleKey')}:{number}:{made}".encode()).hexdigest()[:32]
    return Report(
        kind=ReportKind.OPTED_OUT,
        event_id=f"080:{mark}",
        occurred_at=min(read_time(made) or received_at, received_at),
        recipient=number,
        code="080",
        detail="080 수신거부",
    )
