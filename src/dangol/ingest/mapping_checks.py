"""What must hold in a mapping beyond its shape, each check with its remedy."""

import codecs
import difflib
import re
import string
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dangol.ingest.mapping import Claim, Kind, Mapping, MappingFault, Statement
from dangol.store.phones import REGIONS

# Domains that belong to nobody (RFC 2606, RFC 6761), so that made-up mail reaches nobody.
NOBODYS_DOMAIN: Final = re.compile(r"[@.](example|test|invalid|localhost|example\.(com|net|org))$")
SINGLE_COLUMN: Final = re.compile(r"\{[^{}]+\}")


def check_mapping(mapping: Mapping, *, kind: Kind) -> None:
    """Judge a mapping before the file is opened.

    Raises:
        MappingFault: naming the key, its value and the remedy.
    """
    for check in (check_source, check_templates, check_address, check_consent):
        check(mapping)
    KIND_CHECKS[kind](mapping)


def check_source(mapping: Mapping) -> None:
    source = mapping.source
    try:
        ZoneInfo(source.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise fault(
            "[source] time_zone", source.time_zone, "write a name such as 'Asia/Seoul'"
        ) from error
    try:
        codecs.lookup(source.encoding)
    except LookupError as error:
        raise fault("[source] encoding", source.encoding, "write 'utf-8' or 'cp949'") from error
    if len(source.delimiter) != 1 and source.delimiter != "whitespace":
        raise fault("[source] delimiter", source.delimiter, "write one character or 'whitespace'")
    if source.country is not None and source.country not in REGIONS:
        raise fault("[source] country", source.country, "write two letters, as in 'KR'")
    check_fixed_date(mapping)


def check_fixed_date(mapping: Mapping) -> None:
    if mapping.source.date is None:
        return
    try:
        datetime.fromisoformat(mapping.source.date)
    except ValueError as error:
        raise fault("[source] date", mapping.source.date, "write it as 2017-01-31") from error


def check_templates(mapping: Mapping) -> None:
    for place, template in templates(mapping):
        try:
            names = template_columns(template)
        except ValueError as error:
            raise fault(place, template, "close every brace, as in '{InvoiceNo}'") from error
        if not all(names) or not names:
            raise fault(place, template, "name at least one column, as in '{InvoiceNo}'")


def check_address(mapping: Mapping) -> None:
    email, made_up = mapping.customer.email, mapping.customer.made_up
    if email is None:
        return
    composed = SINGLE_COLUMN.fullmatch(email) is None
    if composed and not made_up:
        raise fault(
            "[customer] email", email, "an address put together is made up: add made_up = true"
        )
    if composed and NOBODYS_DOMAIN.search(email) is None:
        raise fault(
            "[customer] email", email, "let made-up addresses end in a domain such as shop.example"
        )
    if made_up and not composed:
        raise fault("[customer] made_up", "true", "leave it out: the file has the addresses")


def check_consent(mapping: Mapping) -> None:
    for place, claim in claims(mapping):
        check_claim(place, claim)


def check_claim(place: str, claim: Claim) -> None:
    if not claim.source.strip():
        raise fault(
            f"{place} source", claim.source, "say where the consent was given; the ledger keeps it"
        )
    if (claim.column is None) == (claim.share is None):
        raise fault(place, "", "give either a column of the file or a made-up share")
    if claim.column is not None and not claim.granted:
        raise fault(f"{place} granted", "[]", 'list the values that mean yes, as in ["Y"]')
    if claim.share is not None and not claim.made_up:
        raise fault(f"{place} share", str(claim.share), "declare it: add made_up = true")
    if claim.share is not None and not 0 <= claim.share <= 1:
        raise fault(f"{place} share", str(claim.share), "write a share between 0 and 1")


def check_orders(mapping: Mapping) -> None:
    columns = mapping.columns
    if mapping.order is None:
        raise fault("[order] id", "", "say what makes rows one order, as in id = '{InvoiceNo}'")
    if columns.date is None:
        raise fault("[columns] date", "", "name the column with the date of the order")
    if (columns.amount is None) == (columns.price is None or columns.quantity is None):
        raise fault(
            "[columns] price", "", "name either amount (of the line) or both price and quantity"
        )
    if mapping.source.currency is None:
        raise fault("[source] currency", "", "name the currency of the amounts, as in 'KRW'")
    check_person(mapping)


def check_customers(mapping: Mapping) -> None:
    check_person(mapping)


def check_events(mapping: Mapping) -> None:
    event = mapping.event
    if event is None:
        raise fault("[event] name", "", "name the event that each row is, or set shape = 'segment'")
    if event.shape == "segment":
        return
    if (event.name is None) == (event.name_column is None):
        raise fault("[event] name", "", "give either name or name_column")
    if mapping.columns.date is None and mapping.source.date is None:
        raise fault("[columns] date", "", "name the column with the time of the event")
    check_person(mapping)


def check_products(mapping: Mapping) -> None:
    columns = mapping.columns
    for key in ("product_id", "product_name"):
        if getattr(columns, key) is None:
            raise fault(f"[columns] {key}", "", "name the column with it")
    if columns.price is not None and columns.currency is None and mapping.source.currency is None:
        raise fault("[source] currency", "", "name the currency of the prices, as in 'KRW'")


def check_consents(mapping: Mapping) -> None:
    said = mapping.statement
    if said is None:
        raise fault("[statement] state", "", "name the column that says yes or no")
    if not said.source.strip():
        raise fault("[statement] source", "", "say where it was said; the ledger keeps it")
    if mapping.columns.date is None and mapping.source.date is None:
        raise fault("[columns] date", "", "name the column that says when")
    check_person(mapping)


def check_person(mapping: Mapping) -> None:
    if mapping.customer.id is None and mapping.customer.email is None:
        raise fault("[customer] id", "", "say who a row is about, as in id = '{CustomerID}'")


KIND_CHECKS: Final[dict[Kind, Callable[[Mapping], None]]] = {
    "orders": check_orders,
    "customers": check_customers,
    "events": check_events,
    "products": check_products,
    "consents": check_consents,
}


def check_columns(mapping: Mapping, *, names: list[str]) -> None:
    """Judge a mapping against the columns a file has; raises MappingFault listing them."""
    for place, column in used_columns(mapping):
        if column not in names:
            close = difflib.get_close_matches(column, names, n=1, cutoff=0.5)
            guess = f" Did you mean {close[0]!r}?" if close else ""
            raise MappingFault(
                f"{place} names column {column!r}, which the file does not have.{guess}"
                f" Its columns: {', '.join(names)}."
            )


def used_columns(mapping: Mapping) -> Iterator[tuple[str, str]]:
    """List every column of the file the mapping names, with the place that names it."""
    for key in mapping.columns.__struct_fields__:
        column: str | None = getattr(mapping.columns, key)
        if column is not None:
            yield f"[columns] {key}", column
    for place, template in templates(mapping):
        yield from ((place, name) for name in template_columns(template))
    yield from named("[customer.traits]", mapping.customer.traits)
    if mapping.order is not None:
        yield from named("[order.properties]", mapping.order.properties)
        if mapping.order.refund is not None:
            yield "[order] refund", mapping.order.refund.column
    if mapping.event is not None:
        yield from named("[event.properties]", mapping.event.properties)
        if mapping.event.name_column is not None:
            yield "[event] name_column", mapping.event.name_column
    if mapping.statement is not None:
        yield from statement_columns(mapping.statement)
    for place, claim in claims(mapping):
        for key, column in (("column", claim.column), ("date", claim.date)):
            if column is not None:
                yield f"{place} {key}", column


def statement_columns(said: Statement) -> Iterator[tuple[str, str]]:
    yield "[statement] state", said.state
    for key in ("source", "channel", "purpose", "wording", "locale"):
        yield from ((f"[statement] {key}", name) for name in template_columns(getattr(said, key)))


def named(table: str, columns: dict[str, str]) -> Iterable[tuple[str, str]]:
    return ((f"{table} {key}", column) for key, column in columns.items())


def templates(mapping: Mapping) -> Iterator[tuple[str, str]]:
    """List the texts that name columns in braces."""
    found = (
        ("[order] id", mapping.order and mapping.order.id),
        ("[customer] id", mapping.customer.id),
        ("[customer] email", mapping.customer.email),
        ("[customer] phone", mapping.customer.phone),
        ("[event] id", mapping.event and mapping.event.id),
    )
    return ((place, template) for place, template in found if template is not None)


def template_columns(template: str) -> list[str]:
    """List the columns a template names; raises ValueError where braces do not match."""
    return [name for _, name, _, _ in string.Formatter().parse(template) if name is not None]


def claims(mapping: Mapping) -> Iterator[tuple[str, Claim]]:
    for channel, purposes in mapping.consent.items():
        for purpose, claim in purposes.items():
            yield f"[consent.{channel}.{purpose}]", claim


def fault(place: str, value: str, remedy: str) -> MappingFault:
    """Say what is wrong in the order a reader needs it: where, what, what to do."""
    said = f" is {value!r}" if value else " is missing or incomplete"
    return MappingFault(f"The mapping's {place}{said}: {remedy}.")
