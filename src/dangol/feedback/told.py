"""Takes what callbacks and pollers have kept, and lets it have its consequences."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from dangol.feedback.bounces import STATEMENTS
from dangol.feedback.reports import About, record_found, record_parked, record_reports
from dangol.feedback.vendor_reports import NUMBER_CHANNELS, read_report
from dangol.providers.vendor import Report, ReportKind
from dangol.store.connect import Connection
from dangol.store.vault import Vault
from dangol.store.vocabulary import Channel

# Where an answer to a number of ours can come from; a text that names no message answers the last.
ANSWERABLE: Final = (*NUMBER_CHANNELS, Channel.KAKAO_ALIMTALK)
ANSWERED_WITHIN: Final = timedelta(days=7)
# The vendors that post reports are Korean and bill in won.
CURRENCY: Final = "KRW"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A report as it was kept; the key of its sender's address is empty where it names none."""

    provider: str
    report: Report
    address_key: str
    is_refusal: bool

    @property
    def names_message(self) -> bool:
        """Whether it says which message it is about."""
        return bool(self.report.our_id or self.report.vendor_id)

    @property
    def is_answer(self) -> bool:
        """Whether somebody wrote it of whom only the address is known, and did not refuse by it."""
        return (
            self.report.kind is ReportKind.REPLIED
            and not self.is_refusal
            and not self.names_message
            and bool(self.address_key)
        )


def take_told(
    connection: Connection, *, workspace_id: int, vault: Vault, now: datetime, batch: int
) -> int:
    """Record up to ``batch`` of the reports that wait; return how many those were.

    What is about a person alone, as a call to the 080 number, took effect when it was kept. Does
    not commit.
    """
    values = {"workspace_id": workspace_id, "now": now, "batch": batch}
    told = [
        Kept(
            provider=provider,
            report=read_report(kept),
            address_key=address_key,
            is_refusal=is_refusal,
        )
        for provider, kept, address_key, is_refusal in connection.execute(
            STATEMENTS["take_vendor_reports"], values
        ).fetchall()
    ]
    for name in dict.fromkeys(kept.provider for kept in told):
        of = [kept for kept in told if kept.provider == name]
        _ = record_parked(
            connection,
            workspace_id=workspace_id,
            provider=name,
            vault=vault,
            now=now,
            currency=CURRENCY,
        )
        _ = record_reports(
            connection,
            [kept.report for kept in of if kept.names_message],
            workspace_id=workspace_id,
            provider=name,
            vault=vault,
            now=now,
            currency=CURRENCY,
        )
        answers = find_answered(connection, of, workspace_id=workspace_id)
        _ = record_found(connection, answers, provider=name, now=now)
    return len(told)


def find_answered(
    connection: Connection, told: Sequence[Kept], *, workspace_id: int
) -> list[About]:
    """Find which messages people answered who wrote to a number of ours.

    An answer names no message, so it is taken for one to the last that went to them, within a week.
    """
    answers = [kept for kept in told if kept.is_answer]
    if not answers:
        return []
    values = {
        "workspace_id": workspace_id,
        "channels": list(ANSWERABLE),
        "within": ANSWERED_WITHIN,
        "places": list(range(len(answers))),
        "address_keys": [kept.address_key for kept in answers],
        "moments": [kept.report.occurred_at for kept in answers],
    }
    return [
        About(message_id=message_id, report=answers[int(place)].report)
        for place, message_id in connection.execute(STATEMENTS["find_answered"], values)
    ]
