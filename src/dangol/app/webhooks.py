"""The commands about webhook endpoints and their calls."""

import argparse
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import msgspec

from dangol.app.keyfile import open_vault
from dangol.app.manage import CONSOLE, asked
from dangol.app.problem import ProblemError, about_file
from dangol.app.settings import Settings
from dangol.store.vocabulary import WebhookState
from dangol.webhooks.calls import list_calls, plan_test, replay_calls
from dangol.webhooks.endpoints import (
    Endpoint,
    WebhookFault,
    add_endpoint,
    enable_endpoint,
    find_endpoint,
    list_endpoints,
    remove_endpoint,
    rotate_secret,
)
from dangol.webhooks.headers import change_headers
from dangol.webhooks.signature import webhook_id

# Why an endpoint was given up, as a terminal says it.
BECAUSE = {
    "only_failures": "every call failed for five days",
    "gone": "it answered that it is gone (410)",
}


def run_webhook_add(options: argparse.Namespace, settings: Settings) -> int:
    """Add an endpoint and print its secret, this once."""
    headers = read_headers(options)
    with asked(options, settings, WebhookFault) as (connection, workspace_id, now):
        secret = add_endpoint(
            connection,
            workspace_id=workspace_id,
            name=options.name,
            url=options.url,
            kinds=options.kind or (),
            vault=open_vault(settings.key_path),
            now=now,
            loopback=settings.egress_loopback,
        )
        _ = change_headers(
            connection,
            workspace_id=workspace_id,
            name=options.name,
            put=headers,
            vault=open_vault(settings.key_path),
        )
    CONSOLE.print(secret)
    return 0


def read_headers(options: argparse.Namespace) -> dict[str, str]:
    """Read headers from the command line, and from a file or standard input.

    Raises:
        ProblemError: the file cannot be read, or something is no header; never says a value.
    """
    lines = list(options.header or ())
    if options.header_file is not None:
        lines += [line for line in read_file(options.header_file).splitlines() if line.strip()]
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon:
            raise ProblemError("A header is without a colon: write it as 'X-Api-Key: …'.")
        if name in headers:
            raise ProblemError(f"The header {name!r} is given twice: give it once.")
        headers[name] = value.strip(" \t")
    return headers


def read_file(path: str) -> str:
    """Read a file, or standard input for ``-``.

    Raises:
        ProblemError: it cannot be read.
    """
    try:
        if path == "-":
            return sys.stdin.read()
        return Path(path).read_text(encoding="utf-8-sig", errors="replace")
    except OSError as error:
        raise about_file(
            error, path=Path(path), purpose="headers", remedy="Check the path."
        ) from error


def run_webhook_headers(options: argparse.Namespace, settings: Settings) -> int:
    """Change the headers of an endpoint, and say which it has."""
    headers = read_headers(options)
    with asked(options, settings, WebhookFault) as (connection, workspace_id, _):
        names = change_headers(
            connection,
            workspace_id=workspace_id,
            name=options.name,
            put=headers,
            remove=options.remove or (),
            vault=open_vault(settings.key_path),
        )
    CONSOLE.print(f"{options.name} is called with {', '.join(names) or 'no header beside ours'}.")
    return 0


def run_webhook_list(options: argparse.Namespace, settings: Settings) -> int:
    """List the endpoints, and how they fare."""
    with asked(options, settings, WebhookFault) as (connection, workspace_id, now):
        endpoints = list_endpoints(connection, workspace_id=workspace_id, now=now)
    if options.json:
        CONSOLE.print_json(msgspec.json.encode(endpoints).decode())
        return 0
    for endpoint in endpoints:
        CONSOLE.print(f"{endpoint.name}  {endpoint.url}")
        for line in notes_on(endpoint):
            CONSOLE.print(f"    {line}")
    if not endpoints:
        CONSOLE.print("There is no endpoint. Add one with `dangol webhook add --help`.")
    return 0


def notes_on(endpoint: Endpoint) -> Iterator[str]:
    """Say how an endpoint fares."""
    yield (
        f"{endpoint.delivered:,} arrived, {endpoint.waiting:,} wait, "
        f"{endpoint.failed:,} failed for good, {endpoint.dropped:,} dropped"
    )
    if endpoint.disabled_at is not None:
        why = BECAUSE.get(endpoint.disabled_because or "", endpoint.disabled_because)
        yield (
            f"given up at {endpoint.disabled_at:%Y-%m-%d %H:%M} UTC: {why}. "
            f"Once it answers again: dangol webhook enable {endpoint.name}"
        )
    elif endpoint.failing_since is not None:
        yield (
            f"{endpoint.failures:,} calls in a row have failed "
            f"since {endpoint.failing_since:%Y-%m-%d %H:%M} UTC"
        )
    if endpoint.header_names:
        yield f"called with {', '.join(endpoint.header_names)}"
    if endpoint.previous_until is not None:
        until = f"{endpoint.previous_until:%Y-%m-%d %H:%M} UTC"
        yield f"also signed with the secret before until {until}"


def run_webhook_calls(options: argparse.Namespace, settings: Settings) -> int:
    """List the calls to an endpoint."""
    with asked(options, settings, WebhookFault) as (connection, workspace_id, now):
        _ = find_endpoint(connection, workspace_id=workspace_id, name=options.name, now=now)
        calls = list_calls(
            connection,
            workspace_id=workspace_id,
            endpoint=options.name,
            state=WebhookState(options.state) if options.state else None,
        )
    if options.json:
        CONSOLE.print_json(msgspec.json.encode(calls).decode())
        return 0
    for call in calls:
        CONSOLE.print(
            f"{call.occurred_at:%Y-%m-%d %H:%M:%S}  {webhook_id(call.ref)}  {call.kind:<20}  "
            f"{call.state:<9}  {call.attempts} attempts  {call.status or ''} {call.answer[:60]}"
        )
    if not calls:
        CONSOLE.print("There is no such call.")
    return 0


def run_webhook_replay(options: argparse.Namespace, settings: Settings) -> int:
    """Make calls again."""
    if not (options.ref or options.since or options.until):
        raise ProblemError("Which calls? Give --id, or --since and --until.")
    ref = read_ref(options.ref)
    since = read_moment("--since", options.since)
    until = read_moment("--until", options.until)
    with asked(options, settings, WebhookFault) as (connection, workspace_id, now):
        _ = find_endpoint(connection, workspace_id=workspace_id, name=options.name, now=now)
        count = replay_calls(
            connection,
            workspace_id=workspace_id,
            endpoint=options.name,
            now=now,
            ref=ref,
            since=since,
            until=until,
            only_failed=not options.all,
        )
    CONSOLE.print(f"{count:,} calls will be made again.")
    return 0


def read_ref(text: str | None) -> UUID | None:
    """Read a webhook-id.

    Raises:
        ProblemError: it is none.
    """
    try:
        return UUID(text.removeprefix("msg_")) if text else None
    except ValueError as error:
        raise ProblemError(
            f"--id is {text!r}: write it as `dangol webhook calls` shows it."
        ) from error


def read_moment(name: str, text: str | None) -> datetime | None:
    """Read a moment; without a zone it is UTC.

    Raises:
        ProblemError: it is none.
    """
    try:
        moment = datetime.fromisoformat(text) if text else None
    except ValueError as error:
        raise ProblemError(
            f"{name} is {text!r}: write it as 2027-03-01 or 2027-03-01T09:00."
        ) from error
    return moment.replace(tzinfo=moment.tzinfo or UTC) if moment else None


def run_webhook_rotate(options: argparse.Namespace, settings: Settings) -> int:
    """Give an endpoint a new secret and print it, this once."""
    with asked(options, settings, WebhookFault) as (connection, workspace_id, now):
        secret = rotate_secret(
            connection,
            workspace_id=workspace_id,
            name=options.name,
            vault=open_vault(settings.key_path),
            now=now,
            grace=timedelta(hours=options.grace),
        )
    CONSOLE.print(secret)
    return 0


def run_webhook_test(options: argparse.Namespace, settings: Settings) -> int:
    """Plan a test call."""
    with asked(options, settings, WebhookFault) as (connection, workspace_id, now):
        _ = find_endpoint(connection, workspace_id=workspace_id, name=options.name, now=now)
        ref = plan_test(connection, workspace_id=workspace_id, name=options.name, now=now)
    if ref is not None:
        CONSOLE.print(
            f"{webhook_id(ref)} is on its way; "
            f"`dangol webhook calls {options.name}` tells what was answered."
        )
    return 0


def run_webhook_enable(options: argparse.Namespace, settings: Settings) -> int:
    """Call an endpoint again."""
    with asked(options, settings, WebhookFault) as (connection, workspace_id, _):
        enable_endpoint(connection, workspace_id=workspace_id, name=options.name)
    CONSOLE.print(f"{options.name} is called again.")
    return 0


def run_webhook_remove(options: argparse.Namespace, settings: Settings) -> int:
    """Remove an endpoint."""
    with asked(options, settings, WebhookFault) as (connection, workspace_id, _):
        remove_endpoint(connection, workspace_id=workspace_id, name=options.name)
    CONSOLE.print(f"{options.name} hears nothing any more.")
    return 0
