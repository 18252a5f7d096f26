"""Takes what callbacks and pollers have kept, and lets it have its consequences."""

from datetime import datetime

from dangol.feedback.bounces import STATEMENTS
from dangol.feedback.reports import record_parked, record_reports
from dangol.feedback.vendor_reports import read_report
from dangol.store.connect import Connection
from dangol.store.vault import Vault


def take_told(
    connection: Connection, *, workspace_id: int, vault: Vault, now: datetime, batch: int
) -> int:
    """Record up to ``batch`` of the reports that wait; return how many those were.

    What is about a person alone, as a call to the 080 number, took effect when it was kept. Does
    not commit.
    """
    values = {"workspace_id": workspace_id, "now": now, "batch": batch}
    rows = connection.execute(STATEMENTS["take_vendor_reports"], values).fetchall()
    told = [(provider, read_report(kept)) for provider, kept in rows]
    for name in dict.fromkeys(provider for provider, _ in told):
        reports = [
            report
            for provider, report in told
            if provider == name and (report.our_id or report.vendor_id)
        ]
        _ = record_parked(
            connection, workspace_id=workspace_id, provider=name, vault=vault, now=now
        )
        _ = record_reports(
            connection, reports, workspace_id=workspace_id, provider=name, vault=vault, now=now
        )
    return len(rows)
