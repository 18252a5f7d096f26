"""Rows or lines that each say what one customer did become one event each."""

# pyarrow ships no types, and makes its functions at run time: what comes from it is unknown.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportAttributeAccessIssue=false

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from functools import partial
from hashlib import sha256
from typing import cast

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from dangol.ingest.event import Event, Json
from dangol.ingest.importer_columns import (
    Column,
    decimals,
    json_objects,
    render,
    rows_after_first,
    structs,
    texts,
)
from dangol.ingest.importer_customers import row_dates
from dangol.ingest.importer_people import (
    Keys,
    Person,
    Persons,
    Sealer,
    first_persons,
    id_rules,
    native,
    read_keys,
    without_nulls,
)
from dangol.ingest.importer_report import Rule, account, judge
from dangol.ingest.importer_steps import RECORDS_AT_ONCE, Introductions, Step, Survey
from dangol.ingest.mapping import EventRule, Mapping
from dangol.ingest.readers import Rows
from dangol.store.vocabulary import EventType


def survey_events(rows: Rows, *, mapping: Mapping, file: str, now: datetime) -> Survey:
    """Judge every row of a file of events, and prepare them."""
    table = rows.table
    rule = cast("EventRule", mapping.event)
    keys = read_keys(table, mapping=mapping)
    dates, rules = row_dates(table, mapping=mapping, now=now)
    records = read_records(table, keys, dates, mapping=mapping, rule=rule)
    copies = (
        rows_after_first(records.select(["id"]), likely=["id"])
        if rule.id
        else rows_after_first(table, likely=table.column_names)
    )
    judged = judge(
        [
            *id_rules(keys),
            *rules,
            Rule("no_name", pc.is_null(records["name"])),
            Rule("bad_amount", unreadable_amounts(table, records, mapping=mapping)),
            Rule("duplicate_row", copies, refuses=rule.duplicates == "refuse"),
        ],
        count=table.num_rows,
    )
    amounts = records["revenue"] if mapping.columns.amount else None
    report = account(rows, judged, file=file, kind="events", amounts=amounts)
    kept = table.filter(judged.accepted)
    persons = first_persons(kept, keys.key.filter(judged.accepted), mapping=mapping)
    events = records.filter(judged.accepted).sort_by([("date", "ascending"), ("row", "ascending")])
    counted = msgspec.structs.replace(
        report,
        events=event_counts(events, persons),
        customers=len(persons.by_key),
        left_out=persons.left_out,
    )
    return Survey(counted, partial(event_steps, events, persons, mapping))


def read_records(
    table: pa.Table, keys: Keys, dates: Column, *, mapping: Mapping, rule: EventRule
) -> pa.Table:
    """Return the columns events are made of, one row a row of the file."""
    columns, count = mapping.columns, table.num_rows
    nothing = pa.nulls(count, pa.string())
    name = texts(table[rule.name_column]) if rule.name_column else pa.repeat(rule.name, count)
    number = {
        said: decimals(table[column], thousands=mapping.source.thousands)
        for said, column in (("quantity", columns.quantity), ("revenue", columns.amount))
        if column is not None
    }
    text = {
        said: texts(table[column])
        for said, column in (("product_id", columns.product_id), ("category", columns.category))
        if column is not None
    }
    said = {name: native(table[column]) for name, column in rule.properties.items()}
    properties = {"properties": structs(said)} if said else {}
    whole = ((name, table[name]) for name in table.column_names)
    return pa.table(
        {
            "row": pa.array(range(count), pa.int64()),
            "customer": keys.key,
            "date": dates,
            "name": name,
            "id": render(rule.id, table) if rule.id else json_objects(whole),
            "order_id": render(mapping.order.id, table) if mapping.order else nothing,
            "revenue": number.get("revenue", pa.nulls(count, pa.decimal128(18, 4))),
            **number,
            **text,
            **properties,
        }
    )


def unreadable_amounts(table: pa.Table, records: pa.Table, *, mapping: Mapping) -> Column:
    """Mark rows where a number is written that cannot be read; an empty one is no fault."""
    bad = pa.repeat(pa.scalar(value=False), table.num_rows)
    for said, column in (
        ("quantity", mapping.columns.quantity),
        ("revenue", mapping.columns.amount),
    ):
        if column is not None:
            written = pc.is_valid(texts(table[column]))
            bad = pc.or_(bad, pc.and_(written, pc.is_null(records[said])))
    return bad


def event_counts(events: pa.Table, persons: Persons) -> dict[str, int]:
    named = {one["values"]: one["counts"] for one in pc.value_counts(events["name"]).to_pylist()}
    return named | ({"Identified": persons.introduced} if persons.introduced else {})


class EventRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One event, as ``read_records`` returns it."""

    row: int
    customer: str
    date: datetime
    name: str
    id: str
    order_id: str | None
    revenue: Decimal | None
    quantity: Decimal | None = None
    product_id: str | None = None
    category: str | None = None
    properties: Json = {}


def event_steps(
    events: pa.Table, persons: Persons, mapping: Mapping, sealer: Sealer
) -> Iterator[Step]:
    """Yield each row's event, introduced by who the customer is when it is their first."""
    introductions = Introductions(persons.by_key, sealer)
    name_event = Names(hashed=mapping.event is None or mapping.event.id is None)
    for batch in events.to_batches(max_chunksize=RECORDS_AT_ONCE):
        for row in batch.to_pylist():
            record = EventRecord(**row)
            event = row_event(
                record,
                persons.by_key[record.customer],
                message_id=name_event(record),
                currency=mapping.source.currency,
                contacts=introductions.contacts(record.customer),
            )
            yield Step([*introductions.before(record.customer, at=record.date), event], 1)


class Names:
    """Makes the id that the same row will always have; copies that are kept are numbered."""

    def __init__(self, *, hashed: bool) -> None:
        self._hashed = hashed
        self._seen: Counter[str] = Counter()

    def __call__(self, record: EventRecord) -> str:
        said = sha256(record.id.encode()).hexdigest()[:32] if self._hashed else record.id
        message_id = f"import:event:{record.name}:{said}"
        self._seen[message_id] += 1
        copy = self._seen[message_id]
        return message_id if copy == 1 else f"{message_id}:{copy}"


def row_event(
    record: EventRecord,
    person: Person,
    *,
    message_id: str,
    currency: str | None,
    contacts: list[dict[str, str]],
) -> Event:
    return Event(
        type=EventType.TRACK,
        name=record.name,
        message_id=message_id,
        occurred_at=record.date,
        user_id=person.user_id,
        order_id=record.order_id,
        revenue=record.revenue,
        currency=currency if record.revenue is not None else None,
        product_id=record.product_id,
        category=record.category,
        quantity=record.quantity,
        properties=without_nulls(record.properties),
        contacts=contacts,
    )
