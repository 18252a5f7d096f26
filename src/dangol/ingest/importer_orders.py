"""Order lines become one event an order, however its rows are scattered over the file."""

# pyarrow ships no types, and makes its functions at run time: what comes from it is unknown.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportAttributeAccessIssue=false

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Final, cast

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from dangol.ingest.event import Event, Json
from dangol.ingest.importer_columns import (
    AMOUNT,
    Column,
    codes,
    decimals,
    json_objects,
    moments,
    numbers,
    one_chunk,
    render,
    rows_after_first,
    structs,
    texts,
)
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
from dangol.ingest.importer_report import Report, Rule, account, judge, showing
from dangol.ingest.importer_steps import (
    RECORDS_AT_ONCE,
    Introductions,
    Step,
    Survey,
    date_rules,
)
from dangol.ingest.mapping import Mapping, Order
from dangol.ingest.mapping_checks import template_columns
from dangol.ingest.readers import Rows
from dangol.ingest.values import LONGEST_ID
from dangol.store.vocabulary import EventType

# Beyond this a line's amount would not fit beside others in one order's.
LARGEST_LINE: Final = 10**12
LINE_FIELDS: Final = ("product_id", "product_name", "category", "quantity", "price", "amount")
COMPLETED: Final = ("Order Completed", "import:order:")
REFUNDED: Final = ("Order Refunded", "import:refund:")


def survey_orders(rows: Rows, *, mapping: Mapping, file: str, now: datetime) -> Survey:
    """Judge every row of a file of order lines, and prepare the orders' events."""
    order = cast("Order", mapping.order)
    keys = read_keys(rows.table, mapping=mapping)
    lines = read_lines(rows.table, keys, mapping=mapping, order=order)
    rules = order_rules(rows.table, lines, keys, mapping=mapping, now=now)
    judged = judge(rules, count=lines.num_rows)
    report = account(rows, judged, file=file, kind="orders", amounts=lines["amount"])
    kept = rows.table.filter(judged.accepted)
    orders = group_lines(lines.filter(judged.accepted), kept, mapping=mapping)
    persons = first_persons(kept, keys.key.filter(judged.accepted), mapping=mapping)
    return Survey(
        with_orders(report, orders, persons), partial(order_steps, orders, persons, mapping)
    )


def read_lines(table: pa.Table, keys: Keys, *, mapping: Mapping, order: Order) -> pa.Table:
    """Return the columns that orders are made of, one row a row of the file."""
    columns, thousands = mapping.columns, mapping.source.thousands
    read = {
        name: decimals(table[column], thousands=thousands)
        for name in ("quantity", "price", "amount")
        if (column := cast("str | None", getattr(columns, name))) is not None
    }
    amount = read["amount"] if "amount" in read else pc.multiply(read["quantity"], read["price"])
    return pa.table(
        {
            "quantity": pa.nulls(table.num_rows, AMOUNT),
            **read,
            "order": render(order.id, table),
            "customer": keys.key,
            "date": moments(table[columns.date], source=mapping.source),
            "amount": amount,
            "refund": refund_rows(table, amount, order=order),
        }
    )


def refund_rows(table: pa.Table, amount: Column, *, order: Order) -> Column:
    """Mark the rows that take a purchase back, by their column or, if so declared, their sign."""
    refund = pa.repeat(pa.scalar(value=False), table.num_rows)
    if order.refund is not None:
        named = pc.starts_with(texts(table[order.refund.column]), order.refund.starts_with)
        refund = pc.fill_null(named, fill_value=False)
    if order.negative_amounts == "refund":
        refund = pc.or_(refund, pc.fill_null(pc.less(amount, 0), fill_value=False))
    return refund


def line_fields(
    lines: pa.Table, kept: pa.Table, *, mapping: Mapping
) -> Iterator[tuple[str, Column]]:
    """List what one line of an order says, under the names the tracking API uses."""
    for name in LINE_FIELDS:
        column = cast("str | None", getattr(mapping.columns, name))
        if column is not None:
            said = "name" if name == "product_name" else name
            yield said, lines[name] if name in lines.column_names else texts(kept[column])


def order_rules(
    table: pa.Table, lines: pa.Table, keys: Keys, *, mapping: Mapping, now: datetime
) -> list[Rule]:
    """List why an order line may be refused: whose it is first, then whether it can be true."""
    order = cast("Order", mapping.order)
    amount, refund = lines["amount"], lines["refund"]
    negative = pc.and_(pc.less(amount, 0), pc.invert(refund))
    copies = rows_after_first(table, likely=likely_columns(mapping))
    return [
        Rule("no_order_id", pc.is_null(lines["order"])),
        *id_rules(keys),
        Rule("order_id_too_long", pc.greater(pc.utf8_length(lines["order"]), LONGEST_ID)),
        *date_rules(lines["date"], table[cast("str", mapping.columns.date)], now=now),
        Rule("bad_amount", unusable(amount), partial(written_amount, table, mapping)),
        Rule("duplicate_row", copies, showing(lines["order"]), order.duplicates == "refuse"),
        Rule("positive_refund", pc.and_(refund, pc.greater(amount, 0)), showing(amount)),
        Rule("negative_amount", negative, showing(amount), order.negative_amounts == "refuse"),
        Rule(
            "zero_amount",
            pc.equal(amount, 0),
            showing(lines["order"]),
            order.zero_amounts == "refuse",
        ),
        Rule("two_customers", second_customers(lines), showing(lines["order"])),
    ]


def unusable(amount: Column) -> Column:
    return pc.or_kleene(pc.is_null(amount), pc.greater_equal(pc.abs(amount), LARGEST_LINE))


def written_amount(table: pa.Table, mapping: Mapping) -> Column:
    """Return the column that shows why an amount could not be read."""
    columns = mapping.columns
    if columns.amount is not None:
        return table[columns.amount]
    pieces = [texts(table[cast("str", name)]) for name in (columns.quantity, columns.price)]
    return pc.binary_join_element_wise(*pieces, " x ", null_handling="replace", null_replacement="")


def likely_columns(mapping: Mapping) -> list[str]:
    """Name the columns in which copies of a row surely agree and other rows rarely do."""
    columns = mapping.columns
    order = template_columns(cast("Order", mapping.order).id)
    others = (columns.product_id, columns.quantity, columns.amount)
    return list(dict.fromkeys([*order, *(name for name in others if name is not None)]))


def second_customers(lines: pa.Table) -> Column:
    """Mark the rows of an order that name another customer than its first row that names one."""
    coded = codes(lines["order"])
    numbered = pa.table({"code": coded.indices, "row": numbers(lines.num_rows)})
    named = numbered.filter(pc.is_valid(lines["customer"]))
    firsts = named.group_by(["code"], use_threads=False).aggregate([("row", "min")])
    where = pc.index_in(coded.indices, value_set=one_chunk(firsts["code"]))
    owner = lines["customer"].take(one_chunk(firsts["row_min"]).take(where))
    return pc.fill_null(pc.not_equal(owner, lines["customer"]), fill_value=False)


def group_lines(lines: pa.Table, kept: pa.Table, *, mapping: Mapping) -> pa.Table:
    """Return one row an order, sorted by time, its lines joined to one JSON list."""
    order = cast("Order", mapping.order)
    singles = {
        name: column
        for name in ("product_id", "category")
        if (column := cast("str | None", getattr(mapping.columns, name))) is not None
    }
    # Text is slow to group by and to carry along: a number stands for the order, a row for it all.
    table = lines.append_column("row", numbers(lines.num_rows))
    table = table.append_column("code", codes(lines["order"]).indices)
    written = json_objects(line_fields(lines, kept, mapping=mapping))
    grouped = (
        table.append_column("line", written)
        .group_by(["code", "refund"], use_threads=False)
        .aggregate(
            [
                ("date", "min"),
                ("quantity", "sum"),
                ("amount", "sum"),
                ("line", "list"),
                ("row", "min"),
                ("row", "count"),
            ]
        )
    )
    first, head = kept.take(grouped["row_min"]), lines.take(grouped["row_min"])
    alone = pc.equal(grouped["row_count"], 1)
    products = pc.binary_join_element_wise("[", pc.binary_join(grouped["line_list"], ","), "]", "")
    orders = {
        "order": head["order"],
        "refund": grouped["refund"],
        "customer": head["customer"],
        "date": grouped["date_min"],
        "quantity": grouped["quantity_sum"].cast(AMOUNT),
        # The inbox keeps four places; a fifth can only come from multiplying.
        "revenue": pc.round(grouped["amount_sum"], 4, "half_to_even").cast(AMOUNT),
        "products": products.cast(pa.binary()),
        "rows": grouped["row_count"],
        # An order of several lines has no one product.
        **{name: pc.if_else(alone, texts(first[column]), None) for name, column in singles.items()},
    }
    if order.properties:
        said = {name: native(first[column]) for name, column in order.properties.items()}
        orders["properties"] = structs(said)
    by_time = [("date", "ascending"), ("order", "ascending"), ("refund", "ascending")]
    return pa.table(orders).sort_by(by_time)


class OrderRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One order, as ``group_lines`` returns it."""

    order: str
    refund: bool
    customer: str
    date: datetime
    quantity: Decimal | None
    revenue: Decimal
    products: bytes
    rows: int
    product_id: str | None = None
    category: str | None = None
    properties: Json = {}


def order_steps(
    orders: pa.Table, persons: Persons, mapping: Mapping, sealer: Sealer
) -> Iterator[Step]:
    """Yield each order's event, introduced by who the customer is when it is their first."""
    introductions = Introductions(persons.by_key, sealer)
    for batch in orders.to_batches(max_chunksize=RECORDS_AT_ONCE):
        for row in batch.to_pylist():
            order = OrderRecord(**row)
            event = order_event(
                order,
                persons.by_key[order.customer],
                currency=mapping.source.currency,
                contacts=introductions.contacts(order.customer),
            )
            yield Step([*introductions.before(order.customer, at=order.date), event], order.rows)


def order_event(
    order: OrderRecord, person: Person, *, currency: str | None, contacts: list[dict[str, str]]
) -> Event:
    """Return one order as an event; a refund's amounts are negative, so that sums reconcile."""
    name, prefix = REFUNDED if order.refund else COMPLETED
    return Event(
        type=EventType.TRACK,
        name=name,
        message_id=f"{prefix}{order.order}",
        occurred_at=order.date,
        user_id=person.user_id,
        order_id=order.order,
        revenue=order.revenue,
        currency=currency,
        product_id=order.product_id,
        category=order.category,
        quantity=order.quantity,
        properties=without_nulls(order.properties) | {"products": msgspec.Raw(order.products)},
        contacts=contacts,
    )


def with_orders(report: Report, orders: pa.Table, persons: Persons) -> Report:
    """Add what the rows become to the report on them."""
    refunds = pc.sum(orders["refund"]).as_py() or 0
    events = {
        "Order Completed": orders.num_rows - refunds,
        "Order Refunded": refunds,
        "Identified": persons.introduced,
    }
    return msgspec.structs.replace(
        report,
        events={name: count for name, count in events.items() if count},
        customers=len(persons.by_key),
        left_out=persons.left_out,
    )
