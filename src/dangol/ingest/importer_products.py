"""Rows that each say what one product is: kept as they are, the last word counting."""

# pyarrow ships no types, and makes its functions at run time: what comes from it is unknown.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportAttributeAccessIssue=false

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final, cast
from urllib.parse import urlsplit

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from dangol.ingest.importer_columns import (
    Column,
    by_value,
    decimals,
    rows_after_first,
    texts,
)
from dangol.ingest.importer_customers import row_dates
from dangol.ingest.importer_report import Report, Rule, account, judge, showing
from dangol.ingest.mapping import Mapping
from dangol.ingest.readers import Rows
from dangol.ingest.values import LONGEST_ID
from dangol.store.connect import Connection
from dangol.store.statements import load_statements

STATEMENTS: Final = load_statements("dangol.ingest")
LONGEST_NAME: Final = 500
LONGEST_URL: Final = 2_000
NUMBER: Final = re.compile(r"-?\d+(\.\d+)?")
CURRENCY: Final = re.compile("[A-Z]{3}")


class Product(msgspec.Struct, frozen=True, kw_only=True):
    """One product as its row says; ``updated_at`` in UTC, the price of one unit."""

    product_id: str
    name: str
    price: Decimal | None
    currency: str | None
    category: str | None
    url: str | None
    image_url: str | None
    in_stock: bool | None
    updated_at: datetime


class ProductSurvey(msgspec.Struct, frozen=True):
    """A file of products judged but not yet written; in order of time."""

    report: Report
    products: list[Product]


def survey_products(rows: Rows, *, mapping: Mapping, file: str, now: datetime) -> ProductSurvey:
    """Judge every row of a file of products."""
    table = rows.table
    columns = read_columns(table, mapping=mapping)
    dates, rules = row_dates(table, mapping=mapping, now=now)
    judged = judge(
        [
            Rule("no_product_id", pc.is_null(columns["product_id"])),
            Rule("product_id_too_long", longer(columns["product_id"], LONGEST_ID)),
            Rule("no_product_name", pc.is_null(columns["name"])),
            Rule("product_name_too_long", longer(columns["name"], LONGEST_NAME)),
            *rules,
            *price_rules(table, columns, mapping=mapping),
            Rule("duplicate_row", rows_after_first(table, likely=table.column_names)),
        ],
        count=table.num_rows,
    )
    report = account(rows, judged, file=file, kind="products", amounts=None)
    whole = pa.table({**columns, "updated_at": dates}).filter(judged.accepted)
    kept = whole.sort_by([("updated_at", "ascending")])
    counted = msgspec.structs.replace(
        report,
        products=pc.count_distinct(whole["product_id"]).as_py(),
        left_out=left_out(table, columns, judged.accepted, mapping=mapping),
    )
    return ProductSurvey(counted, [Product(**row) for row in kept.to_pylist()])


def read_columns(table: pa.Table, *, mapping: Mapping) -> dict[str, Column]:
    """Return a product's columns, null where nothing (readable) is written."""
    columns, source = mapping.columns, mapping.source

    def read(name: str | None) -> Column:
        if name is None:
            return pa.nulls(table.num_rows, pa.string())
        # PostgreSQL cannot hold NUL characters.
        return texts(pc.replace_substring(texts(table[name]), "\0", ""))

    price = pa.nulls(table.num_rows, pa.decimal128(18, 4))
    if columns.price is not None:
        price = decimals(table[columns.price], thousands=source.thousands)
    written = read(columns.currency)
    currency = pc.fill_null(pc.utf8_upper(written), source.currency) if source.currency else written
    words = frozenset(word.casefold() for word in mapping.product.in_stock)
    return {
        "product_id": read(columns.product_id),
        "name": read(columns.product_name),
        "price": price,
        "currency": pc.if_else(pc.is_valid(price), pc.utf8_upper(currency), None),
        "category": pc.utf8_slice_codeunits(read(columns.category), 0, LONGEST_ID),
        "url": by_value(read(columns.url), web_address),
        "image_url": by_value(read(columns.image_url), web_address),
        "in_stock": by_value(read(columns.in_stock), stock_reader(words), kind=pa.bool_()),
    }


def web_address(text: str) -> str | None:
    """Return an address that a page may link to; nothing else may ever become a link."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    fits = parts.scheme in {"http", "https"} and parts.hostname and len(text) <= LONGEST_URL
    return text if fits else None


def stock_reader(words: frozenset[str]) -> Callable[[str], bool]:
    """Make a reader of counts and of words."""

    def read(text: str) -> bool:
        return float(text) > 0 if NUMBER.fullmatch(text) else text.casefold() in words

    return read


def longer(column: Column, most: int) -> Column:
    return pc.greater(pc.utf8_length(column), most)


def price_rules(table: pa.Table, columns: dict[str, Column], *, mapping: Mapping) -> list[Rule]:
    """Refuse prices that are none, or in no currency."""
    if mapping.columns.price is None:
        return []
    written = texts(table[mapping.columns.price])
    bad = pc.and_(pc.is_valid(written), pc.is_null(columns["price"]))
    known = by_value(columns["currency"], lambda code: code if CURRENCY.fullmatch(code) else None)
    return [
        Rule("bad_amount", bad, showing(written)),
        Rule("negative_amount", pc.less(columns["price"], Decimal(0)), showing(written)),
        Rule("no_currency", pc.and_(pc.is_valid(columns["price"]), pc.is_null(known))),
    ]


def left_out(
    table: pa.Table, columns: dict[str, Column], accepted: Column, *, mapping: Mapping
) -> dict[str, int]:
    """Count the addresses of accepted rows that no page may link to."""
    count = 0
    for said in ("url", "image_url"):
        name = cast("str | None", getattr(mapping.columns, said))
        if name is not None:
            unusable = pc.and_(pc.is_valid(texts(table[name])), pc.is_null(columns[said]))
            count += pc.sum(pc.and_(unusable, accepted)).as_py() or 0
    return {"bad_url": count} if count else {}


def save_products(
    connection: Connection, products: Sequence[Product], *, workspace_id: int
) -> None:
    """Keep products; of each the last word counts, whichever file it came in."""
    columns = {
        f"{name}s": [getattr(product, name) for product in products]
        for name in Product.__struct_fields__
    }
    _ = connection.execute(STATEMENTS["save_products"], {**columns, "workspace_id": workspace_id})
