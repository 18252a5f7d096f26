"""`dangol doctor`: every check says what it found and, where something is amiss, what to do."""

import argparse
import shutil
import smtplib
import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

import msgspec
from rich.console import Console

from dangol.app.clock import STATEMENTS, machine_time
from dangol.app.console_files import console_folder
from dangol.app.database import list_workspaces, open_database
from dangol.app.doctor_edge import examine_edge
from dangol.app.doctor_engine import examine_engine
from dangol.app.doctor_ledger import examine_ledger
from dangol.app.doctor_mail import Zone, examine_mail
from dangol.app.doctor_push import examine_devices, examine_push
from dangol.app.doctor_retention import examine_retention
from dangol.app.doctor_sending import examine_sending
from dangol.app.doctor_services import examine_services
from dangol.app.doctor_vendors import examine_templates, examine_vendors
from dangol.app.fence import open_fence
from dangol.app.settings import Settings
from dangol.app.up import make_folder
from dangol.guard.stop_loss import list_stops
from dangol.store.connect import Connection, StoreError, check_server, connect_bare
from dangol.store.migrate import is_current

CONSOLE: Final = Console(markup=False, emoji=False, highlight=False, soft_wrap=True)
LEAST_FREE_BYTES: Final = 1_000_000_000
MOST_CLOCK_DRIFT: Final = timedelta(seconds=5)
SMTP_SECONDS: Final = 5.0


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What one check found; ``remedy`` is empty where all is well."""

    check: str
    found: str
    remedy: str = ""


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Check everything; exit 1 if anything needs somebody."""
    findings = list(examine(settings))
    if options.json:
        CONSOLE.print_json(msgspec.json.encode(findings).decode())
    for finding in [] if options.json else findings:
        CONSOLE.print(f"{'!' if finding.remedy else '✓'} {finding.check}: {finding.found}")
        if finding.remedy:
            CONSOLE.print(f"    {finding.remedy}")
    return 1 if any(finding.remedy for finding in findings) else 0


def examine(settings: Settings) -> Iterator[Finding]:
    """Make every check, the ones that need no database first."""
    make_folder(settings.data_folder)
    for check in SETTINGS_CHECKS:
        yield check(settings)
    for check, found, remedy in (
        *examine_push(settings),
        *examine_services(settings),
        *examine_vendors(settings),
    ):
        yield Finding(check=check, found=found, remedy=remedy)
    with ExitStack() as stack:
        try:
            dsn = stack.enter_context(open_database(settings))
            connection = stack.enter_context(connect_bare(dsn))
        except StoreError as error:
            yield Finding(check="PostgreSQL", found="not usable", remedy=str(error))
            return
        for check in DATABASE_CHECKS:
            yield check(connection)
            connection.rollback()
        if is_current(connection):
            yield check_webhooks(connection)
            for check, found, remedy in (
                *examine_edge(connection),
                *examine_ledger(connection),
                *examine_retention(connection),
                *examine_sending(connection, open_fence(settings)),
                *examine_mail(connection, settings, Zone()),
                *examine_devices(connection),
                *examine_templates(connection, settings, workspace_ids=list_workspaces(connection)),
            ):
                yield Finding(check=check, found=found, remedy=remedy)


def check_disk(settings: Settings) -> Finding:
    """Is there room for another day?"""
    free = shutil.disk_usage(settings.data_folder).free
    found = f"{free / 1e9:.1f} GB free in {settings.data_folder}"
    remedy = "Free some space: below 1 GB PostgreSQL may stop." if free < LEAST_FREE_BYTES else ""
    return Finding(check="disk", found=found, remedy=remedy)


def check_key(settings: Settings) -> Finding:
    """Is the key there, and for its owner only?"""
    path = settings.key_path
    if not path.exists():
        return Finding(check="key", found=f"{path} will be made at the first start")
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        return Finding(
            check="key", found=f"{path} can be read by others", remedy=f"chmod 600 {path}"
        )
    return Finding(check="key", found=f"{path} is readable by its owner only")


def check_console(_: Settings) -> Finding:
    """Has the console been built?"""
    if (console_folder() / "index.html").is_file():
        return Finding(check="console", found="built")
    return Finding(
        check="console", found="not built", remedy="Run `make setup`, or install the wheel."
    )


def check_base_url(settings: Settings) -> Finding:
    """Can a customer's mail program reach the links?"""
    url = settings.public_url
    if urlsplit(url).hostname in {"127.0.0.1", "localhost", "0.0.0.0"}:  # noqa: S104 - compared
        remedy = "Set DANGOL_BASE_URL to the https:// address customers reach this server at."
        return Finding(check="base_url", found=f"{url} works on this machine only", remedy=remedy)
    if not url.startswith("https://"):
        remedy = "Use https://: mail programs refuse one-click unsubscribe without it."
        return Finding(check="base_url", found=url, remedy=remedy)
    return Finding(check="base_url", found=url)


def check_smtp(settings: Settings) -> Finding:
    """Does the mail server answer?"""
    if not settings.smtp_url and settings.mail_services:
        return Finding(check="smtp", found=f"not used: mail goes by {settings.mail_services[0]}")
    if not settings.smtp_url:
        remedy = "Set DANGOL_SMTP_URL; until then allowed mail waits, and expires."
        return Finding(check="smtp", found="no mail server is set", remedy=remedy)
    parts = urlsplit(settings.smtp_url)
    place = f"{parts.hostname}:{parts.port or 25}"
    kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    try:
        with kind(parts.hostname or "", parts.port or 0, timeout=SMTP_SECONDS) as server:
            _ = server.noop()
    except OSError as error:
        remedy = "Check that the server runs and that DANGOL_SMTP_URL names it."
        return Finding(check="smtp", found=f"{place} does not answer: {error}", remedy=remedy)
    return Finding(check="smtp", found=f"{place} answers")


def check_engine(settings: Settings) -> Finding:
    """Which engine computes over the history, and can it?"""
    found, remedy = examine_engine(settings)
    return Finding(check="engine", found=found, remedy=remedy)


def check_postgres(connection: Connection) -> Finding:
    """Is the server new enough, and does it keep what it confirms?"""
    try:
        check_server(connection)
    except StoreError as error:
        return Finding(check="PostgreSQL", found="not safe to use", remedy=str(error))
    version = connection.info.server_version // 10_000
    return Finding(check="PostgreSQL", found=f"version {version}, keeps what it confirms")


def check_migrations(connection: Connection) -> Finding:
    """Is the schema the one this version is written for?"""
    if not is_current(connection):
        return Finding(check="migrations", found="some are missing", remedy="Run `dangol migrate`.")
    return Finding(check="migrations", found="up to date")


def check_clock(connection: Connection) -> Finding:
    """Do this machine and the server agree on the time?"""
    row = connection.execute(STATEMENTS["read_server_clock"]).fetchone()
    drift = abs(machine_time() - row[0]) if row else timedelta(0)
    found = f"{drift.total_seconds():.1f} s from the database's"
    remedy = "Let both machines follow a time server." if drift > MOST_CLOCK_DRIFT else ""
    return Finding(check="clock", found=found, remedy=remedy)


def check_workspaces(connection: Connection) -> Finding:
    """Is there anybody to work for?"""
    if not is_current(connection):
        return Finding(check="workspaces", found="unknown until the database is migrated")
    count = len(list_workspaces(connection))
    remedy = "" if count else "Create one: `dangol workspace add --help`."
    return Finding(check="workspaces", found=str(count), remedy=remedy)


def check_jobs(connection: Connection) -> Finding:
    """Do background jobs get done?"""
    if not is_current(connection):
        return Finding(check="jobs", found="unknown until the database is migrated")
    counts = connection.execute(STATEMENTS["count_jobs"]).fetchall()
    words = {"todo": "waiting", "doing": "under way", "failed": "failed"}
    found = ", ".join(f"{count} {name} {words[state]}" for name, state, count in counts)
    remedy = (
        "Look for `a background job failed` in the workers' log, mend that; the next flush queues "
        "it again."
        if any(state == "failed" for _, state, _ in counts)
        else ""
    )
    return Finding(check="jobs", found=found or "none waits", remedy=remedy)


def check_keys(connection: Connection) -> Finding:
    """Is a rotation under way, and does anything still need an older key?"""
    if not is_current(connection):
        return Finding(check="master key", found="unknown until the database is migrated")
    versions = [row[0] for row in connection.execute(STATEMENTS["read_master_keys"]) if not row[3]]
    if not versions:
        return Finding(check="master key", found="none in use before the first start")
    wrapped = connection.execute(STATEMENTS["count_wrapped_keys"]).fetchall()
    held = ", ".join(f"{count:,} customers' keys under key {version}" for version, count in wrapped)
    found = f"key {max(versions)} seals; {held or 'no customer has a key'}"
    remedy = "A rotation is under way: run `dangol vault rotate` again." if versions[1:] else ""
    return Finding(check="master key", found=found, remedy=remedy)


def check_segments(connection: Connection) -> Finding:
    """Do the segments hold whom they should?"""
    if not is_current(connection):
        return Finding(check="segments", found="unknown until the database is migrated")
    audits = connection.execute(STATEMENTS["list_audits"]).fetchall()
    if not audits:
        return Finding(check="segments", found="not audited yet; that is done every night")
    wrong = sorted({name for audit in audits for name in audit[6]})
    oldest = min(audit[1] for audit in audits)
    members, differences = (sum(audit[n] for audit in audits) for n in (3, 4))
    differences += sum(audit[5] for audit in audits)
    return Finding(
        check="segments",
        found=f"{members:,} memberships audited since {oldest:%Y-%m-%d %H:%M} UTC, "
        f"{differences:,} were wrong",
        remedy=f"They have been put right. Please report it: {', '.join(wrong)}." if wrong else "",
    )


def check_webhooks(connection: Connection) -> Finding:
    """Does every endpoint still hear?"""
    rows = connection.execute(STATEMENTS["list_ailing_endpoints"]).fetchall()
    ailing = [
        f"{name} was given up at {given_up:%Y-%m-%d %H:%M} UTC"
        if given_up
        else f"{name} has failed {failures:,} times since {since:%Y-%m-%d %H:%M} UTC"
        for name, failures, since, given_up in rows
    ]
    remedy = (
        "Look what they answer with `dangol webhook calls NAME`; once they hear again, "
        "`dangol webhook enable NAME`."
        if ailing
        else ""
    )
    return Finding(
        check="webhooks", found="; ".join(ailing) or "every endpoint hears", remedy=remedy
    )


def check_stops(connection: Connection) -> Finding:
    """Is a message stopped because too many opted out of it?"""
    if not is_current(connection):
        return Finding(check="opt-outs", found="unknown until the database is migrated")
    stops = list_stops(connection)
    if not stops:
        return Finding(check="opt-outs", found="no message is stopped")
    named = ", ".join(
        f"{one.template} in {one.journey} of {one.workspace} ({one.opt_outs} of {one.sent})"
        for one in stops
    )
    return Finding(
        check="opt-outs",
        found=f"stopped, for too many opted out: {named}",
        remedy="Look at what it says and to whom; `dangol guard resume` lets it go on.",
    )


SETTINGS_CHECKS: Final[tuple[Callable[[Settings], Finding], ...]] = (
    check_disk,
    check_key,
    check_console,
    check_base_url,
    check_smtp,
    check_engine,
)
DATABASE_CHECKS: Final[tuple[Callable[[Connection], Finding], ...]] = (
    check_postgres,
    check_migrations,
    check_clock,
    check_workspaces,
    check_jobs,
    check_segments,
    check_keys,
    check_stops,
)
