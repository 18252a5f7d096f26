"""Vendors of every class, as small as they can be: what they took stands in a list or a file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from dangol.app.providers import Provider
from dangol.providers.vendor import Asked, Fate, FaultKind, Idempotency, Outcome, Outgoing
from dangol.store.crash import crashpoint
from dangol.store.vocabulary import Channel

Answer = Callable[[Outgoing], Outcome | None]
KEY_LASTS = timedelta(hours=1)


def provider(
    kind: Idempotency = Idempotency.NEITHER, *, channel: Channel = Channel.SMS
) -> Provider:
    """A vendor for text messages of this class."""
    return Provider(
        name=f"fake-{kind}",
        channels=(channel,),
        idempotency=kind,
        key_lasts=KEY_LASTS if kind is Idempotency.KEYED else None,
    )


def outcome(
    message: Outgoing,
    fate: Fate = Fate.ACCEPTED,
    *,
    fault: FaultKind | None = None,
    code: str = "",
    retry_after: timedelta | None = None,
) -> Outcome:
    return Outcome(
        delivery_id=message.delivery_id,
        fate=fate,
        code=code,
        detail="",
        fault=fault,
        vendor_id=message.vendor_id,
        retry_after=retry_after,
    )


@dataclass(kw_only=True)
class Vendor:
    """Takes every message unless ``answer`` says another; honours keys where it is that class.

    With ``ledger`` what it took outlives this process: each on a line of a file.
    """

    kind: Idempotency = Idempotency.NEITHER
    answer: Answer = outcome
    ledger: Path | None = None
    taken: list[Outgoing] = field(default_factory=list)
    calls: int = 0

    async def send(self, messages: Sequence[Outgoing]) -> list[Outcome]:
        self.calls += 1
        return [self.take(message) for message in messages]

    def take(self, message: Outgoing) -> Outcome:
        found = self.answer(message) or outcome(message)
        if found.fate in {Fate.ACCEPTED, Fate.UNKNOWN}:
            self.keep(message)
        return found

    def keep(self, message: Outgoing) -> None:
        if self.kind is Idempotency.KEYED and message.vendor_id in self.known():
            return
        self.taken.append(message)
        if self.ledger is not None:
            with self.ledger.open("a", encoding="utf-8") as file:
                file.write(f"{message.vendor_id}\n")
        crashpoint("vendor.taken")

    def known(self) -> list[str]:
        """Return what was taken, under our names."""
        if self.ledger is None:
            return [message.vendor_id for message in self.taken]
        return self.ledger.read_text("utf-8").split() if self.ledger.exists() else []

    async def ask(self, calls: Sequence[Asked]) -> list[Outcome]:
        """Say of each call whether it came."""
        known = set(self.known())
        return [
            Outcome(
                delivery_id=call.delivery_id,
                fate=Fate.ACCEPTED if call.vendor_id in known else Fate.RETRYABLE,
                code="asked",
                detail="",
                vendor_id=call.vendor_id,
            )
            for call in calls
        ]
