"""The command that puts a new master key in place."""

import argparse
from datetime import UTC

from rich.progress import Progress

from dangol.app.clock import machine_time
from dangol.app.keyfile import open_vault
from dangol.app.manage import CONSOLE, NOTES, open_connection
from dangol.app.problem import about_file
from dangol.app.rotation import Rotation, rotate
from dangol.app.settings import Settings


def run_rotate(_: argparse.Namespace, settings: Settings) -> int:
    """Begin a rotation, or go on with one."""
    path = settings.key_path
    vault = open_vault(path)
    with open_connection(settings) as connection, Progress(console=NOTES) as progress:
        task = progress.add_task("sealing anew", total=None)
        try:
            rotation = rotate(
                connection,
                vault,
                path=path,
                # Processes seal by the machine's time, whatever a replay says.
                now=machine_time(),
                progress=lambda done: progress.update(task, completed=done),
            )
        except OSError as error:
            remedy = "Allow writing it and its folder, then run the command again."
            raise about_file(error, path=path, purpose="the key file", remedy=remedy) from error
    CONSOLE.print(say(rotation))
    return 0


def say(rotation: Rotation) -> str:
    """Say how a rotation stands and what is to be done."""
    sealed = f"{rotation.resealed:,} things were sealed anew; key {rotation.version} seals."
    if rotation.kept_until is None:
        return f"{sealed} No older key is needed, and none is kept. Back the key file up now."
    until = rotation.kept_until.astimezone(UTC)
    return (
        f"{sealed} The old key is kept until {until:%H:%M} UTC for what was on its way: run "
        "`dangol vault rotate` again then. Back the key file up now."
    )
