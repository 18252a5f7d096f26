"""`dangol segment winners`: the members of a segment as a list that may be published."""

import argparse
import csv
import sys
from typing import Final

from dangol.app.accesses import account
from dangol.app.clock import shifted_clock
from dangol.app.keyfile import open_vault
from dangol.app.manage import CONSOLE, find_workspace, open_connection
from dangol.app.problem import ProblemError
from dangol.app.settings import Settings
from dangol.content.winners import star_email, star_name, star_phone
from dangol.rights.access import Seen, Viewer, note_seen
from dangol.rights.winners import Winner, list_winners
from dangol.store.vocabulary import AccessBy

COLUMNS: Final = ("name", "phone", "email")


def run_winners(options: argparse.Namespace, settings: Settings) -> int:
    """Print the members of a segment, masked unless a reason is given to see them whole."""
    if options.unmasked and not options.reason.strip():
        raise ProblemError(
            "--unmasked needs --reason: say what the whole addresses are for; it goes into the "
            "access log."
        )
    vault = open_vault(settings.key_path)
    with open_connection(settings) as connection:
        workspace_id = find_workspace(connection, name=options.workspace)
        try:
            found = list_winners(
                connection, vault=vault, workspace_id=workspace_id, segment=options.name
            )
        except LookupError as error:
            raise ProblemError(str(error)) from error
        what = "winners, unmasked" if options.unmasked else "winners, masked"
        note_seen(
            connection,
            Viewer(kind=AccessBy.COMMAND, name=account()),
            [
                Seen(
                    what=f"{what}: segment {options.name}",
                    customer_ids=[one.customer_id for one in found],
                    reason=options.reason,
                )
            ],
            workspace_id=workspace_id,
            now=shifted_clock(connection),
        )
        # What is shown is written down before it is shown.
        connection.commit()
    writer = csv.writer(sys.stdout)
    writer.writerow(COLUMNS)
    writer.writerows(as_row(one, masked=not options.unmasked) for one in found)
    if not found:
        CONSOLE.print(f"Nobody is in segment {options.name} now.")
    return 0


def as_row(one: Winner, *, masked: bool) -> tuple[str, str, str]:
    """Return a line of the list; what is not known stays empty."""
    if not masked:
        return one.name, one.phone, one.email
    return (
        star_name(one.name),
        star_phone(one.phone) if one.phone else "",
        star_email(one.email) if one.email else "",
    )
