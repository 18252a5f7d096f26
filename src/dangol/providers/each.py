"""What vendors share that take one message a call and honour no key of ours."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from dangol.providers.begin import lent
from dangol.providers.egress.client import Answer, EgressError
from dangol.providers.egress.pool import NotCalledError
from dangol.providers.vendor import Fate, FaultKind, Outcome, Outgoing, PushNote

DETAIL_MAX: Final = 200
# So many refusals without a single success speak against the account, not against the addresses.
DOUBTS_MAX: Final = 5
# These say something of the account: the rest of the batch would hear the same.
HALTING: Final = {FaultKind.CONFIGURATION, FaultKind.THROTTLED}
RETRY_AFTER_MAX: Final = timedelta(days=1)
NOT_BEGUN: Final = "there was no time left in this batch"
# Gateways: the vendor behind them may have taken the message.
LOST_BEHIND_GATEWAY: Final = {502, 504}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How many calls go on at once, and for how long a batch begins further ones."""

    at_once: int = 100
    # How long one call may take.
    seconds: float = 30.0
    # After this, a batch begins no further call; must stay well below the lease of a call.
    batch_seconds: float = 120.0


async def send_each(
    messages: Sequence[Outgoing],
    *,
    hand_over: Callable[[Outgoing], Awaitable[Outcome]],
    pace: Pace,
) -> list[Outcome]:
    """Hand over every message; return one outcome for each.

    Once the account itself is refused or too fast, nothing further is begun.
    """
    waiting = deque(messages)
    outcomes: list[Outcome] = []
    halts: list[Outcome] = []
    loop = asyncio.get_running_loop()
    begin_until = loop.time() + pace.batch_seconds
    may_begin = lent()

    async def work() -> None:
        while waiting and not halts and loop.time() < begin_until and may_begin():
            outcome = await hand_over(waiting.popleft())
            outcomes.append(outcome)
            if outcome.fault in HALTING:
                halts.append(outcome)

    await asyncio.gather(*(work() for _ in range(min(pace.at_once, len(messages)))))
    return outcomes + [not_begun(left, halt=next(iter(halts), None)) for left in waiting]


def not_begun(message: Outgoing, *, halt: Outcome | None) -> Outcome:
    if halt is None:
        return outcome_of(message, fate=Fate.RETRYABLE, code="not_begun", detail=NOT_BEGUN)
    return outcome_of(
        message,
        fate=Fate.RETRYABLE,
        code="not_begun",
        detail=halt.detail,
        fault=halt.fault,
        retry_after=halt.retry_after,
    )


def outcome_of(
    message: Outgoing,
    *,
    fate: Fate,
    code: str,
    detail: str = "",
    fault: FaultKind | None = None,
    retry_after: timedelta | None = None,
    vendor_id: str = "",
) -> Outcome:
    """Say what became of a message; what a vendor repeats of the address is left out."""
    return Outcome(
        delivery_id=message.delivery_id,
        fate=fate,
        code=code,
        detail=detail.replace(message.recipient, "<address>")[:DETAIL_MAX],
        address_gone=fault is FaultKind.PERMANENT,
        vendor_id=vendor_id or message.vendor_id,
        fault=fault,
        retry_after=retry_after,
    )


def outcome_of_loss(message: Outgoing, fault: EgressError) -> Outcome:
    """Say what is known after a call without an answer: nothing, once a byte may have left."""
    if isinstance(fault, NotCalledError):
        return outcome_of(
            message,
            fate=Fate.RETRYABLE,
            code="connection",
            detail=str(fault),
            fault=FaultKind.TRANSIENT,
        )
    return outcome_of(message, fate=Fate.UNKNOWN, code="no_answer", detail=str(fault))


def outcome_of_fault(
    message: Outgoing,
    fault: FaultKind,
    *,
    code: str,
    detail: str,
    answer: Answer | None = None,
) -> Outcome:
    """Say what follows from a vendor's no: again later, or never."""
    passing = fault in {FaultKind.TRANSIENT, FaultKind.THROTTLED, FaultKind.CONFIGURATION}
    lost = answer is not None and answer.status in LOST_BEHIND_GATEWAY
    if lost:
        return outcome_of(message, fate=Fate.UNKNOWN, code=code, detail=detail)
    return outcome_of(
        message,
        fate=Fate.RETRYABLE if passing else Fate.REJECTED,
        code=code,
        detail=detail,
        fault=fault,
        retry_after=None if answer is None else read_retry_after(answer),
    )


def read_retry_after(answer: Answer) -> timedelta | None:
    """Return how long the vendor asks to be left alone, where it says so in seconds."""
    text = answer.headers.get("retry-after", "").strip()
    if not (text.isascii() and text.isdigit()):
        return None
    return min(timedelta(seconds=int(text[:9])), RETRY_AFTER_MAX)


def settle_doubts(
    outcomes: Sequence[Outcome], *, codes: Collection[str], proven: bool
) -> list[Outcome]:
    """Decide about codes that condemn an address, or us: one wrong setting brings them for all.

    Where the account has proved good they condemn the address. Where nothing was ever accepted and
    many come at once, the account is at fault and the messages wait. One alone proves neither: its
    message fails and the address stays.
    """
    doubtful = [outcome for outcome in outcomes if outcome.code in codes]
    if proven or not doubtful:
        return list(outcomes)
    misconfigured = len(doubtful) >= DOUBTS_MAX
    return [
        outcome
        if outcome.code not in codes
        else replace(
            outcome,
            address_gone=False,
            fate=Fate.RETRYABLE if misconfigured else Fate.REJECTED,
            fault=FaultKind.CONFIGURATION if misconfigured else FaultKind.UNREACHABLE,
        )
        for outcome in outcomes
    ]


def as_push(message: Outgoing) -> PushNote:
    """Return the notification a message is.

    Raises:
        TypeError: it is none.
    """
    if isinstance(message.content, PushNote):
        return message.content
    raise TypeError(f"Delivery {message.delivery_id} is no push note but {message.content!r}.")
