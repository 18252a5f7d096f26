"""`dangol ledger prove`: a bundle that proves a customer's consents, offline."""

import argparse
import os
import zipfile
from pathlib import Path

import msgspec

from dangol.app.anchors import open_anchors
from dangol.app.clock import shifted_clock
from dangol.app.customer import open_person
from dangol.app.database import one_moment
from dangol.app.manage import CONSOLE
from dangol.app.problem import ProblemError, about_file
from dangol.app.settings import Settings
from dangol.consent.chain import chain_everything
from dangol.consent.proof import make_bundle
from dangol.consent.verify import check_bundle, say


def run_prove(options: argparse.Namespace, settings: Settings) -> int:
    """Write the bundle of a customer, once it proves what it should."""
    path: Path = options.to
    anchors = [msgspec.to_builtins(one) for one in open_anchors(settings).read()]
    with open_person(options, settings) as meant:
        now = shifted_clock(meant.connection)
        _ = chain_everything(meant.connection, workspace_id=meant.workspace_id, now=now)
        with one_moment(meant.connection):
            files = make_bundle(
                meant.connection,
                workspace_id=meant.workspace_id,
                customer_id=meant.customer_id,
                customer_ids=meant.subject.people(),
                vault=meant.vault,
                anchors=anchors,
                now=now,
            )
    check = check_bundle(files)
    if check.faults:
        raise ProblemError(
            f"The ledger does not prove these consents: {check.faults[0]}. "
            "Run `dangol ledger verify` and compare with a backup."
        )
    write_bundle(path, files)
    CONSOLE.print("\n".join([*say(check), f"Written to {path}; it may hold personal data."]))
    return 0


def write_bundle(path: Path, files: dict[str, bytes]) -> None:
    """Pack the bundle into a file of its own, for its owner only.

    Raises:
        ProblemError: there is such a file already, or it cannot be written.
    """
    try:
        with (
            os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file,
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bundle,
        ):
            for name, content in files.items():
                bundle.writestr(name, content)
    except OSError as error:
        remedy = "Choose another --to."
        raise about_file(error, path=path, purpose="the bundle", remedy=remedy) from error
