"""`dangol lake`: prove the history."""

import argparse
from typing import Final

import msgspec
from rich.console import Console

from dangol.app.clock import shifted_clock
from dangol.app.history import open_lake
from dangol.app.manage import open_connection
from dangol.app.settings import Settings
from dangol.store.lake_check import Difference, Proof, verify_lake

CONSOLE: Final = Console(markup=False, emoji=False, highlight=False, soft_wrap=True)


def run_verify(options: argparse.Namespace, settings: Settings) -> int:
    """Prove the lake; exit 1 if anything differs."""
    with open_connection(settings) as connection:
        proof = verify_lake(connection, open_lake(settings), now=shifted_clock(connection))
    if options.json:
        CONSOLE.print(encode_proof(proof))
    else:
        CONSOLE.print("\n".join(say_proof(proof)))
    return 1 if proof.differences else 0


def encode_proof(proof: Proof) -> str:
    """Write a proof as JSON, each difference with its remedy."""
    differences = [{**msgspec.to_builtins(one), "remedy": one.remedy} for one in proof.differences]
    summary = {"proven": not differences, **msgspec.to_builtins(proof), "differences": differences}
    return msgspec.json.encode(summary).decode()


def say_proof(proof: Proof) -> list[str]:
    """Say a proof in sentences."""
    compared = (
        f"{proof.events:,} events as of version {proof.version}: "
        f"{proof.days} days of the inbox and {proof.months} months counted at the flush compared."
    )
    if not proof.differences:
        return [f"✓ The history is whole. {compared}"]
    said = [line for one in proof.differences for line in say_difference(one)]
    return [*said, f"The history is NOT whole: {len(proof.differences)} differences. {compared}"]


def say_difference(one: Difference) -> list[str]:
    """Say one difference, with examples and what to do."""
    whose = "" if one.workspace_id is None else f" of workspace {one.workspace_id}"
    counts = "" if one.expected is None else f": {one.found} instead of {one.expected}"
    examples = [f"    {example}" for example in one.examples]
    return [f"! {one.kind}, {one.where}{whose}{counts}", *examples, f"    {one.remedy}"]
