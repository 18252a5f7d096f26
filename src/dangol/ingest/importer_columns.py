"""Columns as we need them, computed for all rows at once; what cannot be read becomes null."""

# pyarrow ships no types, and makes its functions at run time: what comes from it is unknown.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportAttributeAccessIssue=false

import string
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from dangol.ingest.mapping import Source

Column: TypeAlias = pa.ChunkedArray | pa.Array

TEXT: Final = pa.string()
MOMENT: Final = pa.timestamp("us", tz="UTC")
# Four digits after the point, as the inbox keeps; more would be rounded without anybody knowing.
NUMBER: Final = r"^[+-]?\d{1,13}(\.\d{1,4}0*)?$"
AMOUNT: Final = pa.decimal128(18, 4)
LARGEST: Final = 1e13
TICKS: Final = {"unix": "s", "unix_ms": "ms"}


def texts(column: Column) -> Column:
    """Return values as trimmed text, null where nothing is written."""
    if pa.types.is_integer(column.type):
        return column.cast(pa.string())
    if pa.types.is_floating(column.type):
        column = pc.if_else(pc.is_finite(column), column, None)
    trimmed = pc.utf8_trim_whitespace(column.cast(pa.string()))
    return pc.if_else(pc.not_equal(trimmed, ""), trimmed, None)


def render(template: str, table: pa.Table) -> Column:
    """Fill a template for every row; null where one of its columns is."""
    if template.startswith("{") and template[1:-1] in table.column_names:
        return texts(table[template[1:-1]])
    pieces: list[Column | str] = []
    for literal, name, _, _ in string.Formatter().parse(template):
        pieces.append(literal)
        if name is not None:
            pieces.append(texts(table[name]))
    return pc.binary_join_element_wise(*pieces, "", null_handling="emit_null")


def decimals(column: Column, *, thousands: str = "") -> Column:
    """Return values as exact decimals, null where they are no number of at most four places."""
    if pa.types.is_integer(column.type):
        return column.cast(pa.decimal128(23, 4)).cast(AMOUNT)
    if pa.types.is_floating(column.type):
        return float_decimals(column)
    text = texts(column)
    if thousands:
        text = pc.replace_substring(text, thousands, "")
    return pc.if_else(pc.match_substring_regex(text, NUMBER), text, None).cast(AMOUNT)


def float_decimals(column: Column) -> Column:
    """Read a float as the short decimal it was written as."""
    small = pc.less(pc.abs(column), LARGEST)
    exact = pc.if_else(small, column, None).cast(AMOUNT)
    # Floats of this size have about three digits to spare: a larger gap was a fifth place.
    gap = pc.abs(pc.subtract(exact.cast(pa.float64()), column))
    slack = pc.add(pc.multiply(pc.abs(column), 1e-15), 1e-9)
    return pc.if_else(pc.less(gap, slack), exact, None)


def moments(column: Column, *, source: Source) -> Column:
    """Return values as times in UTC; those without an offset were written in the shop's zone."""
    kind = column.type
    if pa.types.is_date(kind):
        column = column.cast(pa.timestamp("s"))
        kind = column.type
    if not pa.types.is_timestamp(kind):
        return written_moments(column, source=source)
    if kind.tz is None:
        # The hour that clocks skip or repeat has no one answer; take the nearest real time.
        column = pc.assume_timezone(
            column.cast(pa.timestamp("us"), safe=False),
            source.time_zone,
            ambiguous="earliest",
            nonexistent="latest",
        )
    return column.cast(MOMENT, safe=False)


def written_moments(column: Column, *, source: Source) -> Column:
    if source.date_format in TICKS:
        count = whole_numbers(column)
        return count.cast(pa.timestamp(TICKS[source.date_format], tz="UTC")).cast(MOMENT)
    read = date_reader(source)
    return by_value(texts(column), read, kind=MOMENT)


def whole_numbers(column: Column) -> Column:
    text = texts(column)
    return pc.if_else(pc.match_substring_regex(text, r"^\d{1,15}$"), text, None).cast(pa.int64())


def date_reader(source: Source) -> Callable[[str], datetime | None]:
    """Make the function that reads one written date."""
    zone = ZoneInfo(source.time_zone)
    form = source.date_format

    def read(text: str) -> datetime | None:
        try:
            local = datetime.strptime(text, form) if form else datetime.fromisoformat(text)  # noqa: DTZ007 - the zone follows
            aware = local if local.tzinfo is not None else local.replace(tzinfo=zone)
            return aware.astimezone(UTC)
        except (ValueError, OverflowError):
            return None

    return read


def fixed_moments(source: Source, *, count: int) -> Column:
    """Return the mapping's one date for every row."""
    return pa.repeat(pa.scalar(date_reader(source)(source.date or ""), MOMENT), count)


def by_value(
    column: Column, change: Callable[[str], object], *, kind: pa.DataType = TEXT
) -> Column:
    """Change each distinct text once: a file repeats its dates and names many times."""
    coded = one_chunk(column).dictionary_encode()
    changed = [change(value) for value in coded.dictionary.to_pylist()]
    return pa.array(changed, kind).take(coded.indices)


def one_chunk(column: Column) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def json_texts(column: Column) -> Column:
    """Return each value as JSON text; "null" where there is none."""
    # Prices and names repeat: each distinct value is written once.
    coded = one_chunk(column).dictionary_encode()
    written = distinct_json(coded.dictionary)
    return pc.fill_null(written.take(coded.indices), "null")


def distinct_json(values: pa.Array) -> pa.Array:
    kind = values.type
    if pa.types.is_decimal(kind) and kind.scale > 0:
        return pc.utf8_rtrim(pc.utf8_rtrim(values.cast(pa.string()), "0"), ".")
    if is_json(kind):
        return texts(values)
    return pa.array([text and quoted(text) for text in texts(values).to_pylist()], pa.string())


def is_json(kind: pa.DataType) -> bool:
    """Tell whether values of this type are JSON as Arrow writes them."""
    types = pa.types
    numeric = types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind)
    return numeric or types.is_boolean(kind)


def quoted(text: str) -> str:
    return msgspec.json.encode(text).decode()


def json_objects(fields: Iterable[tuple[str, Column]]) -> Column:
    """Return one JSON object a row."""
    pieces: list[Column | str] = []
    for number, (name, column) in enumerate(fields):
        start = "{" if number == 0 else ","
        pieces += [f"{start}{quoted(name)}:", json_texts(column)]
    return pc.binary_join_element_wise(*pieces, "}", "")


def rows_after_first(table: pa.Table, *, likely: list[str]) -> pa.Array:
    """Mark every row that is an exact copy of an earlier one.

    Rows are compared whole only where they agree in the ``likely`` columns, which is many times
    as fast on a real file.
    """
    row = numbers(table.num_rows)
    mixed = mix([table[name] for name in likely])
    counts = mixed.value_counts()
    crowded = counts.field("values").filter(pc.greater(counts.field("counts"), 1))
    alike = pc.is_in(mixed, crowded)
    suspects = table.filter(alike).append_column("\0row", row.filter(alike))
    firsts = suspects.group_by(table.column_names, use_threads=False).aggregate([("\0row", "min")])
    copies = suspects["\0row"].filter(
        pc.invert(pc.is_in(suspects["\0row"], one_chunk(firsts["\0row_min"])))
    )
    return pc.is_in(row, one_chunk(copies))


def mix(columns: Iterable[Column]) -> pa.Array:
    """Return one whole number a row, equal where all columns are, and rarely elsewhere."""
    mixed = pa.scalar(0, pa.int64())
    for column in columns:
        coded = codes(column)
        mixed = pc.add(pc.multiply(mixed, len(coded.dictionary) + 1), coded.indices)
    return mixed


def codes(column: Column) -> pa.DictionaryArray:
    """Number the distinct values of a column, nulls among them, in order of appearance."""
    return one_chunk(column).dictionary_encode(null_encoding="encode")


def structs(fields: Mapping[str, Column]) -> pa.Array:
    """Gather columns into one whose values are dictionaries."""
    columns = [one_chunk(column) for column in fields.values()]
    return pa.StructArray.from_arrays(columns, names=list(fields))


def numbers(count: int) -> pa.Array:
    """Return the whole numbers from 0 up."""
    return pa.arange(0, count)
