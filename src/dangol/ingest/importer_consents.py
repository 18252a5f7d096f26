"""Rows that each say what somebody allowed or forbade become entries of the ledger."""

# pyarrow ships no types, and makes its functions at run time: what comes from it is unknown.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportAttributeAccessIssue=false

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import cast

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from dangol.ingest.consents import LONGEST_SOURCE, LONGEST_WORDING
from dangol.ingest.event import Json
from dangol.ingest.importer_columns import Column, by_value, render, rows_after_first, texts
from dangol.ingest.importer_customers import customer_steps, row_dates
from dangol.ingest.importer_people import (
    id_rules,
    make_persons,
    read_keys,
    read_people,
    unreadable,
)
from dangol.ingest.importer_report import Rule, account, judge, showing
from dangol.ingest.importer_steps import Survey
from dangol.ingest.mapping import Mapping, Statement
from dangol.ingest.mapping_checks import template_columns
from dangol.ingest.readers import Rows
from dangol.store.vocabulary import Channel, ConsentAction, ConsentState, Purpose


def survey_consents(rows: Rows, *, mapping: Mapping, file: str, now: datetime) -> Survey:
    """Judge every row of a file of consents, and prepare the events that carry them."""
    table = rows.table
    said = cast("Statement", mapping.statement)
    keys, people = read_keys(table, mapping=mapping), read_people(table, mapping=mapping)
    dates, rules = row_dates(table, mapping=mapping, now=now)
    statements = read_statements(table, said)
    judged = judge(
        [
            *id_rules(keys),
            *rules,
            *people.rules,
            *statement_rules(table, statements, said),
            Rule("duplicate_row", rows_after_first(table, likely=table.column_names)),
        ],
        count=table.num_rows,
    )
    report = account(rows, judged, file=file, kind="consents", amounts=None)
    whole = pa.table({**statements, "\0at": dates})
    # Sorted by time, and beside it the table that says who.
    order = pc.sort_indices(whole.filter(judged.accepted), [("\0at", "ascending")])
    kept = table.filter(judged.accepted).take(order)
    items = whole.filter(judged.accepted).take(order)
    persons = make_persons(kept, read_people(kept, mapping=mapping), mapping=mapping)
    speaking = [
        msgspec.structs.replace(person, consents=[to_item(row)])
        for person, row in zip(persons, items.to_pylist(), strict=True)
    ]
    counted = msgspec.structs.replace(
        report,
        events={"Identified": len(speaking)} if speaking else {},
        customers=pc.count_distinct(keys.key.filter(judged.accepted)).as_py(),
    )
    return Survey(counted, partial(customer_steps, speaking, items["\0at"].to_pylist()))


def read_statements(table: pa.Table, said: Statement) -> dict[str, Column]:
    """Return what each row says; null where it cannot be known."""
    known = dict.fromkeys(said.withdrawn, ConsentState.WITHDRAWN.value)
    known |= dict.fromkeys(said.refused, ConsentState.REFUSED.value)
    known |= dict.fromkeys(said.granted, ConsentState.GRANTED.value)
    lower = {word.casefold(): state for word, state in known.items()}
    return {
        "channel": by_value(fill(said.channel, table), word_of(Channel)),
        "purpose": by_value(fill(said.purpose, table), word_of(Purpose)),
        "state": by_value(texts(table[said.state]), lambda text: lower.get(text.casefold())),
        "source": fill(said.source, table),
        "wording": pc.fill_null(fill(said.wording, table), ""),
        "locale": pc.fill_null(fill(said.locale, table), ""),
    }


def word_of(kind: type[Channel] | type[Purpose]) -> Callable[[str], str | None]:
    """Make a reader of one vocabulary's words, in whichever letters."""
    words = {word.value: word.value for word in kind}
    return lambda text: words.get(text.casefold())


def fill(text: str, table: pa.Table) -> Column:
    """Return a fixed text for every row, or what its columns say."""
    if template_columns(text):
        return render(text, table)
    return pa.repeat(pa.scalar(text, pa.string()), table.num_rows)


def statement_rules(table: pa.Table, said: dict[str, Column], rule: Statement) -> list[Rule]:
    """Refuse what the ledger could not keep: a consent is never guessed."""
    answer = texts(table[rule.state])
    silent = pc.is_null(answer)
    return [
        Rule("no_consent", silent),
        Rule("unknown_consent", unreadable(answer, said["state"]), showing(answer)),
        Rule("unknown_channel", pc.is_null(said["channel"])),
        Rule("unknown_purpose", pc.is_null(said["purpose"])),
        Rule(
            "unknown_to_networks",
            pc.and_(
                pc.equal(pc.fill_null(said["purpose"], ""), Purpose.AD_AUDIENCE.value),
                pc.invert(pc.is_in(said["channel"], pa.array([Channel.EMAIL, Channel.SMS]))),
            ),
        ),
        Rule("no_source", pc.is_null(said["source"])),
        Rule(
            "consent_too_long",
            pc.or_(
                pc.greater(pc.utf8_length(pc.fill_null(said["source"], "")), LONGEST_SOURCE),
                pc.greater(pc.utf8_length(said["wording"]), LONGEST_WORDING),
            ),
        ),
    ]


def to_item(row: Json) -> Json:
    """Return a row as the ledger reads it; its time is part of what it says."""
    return {
        "channel": row["channel"],
        "purpose": row["purpose"],
        "action": ConsentAction.IMPORT,
        "imported_state": row["state"],
        "source": row["source"],
        "wording": row["wording"],
        "locale": row["locale"],
        "occurred_at": cast("datetime", row["\0at"]).isoformat(),
    }
