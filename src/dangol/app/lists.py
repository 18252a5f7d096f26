"""The command that uploads a list of customers."""

# pyarrow ships no types: what comes from it is unknown.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

import argparse
import json
from dataclasses import asdict
from typing import Final

from dangol.app.clock import shifted_clock
from dangol.app.keyfile import open_vault
from dangol.app.manage import CONSOLE, find_workspace, open_connection
from dangol.app.problem import ProblemError
from dangol.app.settings import Settings
from dangol.ingest.mapping import ImportFault, Source
from dangol.ingest.readers import Rows, read_rows
from dangol.segments.upload import Uploaded, upload_list
from dangol.store.vocabulary import IdentifierKind

KINDS: Final = {
    "user": IdentifierKind.EXTERNAL,
    "email": IdentifierKind.EMAIL,
    "phone": IdentifierKind.PHONE,
}
# So many lines of rows that lead to nobody are named.
SHOWN: Final = 20


def run_upload(options: argparse.Namespace, settings: Settings) -> int:
    """Make a file's customers a list, and say which rows lead to nobody."""
    try:
        rows = read_rows(options.file, source=Source(time_zone="UTC"))
    except ImportFault as error:
        raise ProblemError(str(error)) from error
    given = column_of(rows, options.column)
    vault = open_vault(settings.key_path)
    with open_connection(settings) as connection:
        workspace_id = find_workspace(connection, name=options.workspace)
        now = shifted_clock(connection)
        with connection.transaction():
            uploaded = upload_list(
                connection,
                given,
                name=options.name,
                kind=KINDS[options.by],
                workspace_id=workspace_id,
                vault=vault,
                now=now,
            )
    report = {
        **asdict(uploaded),
        "unknown": rows.lines(uploaded.unknown),
        "unreadable": rows.lines(uploaded.unreadable),
    }
    CONSOLE.print(
        json.dumps(report) if options.json else say_uploaded(uploaded, rows, options.name)
    )
    return 0


def column_of(rows: Rows, column: str) -> list[str]:
    """Return the texts of the column that names customers.

    Raises:
        ProblemError: it is not there, or there are several and none was named.
    """
    names = rows.table.column_names
    if column not in names and (column or len(names) > 1):
        there = ", ".join(names)
        what = f"There is no column {column!r}." if column else "The file has several columns."
        raise ProblemError(f"{what} Name one of these with --column: {there}.")
    values = rows.table[column or names[0]].to_pylist()
    return ["" if value is None else str(value) for value in values]


def say_uploaded(uploaded: Uploaded, rows: Rows, name: str) -> str:
    """Say what became of the file."""
    lines = [
        f"List {name!r}: {uploaded.customers:,} customers from {uploaded.rows:,} rows.",
    ]
    for places, what in (
        (uploaded.unknown, "lead to nobody, or to several"),
        (uploaded.unreadable, "are empty or cannot be read"),
    ):
        if places:
            some = ", ".join(str(line) for line in rows.lines(places[:SHOWN]))
            more = " …" if len(places) > SHOWN else ""
            lines.append(f"{len(places):,} rows {what}; lines {some}{more}")
    return "\n".join(lines)
