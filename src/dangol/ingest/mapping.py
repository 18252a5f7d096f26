"""A mapping says what a shop's file means: which column is what, and what the file lacks.

It is a TOML file the shop writes once; examples/ has commented ones. Everything that was not in
the shop's data (addresses, consents) must be declared as made up, and every consent must name
where it was given.
"""

import tomllib
from pathlib import Path
from typing import Final, Literal

import msgspec

from dangol.store.vocabulary import Channel, Purpose

Kind = Literal["orders", "customers", "events", "products", "consents"]
Policy = Literal["refuse", "keep"]
# Small letters: what a file says is compared without regard to capitals.
YES: Final = ("y", "yes", "t", "true", "1", "granted", "subscribed", "동의", "수신", "수신동의")
NO: Final = ("n", "no", "f", "false", "0", "refused", "거부", "미동의", "수신거부")
WITHDRAWN: Final = ("withdrawn", "unsubscribed", "철회", "해지")


class ImportFault(Exception):  # noqa: N818 - a fault of the file or mapping, said to its owner
    """An import cannot start; the text names what is wrong and what to do."""


class MappingFault(ImportFault):
    """The mapping is wrong, or does not fit the file."""


class Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of the mapping: a key nobody knows is a fault, not a comment."""


class Source(Strict, frozen=True):
    """How the file is written."""

    # Where the dates without an offset were written down.
    time_zone: str
    # Told by the file name where absent.
    format: Literal["csv", "parquet", "jsonl"] | None = None
    encoding: str = "utf-8"
    # One character, or "whitespace" for runs of blanks.
    delimiter: str = ","
    # Column names of a file without a header line.
    header: list[str] = []
    currency: str | None = None
    # Where telephone numbers without a country code are at home; the workspace's where absent.
    country: str | None = None
    # Taken out of numbers before they are read: "," in 1,234.50.
    thousands: str = ""
    # As for strptime, or "unix" or "unix_ms"; absent means ISO 8601.
    date_format: str | None = None
    # One date for every row of a file that has none.
    date: str | None = None


class Columns(Strict, frozen=True):
    """Which column of the file is what."""

    date: str | None = None
    product_id: str | None = None
    product_name: str | None = None
    category: str | None = None
    quantity: str | None = None
    # Of one unit; or amount, of the whole line.
    price: str | None = None
    amount: str | None = None
    # Of a product; [source] currency where absent.
    currency: str | None = None
    url: str | None = None
    image_url: str | None = None
    # A number above zero, or one of the words in [product] in_stock.
    in_stock: str | None = None


class Refund(Strict, frozen=True):
    """Which rows take a purchase back."""

    column: str
    starts_with: str


class Order(Strict, frozen=True):
    """What makes rows one order, and what to do with odd rows."""

    id: str
    refund: Refund | None = None
    duplicates: Policy = "refuse"
    zero_amounts: Policy = "keep"
    # "refund" makes rows with a negative amount the refund of their order.
    negative_amounts: Literal["refuse", "keep", "refund"] = "refuse"
    properties: dict[str, str] = {}


class Customer(Strict, frozen=True):
    """Who a row is about."""

    # Absent where the shop knows people by their e-mail address only.
    id: str | None = None
    email: str | None = None
    phone: str | None = None
    # True where email is composed, so that nobody takes it for an address somebody gave.
    made_up: bool = False
    traits: dict[str, str] = {}


class Claim(Strict, frozen=True):
    """What the file, or its owner, claims about one consent."""

    # Where the consent was given: the evidence the ledger keeps.
    source: str
    column: str | None = None
    granted: list[str] = []
    refused: list[str] = []
    # When it was given; the row's date where absent.
    date: str | None = None
    # A share of customers who are taken to consent; only together with made_up.
    share: float | None = None
    made_up: bool = False
    wording: str = ""
    locale: str = ""


class EventRule(Strict, frozen=True):
    """How a row becomes an event."""

    # "segment": every line is a call of the tracking API; nothing else is needed.
    shape: Literal["columns", "segment"] = "columns"
    name: str | None = None
    name_column: str | None = None
    # What makes two rows the same event; the whole row where absent.
    id: str | None = None
    duplicates: Policy = "refuse"
    properties: dict[str, str] = {}


class Statement(Strict, frozen=True):
    """What a row of a file of consents says; each text is fixed, or a column in braces."""

    # The column that says yes or no.
    state: str
    # Where it was said: the evidence the ledger keeps.
    source: str
    channel: str = "email"
    purpose: str = "marketing"
    wording: str = ""
    locale: str = ""
    granted: tuple[str, ...] = YES
    refused: tuple[str, ...] = NO
    withdrawn: tuple[str, ...] = WITHDRAWN


class ProductRule(Strict, frozen=True):
    """What a row of a file of products says beyond its columns."""

    # The words that mean that it can be bought.
    in_stock: tuple[str, ...] = (*YES, "판매중", "재고있음", "in stock", "instock")


class Lookup(Strict, frozen=True):
    """Columns that stand in a second file beside the first, found by a key."""

    file: str
    column: str
    key: str
    take: list[str]


class Mapping(Strict, frozen=True):
    """The whole mapping."""

    source: Source
    columns: Columns = Columns()
    order: Order | None = None
    customer: Customer = Customer()
    consent: dict[Channel, dict[Purpose, Claim]] = {}
    event: EventRule | None = None
    lookup: list[Lookup] = []
    statement: Statement | None = None
    product: ProductRule = ProductRule()


def load_mapping(path: Path) -> Mapping:
    """Read a mapping file.

    Raises:
        MappingFault: it cannot be read, or says something it may not; the text names the key, the
            value and the remedy.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise MappingFault(
            f"The mapping {path} cannot be read: {error}. Name a TOML file in UTF-8; examples/ has"
            " some to start from."
        ) from error
    return parse_mapping(text, name=str(path))


def parse_mapping(text: str, *, name: str = "the mapping") -> Mapping:
    """Read a mapping from TOML text; raises MappingFault like ``load_mapping``."""
    try:
        return msgspec.convert(tomllib.loads(text), Mapping)
    except tomllib.TOMLDecodeError as error:
        raise MappingFault(f"{name} is not valid TOML: {error}.") from error
    except msgspec.ValidationError as error:
        raise MappingFault(f"{name}: {plain_words(str(error))}") from error


def plain_words(text: str) -> str:
    """Turn a validation error into a sentence about the mapping's own keys."""
    what, _, place = text.partition(" - at `$.")
    table = f"[{place.rstrip('`')}] " if place else ""
    what = what.replace("Object contains unknown field", "There is no key")
    what = what.replace("Object missing required field", "This key is missing:")
    return f"{table}{what}. docs/guides/import.md lists every key."
