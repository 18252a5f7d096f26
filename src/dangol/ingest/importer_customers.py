"""Rows about customers become one identify event each."""

# pyarrow ships no types, and makes its functions at run time: what comes from it is unknown.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportAttributeAccessIssue=false

from collections.abc import Iterator
from datetime import datetime
from functools import partial

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from dangol.ingest.importer_columns import (
    MOMENT,
    Column,
    fixed_moments,
    moments,
    rows_after_first,
)
from dangol.ingest.importer_people import (
    Person,
    Sealer,
    id_rules,
    identify,
    make_persons,
    read_keys,
    read_people,
)
from dangol.ingest.importer_report import Rule, account, judge, showing
from dangol.ingest.importer_steps import Step, Survey, date_rules
from dangol.ingest.mapping import Mapping
from dangol.ingest.readers import Rows


def survey_customers(rows: Rows, *, mapping: Mapping, file: str, now: datetime) -> Survey:
    """Judge every row of a file of customers, and prepare their events."""
    table = rows.table
    keys, people = read_keys(table, mapping=mapping), read_people(table, mapping=mapping)
    dates, rules = row_dates(table, mapping=mapping, now=now)
    copies = rows_after_first(table, likely=table.column_names)
    judged = judge(
        [
            *id_rules(keys),
            *rules,
            *people.rules,
            Rule("duplicate_row", copies, showing(keys.user_id)),
        ],
        count=table.num_rows,
    )
    report = account(rows, judged, file=file, kind="customers", amounts=None)
    kept = table.append_column("\0at", dates).filter(judged.accepted).sort_by("\0at")
    persons = make_persons(kept, read_people(kept, mapping=mapping), mapping=mapping)
    counted = msgspec.structs.replace(
        report,
        events={"Identified": len(persons)} if persons else {},
        customers=pc.count_distinct(keys.key.filter(judged.accepted)).as_py(),
    )
    return Survey(counted, partial(customer_steps, persons, kept["\0at"].to_pylist()))


def row_dates(table: pa.Table, *, mapping: Mapping, now: datetime) -> tuple[Column, list[Rule]]:
    """Return when each row was true: its own date, the file's, or else now."""
    if mapping.columns.date is not None:
        written = table[mapping.columns.date]
        dates = moments(written, source=mapping.source)
        return dates, date_rules(dates, written, now=now)
    if mapping.source.date is not None:
        return fixed_moments(mapping.source, count=table.num_rows), []
    return pa.repeat(pa.scalar(now, MOMENT), table.num_rows), []


def customer_steps(persons: list[Person], dates: list[datetime], sealer: Sealer) -> Iterator[Step]:
    for person, at in zip(persons, dates, strict=True):
        yield Step([identify(person, at=at, sealer=sealer)], 1)
