"""What vendors tell of messages after they took them: in any order, and as often as they like.

    delivered, opened, clicked, replied   a receipt; what was unknown is settled as taken
    failed                                a receipt; the message has failed, and its ladder goes on
    opted out, complained                 the consent is withdrawn, the address forbidden
    of no message of ours                 parked, and looked at again once we may know it

A message that ever arrived does not fail: of two reports that contradict each other the one counts
by which nobody gets anything twice.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import msgspec

from dangol.content.replies import judge_reply
from dangol.content.tokens import TokenPurpose, read_token
from dangol.feedback.bounces import (
    STATEMENTS,
    fail_messages,
    forbid_addresses,
    silence_addresses,
)
from dangol.feedback.opt_outs import refuse_messages
from dangol.providers.vendor import FaultKind, Report, ReportKind
from dangol.store.connect import Connection
from dangol.store.vault import BadToken, Vault
from dangol.store.vocabulary import ReceiptKind

RECEIPT_OF: Final = {
    ReportKind.DELIVERED: ReceiptKind.DELIVERED,
    ReportKind.FAILED: ReceiptKind.BOUNCED,
    ReportKind.OPENED: ReceiptKind.OPENED,
    ReportKind.CLICKED: ReceiptKind.CLICKED,
    ReportKind.REPLIED: ReceiptKind.REPLIED,
    ReportKind.COMPLAINED: ReceiptKind.COMPLAINED,
}
# So long a report may wait for the message it is about.
PARKED_FOR: Final = timedelta(days=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What came of some reports: new receipts, messages that failed by them, refusals, parked."""

    receipts: int = 0
    failed: int = 0
    refused: int = 0
    parked: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """A report and the message it is about."""

    message_id: int
    report: Report


def record_reports(
    connection: Connection,
    reports: Sequence[Report],
    *,
    workspace_id: int,
    provider: str,
    vault: Vault,
    now: datetime,
    currency: str | None = None,
) -> Told:
    """Record what a vendor told; the same report a second time changes nothing.

    ``currency`` is that of the vendor's prices (ISO 4217). Does not commit.
    """
    found = match(connection, reports, workspace_id=workspace_id, provider=provider, vault=vault)
    known = {id(about.report) for about in found}
    lost = [report for report in reports if id(report) not in known]
    park(connection, lost, workspace_id=workspace_id, provider=provider, now=now)
    receipts = record_found(connection, found, provider=provider, now=now)
    failed = fail_undelivered(connection, found, now=now)
    refused = hear_refusals(
        connection, found, workspace_id=workspace_id, provider=provider, now=now
    )
    keep_costs(connection, found, provider=provider, currency=currency)
    return Told(receipts=receipts, failed=failed, refused=refused, parked=len(lost))


def record_found(
    connection: Connection, found: Sequence[About], *, provider: str, now: datetime
) -> int:
    """Write the receipts of reports whose message is known, and settle what they show as taken."""
    receipts = add_receipts(connection, found, provider=provider, now=now)
    settle_taken(connection, found, now=now)
    return receipts


def record_parked(
    connection: Connection,
    *,
    workspace_id: int,
    provider: str,
    vault: Vault,
    now: datetime,
    currency: str | None = None,
) -> Told:
    """Record the parked reports whose message is known by now; they came before our own note."""
    values = {"workspace_id": workspace_id, "provider": provider, "since": now - PARKED_FOR}
    rows = connection.execute(STATEMENTS["take_parked_reports"], values).fetchall()
    reports = [msgspec.json.decode(text, type=Report) for (text,) in rows]
    return record_reports(
        connection,
        reports,
        workspace_id=workspace_id,
        provider=provider,
        vault=vault,
        now=now,
        currency=currency,
    )


def match(
    connection: Connection,
    reports: Sequence[Report],
    *,
    workspace_id: int,
    provider: str,
    vault: Vault,
) -> list[About]:
    """Find the messages: by our own name for them, else by the vendor's."""
    ours = {
        id(report): message_id
        for report in reports
        if (message_id := named_by_us(report.our_id, workspace_id=workspace_id, vault=vault))
    }
    values = {
        "workspace_id": workspace_id,
        "provider": provider,
        "message_ids": [*ours.values()],
        "vendor_ids": [one.vendor_id for one in reports if one.vendor_id and id(one) not in ours],
    }
    rows = connection.execute(STATEMENTS["match_reports"], values).fetchall()
    existing = {message_id for message_id, _ in rows}
    theirs = {vendor_id: message_id for message_id, vendor_id in rows if vendor_id is not None}
    found: list[About] = []
    for report in reports:
        message_id = ours.get(id(report)) or theirs.get(report.vendor_id)
        if message_id is not None and message_id in existing:
            found.append(About(message_id=message_id, report=report))
    return found


def named_by_us(our_id: str, *, workspace_id: int, vault: Vault) -> int | None:
    """Return the message that a name of ours stands for: a token, or a Message-ID made of one."""
    token = our_id.strip().strip("<>").partition("@")[0]
    if not token:
        return None
    try:
        named = read_token(vault, TokenPurpose.MESSAGE, token)
    except BadToken:
        return None
    return named.message_id if named.workspace_id == workspace_id else None


def park(
    connection: Connection,
    reports: Iterable[Report],
    *,
    workspace_id: int,
    provider: str,
    now: datetime,
) -> None:
    """Keep reports of no message of ours, without whom they are about."""
    rows = [(one, msgspec.json.encode(strip(one)).decode()) for one in reports]
    if rows:
        values = {
            "workspace_id": workspace_id,
            "provider": provider,
            "event_ids": [one.event_id for one, _ in rows],
            "vendor_ids": [one.vendor_id for one, _ in rows],
            "reports": [clean(text) for _, text in rows],
            "now": now,
        }
        connection.execute(STATEMENTS["park_reports"], values)


def strip(report: Report) -> Report:
    """Return a report without whom it is about, nor what they wrote."""
    if report.kind is ReportKind.REPLIED:
        report = replace(report, detail="", reply=report.reply or judge_reply(report.detail))
    return replace(report, recipient="")


def add_receipts(
    connection: Connection, found: Sequence[About], *, provider: str, now: datetime
) -> int:
    """Write a receipt for each report that is one, once; return how many were new."""
    told = [one for one in found if one.report.kind in RECEIPT_OF]
    if not told:
        return 0
    values = {
        "message_ids": [one.message_id for one in told],
        "kinds": [RECEIPT_OF[one.report.kind].value for one in told],
        "moments": [min(one.report.occurred_at, now) for one in told],
        "details": [clean(words_of(one.report)) for one in told],
        "replies": [kind_of(one.report) for one in told],
        "dedupe_keys": [clean(f"{provider}:{one.report.event_id}") for one in told],
    }
    return len(connection.execute(STATEMENTS["insert_reports"], values).fetchall())


def words_of(report: Report) -> str:
    """Return a vendor's words; what a person wrote is not kept."""
    detail = "" if report.kind is ReportKind.REPLIED else report.detail
    return f"{report.code} {detail}".strip()


def kind_of(report: Report) -> str | None:
    """Return what an answer is; None of what is no answer."""
    if report.kind is not ReportKind.REPLIED:
        return None
    return report.reply or judge_reply(report.detail)


def settle_taken(connection: Connection, found: Sequence[About], *, now: datetime) -> None:
    """Settle as taken what was unknown, where a report shows that the vendor has it."""
    shown = sorted({one.message_id for one in found if one.report.kind in ARRIVED})
    if shown:
        values = {"message_ids": shown, "now": now}
        connection.execute(STATEMENTS["settle_arrived"], values)


ARRIVED: Final = frozenset(RECEIPT_OF) - {ReportKind.FAILED}


def fail_undelivered(connection: Connection, found: Sequence[About], *, now: datetime) -> int:
    """Let messages fail that will not arrive; nobody writes to an address that is dead."""
    failed = [one for one in found if one.report.kind is ReportKind.FAILED]
    dead = [one.message_id for one in failed if one.report.fault is FaultKind.PERMANENT]
    silence_addresses(connection, dead, now=now)
    return fail_messages(connection, [one.message_id for one in failed], now=now)


def hear_refusals(
    connection: Connection,
    found: Sequence[About],
    *,
    workspace_id: int,
    provider: str,
    now: datetime,
) -> int:
    """Withdraw the consent of whoever refused or complained, once for each message."""
    complaints = {one.message_id for one in found if one.report.kind is ReportKind.COMPLAINED}
    told = [one for one in found if is_refusal(one.report)]
    if not told:
        return 0
    values = {"message_ids": sorted({one.message_id for one in told})}
    rows = connection.execute(STATEMENTS["find_unrefused"], values).fetchall()
    fresh = [int(message_id) for (message_id,) in rows]
    # Of who had refused before, too: a complaint is graver.
    forbid_addresses(connection, sorted(complaints), reason="complained", now=now)
    refuse_messages(
        connection,
        fresh,
        workspace_id=workspace_id,
        source=f"refused by way of {provider}",
        now=now,
        heard=find_heard(connection, told, workspace_id=workspace_id, provider=provider),
    )
    return len(fresh)


def is_refusal(report: Report) -> bool:
    of_kind = report.kind in {ReportKind.COMPLAINED, ReportKind.OPTED_OUT}
    return of_kind or report.fault is FaultKind.OPT_OUT


def find_heard(
    connection: Connection, told: Sequence[About], *, workspace_id: int, provider: str
) -> dict[int, datetime]:
    """Return of which messages a refusal took effect before the vendor was answered, and when."""
    message_of = {clean(one.report.event_id): one.message_id for one in told}
    values = {
        "workspace_id": workspace_id,
        "provider": provider,
        "event_ids": [*message_of],
    }
    rows = connection.execute(STATEMENTS["find_heard"], values).fetchall()
    return {message_of[event_id]: opted_out_at for event_id, opted_out_at in rows}


def keep_costs(
    connection: Connection, found: Sequence[About], *, provider: str, currency: str | None
) -> None:
    """Keep what a delivery cost, as the vendor said it last."""
    costs = {one.message_id: one.report.cost for one in found if one.report.cost is not None}
    if costs:
        values = {
            "message_ids": [*costs],
            "costs": [*costs.values()],
            "provider": provider,
            "currency": currency,
        }
        connection.execute(STATEMENTS["keep_costs"], values)


def count_parked(connection: Connection) -> Counter[str]:
    """Count the reports of no message of ours, by vendor."""
    return Counter(dict(connection.execute(STATEMENTS["count_parked_reports"]).fetchall()))


def clean(text: str) -> str:
    """PostgreSQL stores no NUL, whatever a vendor says."""
    return text.replace("\0", "").replace("\\u0000", "")
