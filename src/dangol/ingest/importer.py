"""A shop's past enters: files become events, each row accounted for, each event acting once.

1. Survey: read the whole file, judge every row, group order lines to orders, sort by time.
2. Write: chunks of events into the inbox, each in a short transaction together with the count of
   rows done, so that a killed import goes on where it stopped.
3. Ever after: the same file with the same mapping is known by its fingerprint and changes
   nothing; an overlapping file changes nothing twice, because message ids are made from the
   rows' own ids and imports keep theirs for ever.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Final

import msgspec

from dangol.ingest.event import Event
from dangol.ingest.importer_calls import survey_calls
from dangol.ingest.importer_consents import survey_consents
from dangol.ingest.importer_customers import survey_customers
from dangol.ingest.importer_events import survey_events
from dangol.ingest.importer_lookup import look_up
from dangol.ingest.importer_orders import survey_orders
from dangol.ingest.importer_people import Sealer
from dangol.ingest.importer_products import (
    Product,
    ProductSurvey,
    save_products,
    survey_products,
)
from dangol.ingest.importer_report import Report, decode_report, encode_report
from dangol.ingest.importer_steps import Step, Survey
from dangol.ingest.inbox import write_events
from dangol.ingest.mapping import ImportFault, Kind, Mapping, load_mapping
from dangol.ingest.mapping_checks import check_mapping
from dangol.ingest.readers import FileFault, read_rows
from dangol.store.connect import Connection
from dangol.store.statements import load_statements
from dangol.store.vault import Vault
from dangol.store.vocabulary import ImportState
from dangol.store.workspace import read_workspace

STATEMENTS: Final = load_statements("dangol.ingest")
# Small enough that the tick's cursor, which waits for open writers, never waits long.
EVENTS_AT_ONCE: Final = 5_000
# Part of every fingerprint: raise it when the order or the ids of events change.
MAKING: Final = b"1"
SURVEYORS: Final = {
    "orders": survey_orders,
    "customers": survey_customers,
    "events": survey_events,
    "consents": survey_consents,
}

Progress = Callable[[int, int], None]


class ImportBusy(ImportFault):
    """Another process is importing the same file."""


class Chunk(msgspec.Struct, frozen=True):
    """Some events in order of time, and the number of rows they stand for."""

    events: list[Event]
    rows: int


def say_nothing(_done: int, _total: int) -> None:
    """Report no progress."""


def run_import(
    connection: Connection,
    *,
    workspace_id: int,
    vault: Vault,
    path: Path,
    mapping_path: Path,
    kind: Kind,
    now: datetime,
    dry_run: bool = False,
    progress: Progress = say_nothing,
) -> Report:
    """Import a file with the mapping in another; see ``import_file``."""
    return import_file(
        connection,
        workspace_id=workspace_id,
        vault=vault,
        path=path,
        mapping=load_mapping(mapping_path),
        kind=kind,
        now=now,
        dry_run=dry_run,
        progress=progress,
    )


def import_file(
    connection: Connection,
    *,
    workspace_id: int,
    vault: Vault,
    path: Path,
    mapping: Mapping,
    kind: Kind,
    now: datetime,
    dry_run: bool = False,
    progress: Progress = say_nothing,
) -> Report:
    """Import a file and account for each of its rows; commits in chunks.

    ``progress`` is told the rows done and the rows in all. ``dry_run`` writes nothing. The
    connection must not be inside a transaction, since each chunk is one of its own.

    Raises:
        ImportFault: the mapping or the file is wrong, or another process imports it just now.
    """
    check_mapping(mapping, kind=kind)
    home = at_home(connection, mapping, workspace_id=workspace_id)
    sealer = Sealer(vault=vault, workspace_id=workspace_id)
    if dry_run and kind == "products":
        survey = survey_products_of(path, mapping=home, now=now)
        return msgspec.structs.replace(survey.report, dry_run=True)
    if dry_run:
        survey = survey_file(path, mapping=home, kind=kind, sealer=sealer, now=now)
        return msgspec.structs.replace(survey.report, dry_run=True)
    ledger = Ledger(connection, workspace_id=workspace_id)
    finished = ledger.open(path, mapping=mapping, kind=kind, now=now)
    if finished is not None:
        return msgspec.structs.replace(finished, unchanged=True)
    if kind == "products":
        return import_products(ledger, path, mapping=home, now=now, progress=progress)
    survey = survey_file(path, mapping=home, kind=kind, sealer=sealer, now=now)
    write_steps(ledger, survey, sealer=sealer, now=now, progress=progress)
    return survey.report


def at_home(connection: Connection, mapping: Mapping, *, workspace_id: int) -> Mapping:
    """Return the mapping with the workspace's country where it names none."""
    if mapping.source.country is not None:
        return mapping
    with connection.transaction():
        country = read_workspace(connection, workspace_id=workspace_id).country
    source = msgspec.structs.replace(mapping.source, country=country)
    return msgspec.structs.replace(mapping, source=source)


def survey_products_of(path: Path, *, mapping: Mapping, now: datetime) -> ProductSurvey:
    """Read and judge a file of products; raises ImportFault like ``import_file``."""
    rows = look_up(read_rows(path, source=mapping.source), path=path, mapping=mapping)
    return survey_products(rows, mapping=mapping, file=path.name, now=now)


def import_products(
    ledger: "Ledger", path: Path, *, mapping: Mapping, now: datetime, progress: Progress
) -> Report:
    """Keep a file's products, from where an earlier, killed run stopped."""
    survey = survey_products_of(path, mapping=mapping, now=now)
    while products := survey.products[ledger.rows_done : ledger.rows_done + EVENTS_AT_ONCE]:
        ledger.write_products(products)
        progress(ledger.rows_done, survey.report.rows)
    ledger.close(survey.report, now=now)
    progress(survey.report.rows, survey.report.rows)
    return survey.report


def survey_file(
    path: Path, *, mapping: Mapping, kind: Kind, sealer: Sealer, now: datetime
) -> Survey:
    """Read and judge a file without writing anything; raises ImportFault like ``import_file``."""
    if kind == "events" and mapping.event is not None and mapping.event.shape == "segment":
        return survey_calls(path, mapping=mapping, sealer=sealer, now=now)
    rows = look_up(read_rows(path, source=mapping.source), path=path, mapping=mapping)
    return SURVEYORS[kind](rows, mapping=mapping, file=path.name, now=now)


def read_events(
    path: Path,
    *,
    mapping: Mapping,
    kind: Kind,
    vault: Vault,
    workspace_id: int,
    now: datetime,
    batch: int = EVENTS_AT_ONCE,
) -> Iterator[Chunk]:
    """Yield a file's events in order of time, about ``batch`` at once, and write nothing.

    ``now`` is the machine's: rows dated after it are refused as lying in the future.

    Raises:
        ImportFault: the mapping or the file is wrong.
    """
    check_mapping(mapping, kind=kind)
    sealer = Sealer(vault=vault, workspace_id=workspace_id)
    survey = survey_file(path, mapping=mapping, kind=kind, sealer=sealer, now=now)
    return chunks(survey.steps(sealer), size=batch)


def chunks(steps: Iterable[Step], *, size: int) -> Iterator[Chunk]:
    """Gather steps until their events fill a chunk; a step is never divided."""
    events: list[Event] = []
    rows = 0
    for step in steps:
        events += step.events
        rows += step.rows
        if len(events) >= size:
            yield Chunk(events, rows)
            events, rows = [], 0
    if events:
        yield Chunk(events, rows)


def write_steps(
    ledger: "Ledger", survey: Survey, *, sealer: Sealer, now: datetime, progress: Progress
) -> None:
    """Write what an earlier, killed run has not written yet."""
    steps = after(survey.steps(sealer), rows=ledger.rows_done)
    for chunk in chunks(steps, size=EVENTS_AT_ONCE):
        ledger.write(chunk, now=now)
        progress(ledger.rows_done, survey.report.rows)
    ledger.close(survey.report, now=now)
    progress(survey.report.rows, survey.report.rows)


def after(steps: Iterator[Step], *, rows: int) -> Iterator[Step]:
    """Pass over the steps that make up the first ``rows`` rows."""
    passed = 0
    while passed < rows and (step := next(steps, None)) is not None:
        passed += step.rows
    return steps


class Ledger:
    """The row of ``import_file`` that says how far one import has come."""

    def __init__(self, connection: Connection, *, workspace_id: int) -> None:
        self._connection = connection
        self._workspace_id = workspace_id
        self._import_id = 0
        self.rows_done = 0

    def open(self, path: Path, *, mapping: Mapping, kind: Kind, now: datetime) -> Report | None:
        """Begin, or find an earlier import of the same; return its report if it had finished."""
        values = {
            "workspace_id": self._workspace_id,
            "fingerprint": fingerprint(path, mapping=mapping, kind=kind),
            "file_name": path.name,
            "kind": kind,
            "now": now,
        }
        with self._connection.transaction():
            cursor = self._connection.execute(STATEMENTS["open_import"], values)
            [(self._import_id, state, self.rows_done, report)] = cursor.fetchall()
        return decode_report(report) if state == ImportState.FINISHED else None

    def write(self, chunk: Chunk, *, now: datetime) -> None:
        """Write a chunk and the count of its rows, together or not at all."""
        with self._connection.transaction():
            self._advance(chunk.rows)
            write_events(
                self._connection, chunk.events, workspace_id=self._workspace_id, received_at=now
            )
        self.rows_done += chunk.rows

    def write_products(self, products: Sequence[Product]) -> None:
        """Write products and the count of their rows, together or not at all."""
        with self._connection.transaction():
            self._advance(len(products))
            save_products(self._connection, products, workspace_id=self._workspace_id)
        self.rows_done += len(products)

    def close(self, report: Report, *, now: datetime) -> None:
        """Keep the report; from now on the same file changes nothing."""
        values = {
            "import_id": self._import_id,
            "report": encode_report(report).decode(),
            "rows_done": report.rows,
            "now": now,
        }
        with self._connection.transaction():
            self._connection.execute(STATEMENTS["finish_import"], values)

    def _advance(self, rows: int) -> None:
        values = {"import_id": self._import_id, "before": self.rows_done, "rows": rows}
        if self._connection.execute(STATEMENTS["advance_import"], values).rowcount == 0:
            raise ImportBusy(
                "Another process is importing the same file. Wait until it has finished; running"
                " the import again then changes nothing."
            )


def fingerprint(path: Path, *, mapping: Mapping, kind: Kind) -> bytes:
    """Hash everything an import depends on.

    Raises:
        FileFault: the file, or one the mapping looks things up in, cannot be read.
    """
    whole = sha256(MAKING + kind.encode() + msgspec.json.encode(mapping))
    for one in (path, *(path.parent / lookup.file for lookup in mapping.lookup)):
        try:
            with one.open("rb") as file:
                whole.update(file_digest(file, "sha256").digest())
        except OSError as error:
            raise FileFault(
                f"{one} cannot be read: {error.strerror}. Check its name and permissions."
            ) from error
    return whole.digest()
