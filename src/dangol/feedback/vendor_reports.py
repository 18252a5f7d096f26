"""What vendors tell us: kept at once, and an opt-out among it takes effect before the answer.

    keep      each report once, without numbers or words of a person
    withdraw  the consents of whoever an opt-out is about, through the ledger
    commit    the caller's
    wait      until nothing is being sent to them any more
    answer    only then does the vendor hear that we have it

Everything else about a report is the tick's to do, which takes from the same table.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

import msgspec

from dangol.consent.ledger import Origin, withdraw
from dangol.content.replies import judge_reply
from dangol.content.reply_words import means_stop
from dangol.feedback.bounces import STATEMENTS
from dangol.feedback.unsubscribe import PAUSE_SECONDS
from dangol.providers.vendor import Report, ReportKind
from dangol.store.connect import Connection
from dangol.store.vault import Vault
from dangol.store.vocabulary import Channel, ConsentSource, Purpose

# A number that refuses advertising refuses it on every channel that reaches that number.
NUMBER_CHANNELS: Final = (Channel.SMS, Channel.KAKAO_BRAND)
NUL: Final = "\x00"


class Names(StrEnum):
    """By what a vendor names people."""

    NUMBER = "phone"
    EMAIL = "email"
    KAKAO_USER = "kakao_user"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Reports of one vendor, and what its opt-outs concern; ``source`` is said in the ledger."""

    provider: str
    reports: Sequence[Report]
    names: Names
    channels: tuple[Channel, ...]
    kind: ConsentSource
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """How many reports were new, and towards whom silence must have come before the answer."""

    new: int
    workspace_id: int
    channels: tuple[Channel, ...] = ()
    customer_ids: tuple[int, ...] = ()
    keys: tuple[str, ...] = ()


def is_opt_out(report: Report) -> bool:
    """Tell whether a report says that a person wants no more advertising; a complaint does."""
    if report.kind is ReportKind.REPLIED:
        return means_stop(report.detail)
    return report.kind in (ReportKind.OPTED_OUT, ReportKind.COMPLAINED)


def take_reports(
    connection: Connection, told: Told, *, workspace_id: int, vault: Vault, now: datetime
) -> Taken:
    """Keep reports and let their opt-outs take effect; those told before change nothing.

    The caller commits, then calls ``wait_until_quiet`` with what this returns, then answers.
    """
    if not told.reports:
        return Taken(new=0, workspace_id=workspace_id)
    new = insert_reports(connection, told, workspace_id=workspace_id, vault=vault, now=now)
    leaving = [report for report in told.reports if is_opt_out(report) and report.recipient]
    if not leaving:
        return Taken(new=len(new), workspace_id=workspace_id)
    fresh = [report for report in leaving if clean(report.event_id) in new]
    withdraw_all(connection, told, fresh, workspace_id=workspace_id, vault=vault, now=now)
    return Taken(
        new=len(new),
        workspace_id=workspace_id,
        channels=told.channels,
        # Of a report told twice, too: the first answer may have been lost before the wait was over.
        customer_ids=tuple(
            find_holders(connection, told, leaving, workspace_id=workspace_id, vault=vault)
        ),
        keys=tuple(keys_of(told, leaving, workspace_id=workspace_id, vault=vault)),
    )


def insert_reports(
    connection: Connection, told: Told, *, workspace_id: int, vault: Vault, now: datetime
) -> set[str]:
    """Keep each report once; return the event ids of those that are new."""
    unique = list({clean(report.event_id): report for report in told.reports}.values())
    values = {
        "workspace_id": workspace_id,
        "provider": told.provider,
        "now": now,
        "event_ids": [clean(report.event_id) for report in unique],
        "reports": [write_report(report) for report in unique],
        "address_keys": keys_of(told, unique, workspace_id=workspace_id, vault=vault),
    }
    rows = connection.execute(STATEMENTS["insert_vendor_reports"], values).fetchall()
    return {row[0] for row in rows}


def withdraw_all(
    connection: Connection,
    told: Told,
    reports: Sequence[Report],
    *,
    workspace_id: int,
    vault: Vault,
    now: datetime,
) -> None:
    """Withdraw the consents of all these reports are about, and note that of the reports."""
    if not reports:
        return
    held = find_holders(connection, told, reports, workspace_id=workspace_id, vault=vault)
    for customer_id in held:
        for channel in told.channels:
            withdraw(
                connection,
                workspace_id=workspace_id,
                customer_id=customer_id,
                channel=channel,
                purpose=Purpose.MARKETING,
                source=told.source,
                now=now,
                origin=Origin(kind=told.kind, actor=told.provider),
            )
    values = {
        "workspace_id": workspace_id,
        "provider": told.provider,
        "event_ids": [clean(report.event_id) for report in reports],
        "now": now,
    }
    connection.execute(STATEMENTS["mark_opted_out"], values)


def find_holders(
    connection: Connection,
    told: Told,
    reports: Iterable[Report],
    *,
    workspace_id: int,
    vault: Vault,
) -> list[int]:
    """Return the customers that reports are about, in the order in which they are locked."""
    if told.names is Names.KAKAO_USER:
        values: dict[str, object] = {
            "workspace_id": workspace_id,
            "user_ids": [clean(report.recipient) for report in reports],
        }
        rows = connection.execute(STATEMENTS["find_kakao_holders"], values).fetchall()
    else:
        values = {
            "workspace_id": workspace_id,
            "keys": keys_of(told, reports, workspace_id=workspace_id, vault=vault),
            "channels": list(told.channels),
            "kind": told.names,
        }
        rows = connection.execute(STATEMENTS["find_contact_holders"], values).fetchall()
    return [int(row[0]) for row in rows]


def keys_of(told: Told, reports: Iterable[Report], *, workspace_id: int, vault: Vault) -> list[str]:
    """Return the keys under which the recipients of reports are found; empty for none named."""
    return [
        vault.key(workspace_id, told.names, name_of(told, report)) if report.recipient else ""
        for report in reports
    ]


def name_of(told: Told, report: Report) -> str:
    """Return a recipient as we look it up: of an address, letters small and large are the same."""
    name = clean(report.recipient)
    return name.strip().lower() if told.names is Names.EMAIL else name


def wait_until_quiet(
    connection: Connection,
    taken: Taken,
    *,
    longest_seconds: float,
    pause: Callable[[float], None] = time.sleep,
) -> bool:
    """Wait until nothing is being sent to whom opt-outs are about; False if it took too long.

    Call it after the commit: calls that begin later have seen the withdrawal.
    """
    if not taken.channels:
        return True
    values = {
        "workspace_id": taken.workspace_id,
        "channels": list(taken.channels),
        "customer_ids": list(taken.customer_ids),
        "keys": [key for key in taken.keys if key],
    }
    for _ in range(max(1, round(longest_seconds / PAUSE_SECONDS))):
        with connection.transaction():
            row = connection.execute(STATEMENTS["count_calls_to"], values).fetchone()
        if row is None or row[0] == 0:
            return True
        pause(PAUSE_SECONDS)
    return False


def expire_reports(connection: Connection, *, before: datetime) -> int:
    """Forget what was told before a time and has been taken; return how many that were."""
    return connection.execute(STATEMENTS["expire_vendor_reports"], {"before": before}).rowcount


def write_report(report: Report) -> str:
    """Return a report as it is kept: without its recipient; of an answer, only what kind it is."""
    said: dict[str, object] = msgspec.to_builtins(report)
    kept = {name: clean(value) if isinstance(value, str) else value for name, value in said.items()}
    kept["recipient"] = ""
    if report.kind is ReportKind.REPLIED:
        kept["detail"] = ""
        kept["reply"] = judge_reply(report.detail)
    return msgspec.json.encode(kept).decode()


def read_report(kept: object) -> Report:
    """Return a report that ``write_report`` has written, its recipient left out."""
    return msgspec.convert(kept, Report)


def clean(text: str) -> str:
    """Return a text that the database can hold."""
    return text.replace(NUL, "")
