"""Reads what is held about one person, kind by kind, a few rows at a time."""

# pyarrow ships no types: what comes from it is unknown.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import Final, LiteralString

import pyarrow.compute as pc

from dangol.consent.evidence import open_evidence
from dangol.rights.find import STATEMENTS
from dangol.rights.sections import SECTIONS
from dangol.store.connect import Connection
from dangol.store.lake import Lake
from dangol.store.vault import Vault

Row = tuple[object, ...]
# Sections whose rows end with what the value is sealed as, the sealed value, and its key.
SEALED: Final = ("identifiers", "addresses", "devices")
EVENT_COLUMNS: Final = ["event_id", *(column.name for column in SECTIONS[-1].columns)]
ROWS_AT_ONCE: Final = 500
READ_BY: Final = {
    "customer": "export_customer",
    "identifiers": "export_identifiers",
    "addresses": "export_addresses",
    "traits": "export_traits",
    "activity": "export_activity",
    "devices": "export_devices",
    "consents": "export_consents",
    "choices": "export_choices",
    "memberships": "export_memberships",
    "lists": "export_lists",
    "enrollments": "export_enrollments",
    "messages": "export_messages",
    "deliveries": "export_deliveries",
    "receipts": "export_receipts",
    "webhook_calls": "export_webhook_calls",
    "shop_references": "export_shop_references",
    "ad_audiences": "export_audiences",
    "waiting_events": "export_waiting_events",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whose data is wanted, and what it takes to read them.

    ``explain`` says in Korean and in English why a message was or was not sent.
    """

    connection: Connection
    lake: Lake
    vault: Vault
    workspace_id: int
    customer_id: int
    explain: Callable[[int], tuple[str, str]]

    @property
    def place(self) -> dict[str, int]:
        """Where the customer's rows are."""
        return {"workspace_id": self.workspace_id, "customer_id": self.customer_id}

    def people(self) -> list[int]:
        """Return the numbers under which things are held about them: their parts, and their own."""
        rows = self.connection.execute(STATEMENTS["list_people"], self.place)
        return [int(row[0]) for row in rows]

    def rows(self, section: str) -> Iterator[Row]:
        """Yield the rows of a section, in the order of its columns. Needs a transaction."""
        if section == "events":
            return self.events()
        return self.readable(section, self.read(section))

    def rows_at_once(self, section: str, *, people: list[int]) -> Iterator[Row]:
        """Yield the rows of a short section with one question; ``people`` are theirs."""
        values = {**self.place, "customer_ids": people}
        rows = self.connection.execute(STATEMENTS[READ_BY[section]], values).fetchall()
        return self.readable(section, iter(rows))

    def readable(self, section: str, rows: Iterator[Row]) -> Iterator[Row]:
        """Open what is sealed in rows of a section, and say what is to be said about them."""
        if section in SEALED:
            return map(self.opened, rows)
        told = {"messages": self.explained, "consents": self.witnessed}.get(section)
        return map(told, rows) if told else rows

    def read(self, section: str) -> Iterator[Row]:
        """Yield rows as they are stored."""
        statement: LiteralString = STATEMENTS[READ_BY[section]]
        values = {**self.place, "customer_ids": self.people()}
        # A cursor in the server: nobody's data need fit into memory.
        with self.connection.cursor(name=f"export_{section}") as cursor:
            cursor.itersize = ROWS_AT_ONCE
            yield from cursor.execute(statement, values)

    def opened(self, row: Row) -> Row:
        """Put the value in its place; a value whose key has been destroyed stays empty."""
        *shown, kind, sealed, wrapped = row
        if isinstance(sealed, bytes):
            known = isinstance(wrapped, bytes)
            shown[1] = (
                self.vault.open_for(self.workspace_id, str(kind), sealed, wrapped) if known else ""
            )
        return tuple(shown)

    def witnessed(self, row: Row) -> Row:
        """Open from where a consent came; empty where nobody knows, or its key is destroyed."""
        *shown, sealed, wrapped = row
        if not isinstance(sealed, bytes) or not isinstance(wrapped, bytes):
            return (*shown, "")
        return (*shown, open_evidence(self.vault, self.workspace_id, sealed, wrapped) or "")

    def explained(self, row: Row) -> Row:
        number = row[0]
        assert isinstance(number, int)  # noqa: S101 - the first column is the message's id
        return (*row, *self.explain(number))

    def events(self) -> Iterator[Row]:
        """Yield everything they did: the history first, then what is still on its way there."""
        # The inbox first: an event that is flushed in between is met twice rather than never.
        waiting = {row[0]: row for row in sorted(self.read("waiting_events"), key=itemgetter(1, 0))}
        for row in self.history():
            if row[0] not in waiting:
                yield row[1:]
        for row in waiting.values():
            yield row[1:]

    def history(self) -> Iterator[Row]:
        """Yield their events in the lake, month by month, each in the order of time."""
        events = self.lake.event_dataset()
        theirs = (pc.field("workspace_id") == self.workspace_id) & pc.field("customer_id").isin(
            self.people()
        )
        months = events.to_table(filter=theirs, columns=["month"]).column("month").unique()
        for month in sorted(months.to_pylist()):
            one = theirs & (pc.field("month") == month)
            table = events.to_table(filter=one, columns=EVENT_COLUMNS)
            for batch in table.sort_by([("occurred_at", "ascending")]).to_batches(ROWS_AT_ONCE):
                yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)
