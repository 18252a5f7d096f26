"""Conditions about facts of customers: read from PostgreSQL, asked of the engine.

Only what some segment asks for is read: one row a customer, and a long table for each other kind
of fact.
"""

# ibis and pyarrow ship no types, and an expression has its operators only at run time.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false
# pyright: reportOperatorIssue=false, reportArgumentType=false
# pyright: reportAttributeAccessIssue=false, reportReturnType=false, reportCallIssue=false
# pyright: reportUnknownParameterType=false

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final, assert_never

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from dangol.segments.compare import Asked, Moment, ask, asked_of_json, lies_in
from dangol.segments.compile import Question, fits_zero
from dangol.segments.condition import (
    Consented,
    Engagement,
    Leaf,
    OnList,
    Reachable,
    Trait,
)
from dangol.segments.ids import as_array
from dangol.segments.sweep import Ints
from dangol.segments.window import span_of
from dangol.store.arrow import read_table
from dangol.store.connect import Connection
from dangol.store.engine import property_at
from dangol.store.lake_schema import MOMENT
from dangol.store.statements import load_statements

STATEMENTS = load_statements(__package__ or "dangol.segments")
WHO: Final = ("customer_id", pa.int64())
SCHEMAS: Final[Mapping[str, pa.Schema]] = {
    "customer_fact": pa.schema(
        [
            WHO,
            ("first_seen_at", MOMENT),
            ("last_seen_at", MOMENT),
            ("locale", pa.string()),
            ("country", pa.string()),
            ("time_zone", pa.string()),
            # JSON text, with the traits that are asked for.
            ("traits", pa.string()),
        ]
    ),
    "consent_fact": pa.schema(
        [WHO, ("channel", pa.string()), ("purpose", pa.string()), ("state", pa.string())]
    ),
    "reach_fact": pa.schema([WHO, ("channel", pa.string())]),
    "reaction_fact": pa.schema(
        [
            WHO,
            ("channel", pa.string()),
            ("journey", pa.string()),
            ("kind", pa.string()),
            ("occurred_at", MOMENT),
        ]
    ),
    "list_fact": pa.schema([WHO, ("list", pa.string())]),
}
STATEMENT_OF: Final[Mapping[str, str]] = {
    "customer_fact": "read_customer_facts",
    "consent_fact": "read_consent_facts",
    "reach_fact": "read_reach_facts",
    "reaction_fact": "read_reaction_facts",
    "list_fact": "read_list_facts",
}
# Which facts a leaf needs; those of the customers themselves are always read.
NEEDED: Final = {
    Consented: "consent_fact",
    Reachable: "reach_fact",
    Engagement: "reaction_fact",
    OnList: "list_fact",
}
Facts = Mapping[str, pa.Table]
# Those that a table answers; the others follow from these and from the customers' ids.
TableLeaf = Trait | Consented | Reachable | Engagement | OnList


def read_facts(
    connection: Connection,
    leaves: Iterable[Leaf],
    *,
    workspace_id: int,
    now: datetime,
    among: Ints | None = None,
) -> Facts:
    """Return the tables that some conditions ask for, by name; nothing where none asks for any.

    They tell of everybody, or of those ``among`` whom the question is.
    """
    asked = [leaf for leaf in leaves if isinstance(leaf, TableLeaf)]
    if not asked:
        return {}
    values = {
        "workspace_id": workspace_id,
        "customer_ids": None if among is None else as_array(among),
        "now": now,
        "traits": sorted({leaf.trait.split(".")[0] for leaf in asked if isinstance(leaf, Trait)}),
        "kinds": sorted({leaf.reaction for leaf in asked if isinstance(leaf, Engagement)}),
        "lists": sorted({leaf.list for leaf in asked if isinstance(leaf, OnList)}),
    }
    wanted = {"customer_fact", *(NEEDED[type(leaf)] for leaf in asked if type(leaf) in NEEDED)}
    return {
        name: read_table(connection, STATEMENTS[STATEMENT_OF[name]], values, schema)
        if name in wanted
        else schema.empty_table()
        for name, schema in SCHEMAS.items()
    }


def table(name: str) -> ir.Table:
    """Return the table of facts that a question names."""
    return ibis.table(ibis.Schema.from_pyarrow(SCHEMAS[name]), name=name)


def ask_fact(leaf: TableLeaf, *, at: Moment) -> Question:
    """Ask a condition of the facts."""
    match leaf:
        case Trait():
            customer = table("customer_fact")
            fits = ask(leaf.test, asked_of_trait(leaf.trait, customer), at=at)
            return those(customer.filter(fits))
        case Consented():
            return ask_consent(leaf)
        case Reachable():
            reach = table("reach_fact")
            return those(reach.filter(reach.channel == leaf.channel))
        case Engagement():
            return ask_engagement(leaf, at=at)
        case OnList():
            entry = table("list_fact")
            return those(entry.filter(entry["list"] == leaf.list))
        case _:
            assert_never(leaf)


def those(rows: ir.Table, *, default: bool = False) -> Question:
    """Ask for the customers of some rows, or for all others."""
    return Question(default=default, exceptions=rows.select("customer_id").distinct())


def asked_of_trait(trait: str, customer: ir.Table) -> Asked:
    """Ask of a trait, or of what is known of every customer."""
    match trait:
        case "$first_seen_at" | "$last_seen_at":
            moment = customer[trait.removeprefix("$")]
            return Asked(exists=moment.notnull(), time=moment)
        case "$locale" | "$country" | "$time_zone":
            text = customer[trait.removeprefix("$")]
            return Asked(exists=text.notnull(), text=text)
        case _:
            return asked_of_json(property_at(customer.traits.cast("json"), trait.split(".")))


def ask_consent(leaf: Consented) -> Question:
    consent = table("consent_fact")
    said = consent.filter(consent.channel == leaf.channel, consent.purpose == leaf.purpose)
    if leaf.state == "unknown":
        return those(said, default=True)
    return those(said.filter(said.state == leaf.state))


def ask_engagement(leaf: Engagement, *, at: Moment) -> Question:
    reaction = table("reaction_fact")
    span = span_of(leaf.during, now=at.now, zone=at.zone)
    narrowed = [reaction.kind == leaf.reaction, lies_in(reaction.occurred_at, span)]
    if leaf.channel:
        narrowed.append(reaction.channel == leaf.channel)
    if leaf.journey:
        narrowed.append(reaction.journey == leaf.journey)
    chosen = reaction.filter(*narrowed)
    counted = chosen.group_by("customer_id").aggregate(value=chosen.count())
    value = Asked(exists=counted["value"].notnull(), number=counted["value"])
    fits = ask(leaf.test, value, at=at)
    default = fits_zero(leaf.test)
    return those(counted.filter(~fits if default else fits), default=default)
