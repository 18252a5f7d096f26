"""The command that takes mail which came back, as a mail server pipes it in."""

import argparse
import sys
from pathlib import Path
from typing import Final

from dangol.app.clock import shifted_clock
from dangol.app.keyfile import open_vault
from dangol.app.manage import CONSOLE, find_workspace, open_connection
from dangol.app.problem import about_file
from dangol.app.settings import Settings
from dangol.feedback.mail import Received, receive_mail
from dangol.feedback.unsubscribe import wait_for_calls
from dangol.store.connect import Connection
from dangol.store.vault import Vault

# Mail servers send no larger report; of more, no more is read.
MOST_BYTES: Final = 25_000_000


def run_take(options: argparse.Namespace, settings: Settings) -> int:
    """Record what one mail says; succeeds for mail that says nothing to us, too.

    A mail server would otherwise send a report about a report.
    """
    raw = read_mail(options.file)
    vault = open_vault(settings.key_path)
    with open_connection(settings) as connection:
        workspace_id = find_workspace(connection, name=options.workspace)
        received = take_mail(connection, workspace_id=workspace_id, vault=vault, raw=raw)
    CONSOLE.print(say(received))
    return 0


def take_mail(
    connection: Connection, *, workspace_id: int, vault: Vault, raw: bytes
) -> Received | None:
    """Record and commit what a mail says; then wait for calls to whoever refused."""
    with connection.transaction():
        received = receive_mail(
            connection,
            workspace_id=workspace_id,
            vault=vault,
            raw=raw,
            now=shifted_clock(connection),
        )
    if received is not None and received.subscription is not None:
        _ = wait_for_calls(connection, subscription=received.subscription)
    return received


def say(received: Received | None) -> str:
    """Say what a mail meant."""
    if received is None:
        return "Nothing to record: it says nothing of a message of ours."
    what = f"message {received.message_id}: {received.kind.value}"
    return what if received.is_new else f"{what}, known already or not final"


def read_mail(name: str) -> bytes:
    """Read a file, or what is piped in where the name is ``-``.

    Raises:
        ProblemError: the file cannot be read.
    """
    if name == "-":
        return sys.stdin.buffer.read(MOST_BYTES)
    path = Path(name)
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES)
    except OSError as error:
        raise about_file(
            error,
            path=path,
            purpose="the mail",
            remedy="Name a file you may read, or - for a pipe.",
        ) from error
