"""`dangol ledger`: verify the chain of consents, and anchor its head elsewhere."""

import argparse
from pathlib import Path
from typing import Final

import msgspec
from rich.progress import Progress

from dangol.app.anchors import Written, encode, open_anchors, read_anchors
from dangol.app.database import list_workspaces, one_moment
from dangol.app.ledger_job import take_head
from dangol.app.manage import CONSOLE, NOTES, find_workspace, open_connection
from dangol.app.problem import about_file
from dangol.app.settings import Settings
from dangol.consent.audit import Verdict, verify_ledger
from dangol.consent.chain import Fault

NO_ANCHOR: Final = (
    " Without an anchor nobody can tell whether its end was cut off, or all of it written anew; "
    "see `dangol ledger anchor --help`."
)


def run_verify(options: argparse.Namespace, settings: Settings) -> int:
    """Verify the ledger of a workspace; exit 1 if anything is wrong with it."""
    given: list[Path] | None = options.anchors
    anchors = open_anchors(settings).read() if given is None else read_anchors(given)
    with open_connection(settings) as connection, Progress(console=NOTES) as progress:
        workspace_id = find_workspace(connection, name=options.workspace)
        task = progress.add_task("verifying", total=None)
        with one_moment(connection):
            verdict = verify_ledger(
                connection,
                workspace_id=workspace_id,
                anchors=[one.read() for one in anchors],
                progress=lambda done, total: progress.update(task, completed=done, total=total),
            )
    CONSOLE.print(encode_verdict(verdict) if options.json else "\n".join(say_verdict(verdict)))
    return 1 if verdict.faults else 0


def encode_verdict(verdict: Verdict) -> str:
    """Write a verdict as JSON, each fault with its remedy."""
    examples = [{**msgspec.to_builtins(one), "remedy": one.remedy} for one in verdict.examples]
    said = {"whole": not verdict.faults, **msgspec.to_builtins(verdict), "examples": examples}
    return msgspec.json.encode(said).decode()


def say_verdict(verdict: Verdict) -> list[str]:
    """Say a verdict in sentences."""
    walked = f"{verdict.links:,} entries, {verdict.anchors:,} anchors compared"
    waiting = [f"{verdict.waiting:,} entries wait for their links."] if verdict.waiting else []
    if verdict.faults:
        told = [line for fault in verdict.examples for line in say_fault(fault)]
        return [*told, f"The ledger is NOT whole: {verdict.faults:,} faults in {walked}.", *waiting]
    limit = "" if verdict.anchors else NO_ANCHOR
    return [f"✓ The ledger is whole. {walked}; its head is {verdict.head}.{limit}", *waiting]


def say_fault(fault: Fault) -> list[str]:
    """Say a fault, with where and what to do."""
    return [f"! {fault.where}", f"    {fault.remedy}"]


def run_anchor(options: argparse.Namespace, settings: Settings) -> int:
    """Write down the head of each chain, or of one workspace's."""
    target: str = options.to
    place = None if target else open_anchors(settings)
    with open_connection(settings) as connection:
        workspaces = (
            [find_workspace(connection, name=options.workspace)]
            if options.workspace
            else list_workspaces(connection)
        )
        heads = [take_head(connection, workspace_id=one) for one in workspaces]
    anchors = [head for head in heads if head.seq]
    if place is not None:
        for one in anchors:
            CONSOLE.print(place.keep(one))
    elif target == "-":
        CONSOLE.print("".join(encode(one).decode() for one in anchors), end="")
    else:
        write_anchors(Path(target), anchors)
    return 0


def write_anchors(path: Path, anchors: list[Written]) -> None:
    """Write anchors into a file that somebody named, one on each line.

    Raises:
        ProblemError: it cannot be written.
    """
    try:
        _ = path.write_bytes(b"".join(map(encode, anchors)))
    except OSError as error:
        remedy = "Choose another --to."
        raise about_file(error, path=path, purpose="the anchor's file", remedy=remedy) from error
    CONSOLE.print(str(path))
