"""The commands about the ledger of consents."""

from pathlib import Path
from typing import Final

from dangol.app.arguments import JSON, WHO, WHO_MEANS, WORKSPACE, Argument, Command

LEDGER_COMMANDS: Final = (
    Command(
        name="ledger verify",
        summary="Prove that nobody has altered the consents",
        explanation=(
            "Walks the chain of a workspace from its first entry, computes every hash anew and\n"
            "compares it with the anchors. Finds what was altered, deleted, slipped in or put\n"
            "in another's place; what was cut off, or written anew from some entry on, is found\n"
            "by an anchor. Reads only. Exits 1 if anything is wrong. docs/guides/consent.md."
        ),
        examples=(
            "dangol ledger verify",
            "dangol ledger verify --anchors /mnt/safe/anchors --json",
        ),
        runs="dangol.app.ledger:run_verify",
        arguments=(
            Argument(
                name="--anchors",
                kind=Path,
                many=True,
                help="a file or folder of anchors, instead of those in DANGOL_ANCHOR_FOLDER",
            ),
            JSON,
            WORKSPACE,
        ),
    ),
    Command(
        name="ledger anchor",
        summary="Write the head of the consents' chain down elsewhere",
        explanation=(
            "A few words that fix everything before them: the number of the last entry and its\n"
            "hash. Workers write one every night into DANGOL_ANCHOR_FOLDER; put more where the\n"
            "database's administrator has no hand: in a commit, in an e-mail, on paper."
        ),
        examples=("dangol ledger anchor", "dangol ledger anchor --to - | mail -s anchor dpo@shop"),
        runs="dangol.app.ledger:run_anchor",
        arguments=(
            Argument(
                name="--to",
                default="",
                help="a file, or - for standard output, instead of DANGOL_ANCHOR_FOLDER",
            ),
            WORKSPACE,
        ),
    ),
    Command(
        name="ledger prove",
        summary="Write a bundle that proves a customer's consents, offline",
        explanation=(
            WHO_MEANS
            + "A ZIP file with their entries, the words they were shown, the stretch of the\n"
            "chain that leads to the next anchor, and verify.py, which needs nothing but Python.\n"
            "Of other customers it holds digests that tell nothing."
        ),
        examples=("dangol ledger prove minji@shop.example --to minji.zip",),
        runs="dangol.app.prove:run_prove",
        arguments=(
            WHO,
            Argument(name="--to", kind=Path, required=True, help="the file to write"),
            WORKSPACE,
        ),
    ),
)
