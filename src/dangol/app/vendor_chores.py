"""What the working process asks vendors for that they do not tell by themselves."""

import asyncio
import logging
from datetime import datetime, timedelta
from typing import Final

from dangol.app.clock import STATEMENTS, machine_time, shifted_clock
from dangol.app.database import list_workspaces
from dangol.app.vendor_desks import denials_told
from dangol.feedback.outcomes import write_outcomes
from dangol.feedback.told import take_told
from dangol.feedback.vendor_reports import Told, take_reports, wait_until_quiet
from dangol.providers.solapi.account import SolapiAccount, SolapiError
from dangol.providers.solapi.poll import poll_denials
from dangol.store.connect import Connection
from dangol.store.vault import Vault

LOGGER: Final = logging.getLogger("dangol.vendors")
DENIALS_SECONDS: Final = 60.0
# Of the time before, again: an entry may appear later than it says.
OVERLAP: Final = timedelta(minutes=15)
WAIT_SECONDS: Final = 30.0
TOLD_AT_ONCE: Final = 1_000
OUTCOMES_AT_ONCE: Final = 5_000


def ask_denials(connection: Connection, *, account: SolapiAccount, vault: Vault) -> bool:
    """Take who has called the 080 number since we last asked; return whether the vendor answered.

    One account serves every workspace of the installation, so an opt-out holds in each.
    """
    now = machine_time()
    since = asked_until(connection, provider="solapi", question="denials")
    try:
        reports = asyncio.run(
            poll_denials(account, since=since - OVERLAP if since else None, until=now)
        )
    except SolapiError as fault:
        LOGGER.warning("the 080 list was not answered", extra={"reason": str(fault)})
        return False
    if take_everywhere(connection, denials_told("solapi", reports), vault=vault):
        note_asked(connection, provider="solapi", question="denials", until=now)
    return True


def take_everywhere(connection: Connection, told: Told, *, vault: Vault) -> bool:
    """Take reports in every workspace; return whether silence has come towards who opted out."""
    quiet = True
    for workspace_id in list_workspaces(connection):
        now = shifted_clock(connection)
        with connection.transaction():
            taken = take_reports(connection, told, workspace_id=workspace_id, vault=vault, now=now)
        quiet = wait_until_quiet(connection, taken, longest_seconds=WAIT_SECONDS) and quiet
    return quiet


def take_all_told(connection: Connection, *, vault: Vault) -> bool:
    """Let what vendors told have its consequences, and write what became of messages as events.

    Returns whether more of it waits.
    """
    more = False
    for workspace_id in list_workspaces(connection):
        now = shifted_clock(connection)
        with connection.transaction():
            taken = take_told(
                connection, workspace_id=workspace_id, vault=vault, now=now, batch=TOLD_AT_ONCE
            )
        with connection.transaction():
            written = write_outcomes(
                connection, workspace_id=workspace_id, now=now, batch=OUTCOMES_AT_ONCE
            )
        more = more or taken == TOLD_AT_ONCE or written == OUTCOMES_AT_ONCE
    return more


def asked_until(connection: Connection, *, provider: str, question: str) -> datetime | None:
    """Return up to when a vendor has been asked; None where never."""
    with connection.transaction():
        row = connection.execute(
            STATEMENTS["read_vendor_poll"], {"provider": provider, "question": question}
        ).fetchone()
    return row[0] if row else None


def note_asked(connection: Connection, *, provider: str, question: str, until: datetime) -> None:
    """Note up to when a vendor has been asked."""
    values = {"provider": provider, "question": question, "asked_until": until}
    with connection.transaction():
        _ = connection.execute(STATEMENTS["save_vendor_poll"], values)
