"""Asks vendors for reports that they never posted: a webhook may be lost, or was never entered.

What is asked for laps into what was asked before, and a report told twice is one: its event id is
the same by both ways.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from dangol.app.clock import STATEMENTS, machine_time, shifted_clock
from dangol.app.settings import Settings
from dangol.app.vendor_chores import (
    OVERLAP,
    WAIT_SECONDS,
    asked_until,
    note_asked,
    take_everywhere,
)
from dangol.app.vendor_desks import DESKS
from dangol.app.vendors import bizgo_account, nhn_account, solapi_account
from dangol.content.tokens import TokenPurpose, read_token
from dangol.feedback.vendor_reports import take_reports, wait_until_quiet
from dangol.providers.bizgo.poll import acknowledge
from dangol.providers.bizgo.poll import poll_reports as poll_bizgo
from dangol.providers.bizgo.sender import BizgoAccount
from dangol.providers.nhn.poll import poll_reports as poll_nhn
from dangol.providers.solapi.poll import poll_reports as poll_solapi
from dangol.providers.vendor import Report, ReportKind, VendorError
from dangol.store.connect import Connection
from dangol.store.vault import BadToken, Vault

LOGGER: Final = logging.getLogger("dangol.vendors")
REPORT_SECONDS: Final = 300.0
QUESTION: Final = "reports"
# How far back the first question goes.
FIRST: Final = timedelta(days=1)
# NHN answers for a day at most.
LONGEST_WINDOW: Final = timedelta(days=1)
# So many of Bizgo's batches in one turn.
MOST_BATCHES: Final = 100
# What is about a person, whichever message it answers.
OF_PEOPLE: Final = frozenset({ReportKind.REPLIED, ReportKind.OPTED_OUT})

#: Returns what became known between two times; raises VendorError.
Ask = Callable[[datetime, datetime], list[Report]]
#: Asks one vendor and takes what it says; raises VendorError.
Turn = Callable[[Connection], None]


def report_turns(settings: Settings, *, vault: Vault) -> Mapping[str, Turn]:
    """Return how each vendor that is set up is asked for its reports."""
    found: dict[str, Turn] = {}
    if solapi := solapi_account(settings):
        found["solapi"] = partial(
            ask_windows,
            vendor="solapi",
            ask=lambda since, until: asyncio.run(poll_solapi(solapi, since=since, until=until)),
            vault=vault,
        )
    if nhn := nhn_account(settings):
        found["nhn"] = partial(
            ask_windows,
            vendor="nhn",
            ask=lambda since, until: asyncio.run(poll_nhn(nhn, since=since, until=until)),
            vault=vault,
        )
    if bizgo := bizgo_account(settings):
        found["bizgo"] = partial(ask_batches, account=bizgo, vault=vault)
    return found


def ask_reports(connection: Connection, turns: Mapping[str, Turn]) -> int:
    """Ask every vendor; return how many answered. Commits by itself."""
    answered = 0
    for vendor, turn in turns.items():
        try:
            turn(connection)
        except VendorError as fault:
            LOGGER.warning(
                "reports were not listed", extra={"provider": vendor, "reason": str(fault)}
            )
            continue
        answered += 1
    return answered


def ask_windows(connection: Connection, *, vendor: str, ask: Ask, vault: Vault) -> None:
    """Ask a vendor that lists by time, from where the last question ended; raises VendorError."""
    now = machine_time()
    asked = asked_until(connection, provider=vendor, question=QUESTION) or now - FIRST
    since = asked - OVERLAP
    while since < now:
        until = min(since + LONGEST_WINDOW, now)
        if not take_owned(connection, ask(since, until), vendor=vendor, vault=vault):
            return
        note_asked(connection, provider=vendor, question=QUESTION, until=until)
        since = until


def ask_batches(connection: Connection, *, account: BizgoAccount, vault: Vault) -> None:
    """Ask Bizgo, which gives batches until each is acknowledged; raises VendorError.

    A batch is acknowledged once it is kept: what a crash comes between is given again.
    """
    for _ in range(MOST_BATCHES):
        batch = asyncio.run(poll_bizgo(account, now=machine_time()))
        if not batch.id or not batch.reports:
            return
        if not take_owned(connection, batch.reports, vendor="bizgo", vault=vault):
            return
        asyncio.run(acknowledge(account, batch))


def take_owned(
    connection: Connection, reports: Sequence[Report], *, vendor: str, vault: Vault
) -> bool:
    """Take reports in the workspaces whose messages they are about; return whether silence came.

    One account serves all workspaces, so what a person said counts in each. What is about no
    message of ours is another system's that sends by the same account.
    """
    owners = find_owners(connection, reports, vendor=vendor, vault=vault)
    owned: defaultdict[int, list[Report]] = defaultdict(list)
    of_people: list[Report] = []
    for report in reports:
        if workspace_id := owners.get(report.event_id):
            owned[workspace_id].append(report)
        elif report.kind in OF_PEOPLE:
            of_people.append(report)
    quiet = True
    for workspace_id, ours in owned.items():
        with connection.transaction():
            taken = take_reports(
                connection,
                DESKS[vendor].told(vendor, ours),
                workspace_id=workspace_id,
                vault=vault,
                now=shifted_clock(connection),
            )
        quiet = wait_until_quiet(connection, taken, longest_seconds=WAIT_SECONDS) and quiet
    told = DESKS[vendor].told(vendor, of_people)
    return (not of_people or take_everywhere(connection, told, vault=vault)) and quiet


def find_owners(
    connection: Connection, reports: Sequence[Report], *, vendor: str, vault: Vault
) -> dict[str, int]:
    """Return whose message each report is about, by event id; of nobody's nothing."""
    found: dict[str, int] = {}
    unnamed: list[Report] = []
    for report in reports:
        try:
            named = read_token(vault, TokenPurpose.MESSAGE, report.our_id)
            found[report.event_id] = named.workspace_id
        except BadToken:
            unnamed.append(report)
    values = {
        "provider": vendor,
        "vendor_ids": [one.vendor_id.replace("\0", "") for one in unnamed],
    }
    with connection.transaction():
        known = dict(connection.execute(STATEMENTS["find_report_owners"], values).fetchall())
    for report in unnamed:
        if workspace_id := known.get(report.vendor_id):
            found[report.event_id] = workspace_id
    return found
