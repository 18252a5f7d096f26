"""A shop's file as a table, whatever its format: one row a row, and the line each stood on."""

# pyarrow ships no types: what comes from it is unknown.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

import msgspec
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pa_parquet

from dangol.ingest.mapping import ImportFault, Source

Format = Literal["csv", "parquet", "jsonl"]
FORMATS: Final[dict[str, Format]] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
}
BLANKS: Final = re.compile(rb"[ \t]+")
# Numbers stay as they were written, so that no digit is lost on the way to a decimal.
DECODE_ROW: Final = msgspec.json.Decoder(dict[str, object], float_hook=str)


class FileFault(ImportFault):
    """The file cannot be read as the mapping says; the text names what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """A file's rows: text from CSV and JSON Lines, typed from Parquet.

    ``malformed`` holds the lines that are no row at all, by reason; they are not in ``table``.
    """

    table: pa.Table
    lines: Callable[[Sequence[int]], list[int]]
    malformed: dict[str, list[int]] = field(default_factory=dict[str, list[int]])

    @property
    def count(self) -> int:
        """All rows of the file, malformed ones included."""
        return self.table.num_rows + sum(map(len, self.malformed.values()))


def read_rows(path: Path, *, source: Source) -> Rows:
    """Read a file whole.

    Raises:
        FileFault: it is missing, unreadable, empty, or not in the stated format or encoding.
    """
    form = source.format or guess_format(path)
    try:
        rows = READERS[form](path, source)
    except OSError as error:
        raise FileFault(
            f"{path} cannot be read: {error.strerror or error}. Check its name and permissions."
        ) from error
    except pa.ArrowInvalid as error:
        raise FileFault(
            f"{path} cannot be read as {form}: {error}. Check [source] format and delimiter."
        ) from error
    if rows.count == 0:
        raise FileFault(f"{path} is empty: it has no rows. Name a file with data.")
    return rows


def guess_format(path: Path) -> Format:
    found = FORMATS.get(path.suffix.lower())
    if found is None:
        raise FileFault(
            f"{path}: the name does not tell the format. Add [source] format = 'csv', 'parquet' or"
            " 'jsonl' to the mapping."
        )
    return found


def read_parquet(path: Path, _source: Source) -> Rows:
    """Read a Parquet file; its "lines" are row numbers from 1."""
    schema = pa_parquet.read_schema(path)
    # Shops repeat themselves: reading text as a dictionary first is several times faster.
    texts = [one.name for one in schema if is_text(one.type)]
    read = pa_parquet.ParquetFile(path, read_dictionary=texts).read()
    plain = {name: undictionary(read[name]) for name in read.column_names}
    # Lists and structs are no columns a mapping could name.
    flat = {name: one for name, one in plain.items() if not pa.types.is_nested(one.type)}
    return Rows(table=pa.table(flat), lines=lambda rows: [row + 1 for row in rows])


def undictionary(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    return column.cast(kind.value_type) if pa.types.is_dictionary(kind) else column


def is_text(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or pa.types.is_large_string(kind)


def read_csv(path: Path, source: Source) -> Rows:
    """Read delimited text, every column as text, rows of the wrong width set aside."""
    data, delimiter = delimited(read_text(path, source), source.delimiter)
    if not data.strip():
        raise FileFault(f"{path} is empty: it has no rows. Name a file with data.")
    names = source.header or next(csv.reader([first_line(data)], delimiter=delimiter))
    refused = 0

    def skip(_row: pa_csv.InvalidRow) -> Literal["skip"]:
        nonlocal refused
        refused += 1
        return "skip"

    table = pa_csv.read_csv(
        pa.BufferReader(data),
        read_options=pa_csv.ReadOptions(column_names=source.header or None),
        parse_options=pa_csv.ParseOptions(
            delimiter=delimiter, newlines_in_values=b'"' in data, invalid_row_handler=skip
        ),
        convert_options=pa_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
        ),
    )
    headers = 0 if source.header else 1
    plain = data.count(b"\n") + (not data.endswith(b"\n")) == table.num_rows + headers
    if plain and not refused:
        return Rows(table=table, lines=lambda rows: [row + 1 + headers for row in rows])
    places = csv_lines(data, delimiter=delimiter, width=len(names), headers=headers)
    return Rows(
        table=table,
        lines=lambda rows: [places.good[row] for row in rows],
        malformed={"wrong_columns": places.bad} if places.bad else {},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The lines on which rows start, those of the right width and the others."""

    good: list[int]
    bad: list[int]


def csv_lines(data: bytes, *, delimiter: str, width: int, headers: int) -> Places:
    """Find the line of each row where rows may span lines, be blank, or be broken."""
    places = Places(good=[], bad=[])
    reader = csv.reader(io.StringIO(data.decode(), newline=""), delimiter=delimiter)
    start = 1
    for row in reader:
        if row and start > headers:
            (places.good if len(row) == width else places.bad).append(start)
        start = reader.line_num + 1
    return places


def first_line(data: bytes) -> str:
    return data.lstrip().partition(b"\n")[0].decode().rstrip("\r")


def delimited(data: bytes, delimiter: str) -> tuple[bytes, str]:
    """Return text whose columns are parted by one character, and that character."""
    if delimiter != "whitespace":
        return data, delimiter
    lines = (BLANKS.sub(b",", line.strip()) for line in data.splitlines())
    return b"\n".join(lines) + b"\n", ","


def read_text(path: Path, source: Source) -> bytes:
    """Return a file's text in UTF-8 without a byte order mark.

    Raises:
        FileFault: it is not in the stated encoding; the text names the first line that is not.
    """
    raw = path.read_bytes()
    try:
        text = raw.decode(source.encoding)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        other = "cp949" if source.encoding.lower().startswith("utf") else "utf-8"
        raise FileFault(
            f"{path} is not in {source.encoding}: line {line} has bytes that mean nothing there."
            f" Set [source] encoding to what wrote the file, perhaps '{other}'."
        ) from error
    return text.removeprefix("\ufeff").encode()


def read_jsonl(path: Path, source: Source) -> Rows:
    """Read one JSON object a line, its values as text; the first lines tell the columns."""
    good: list[int] = []
    bad: list[int] = []
    objects: list[dict[str, str | None]] = []
    for line, text in json_lines(read_text(path, source)):
        try:
            objects.append({key: as_text(value) for key, value in DECODE_ROW.decode(text).items()})
        except msgspec.DecodeError:
            bad.append(line)
        else:
            good.append(line)
    names = list(dict.fromkeys(name for one in objects for name in one))
    columns = [pa.array([one.get(name) for one in objects], pa.string()) for name in names]
    return Rows(
        table=pa.Table.from_arrays(columns, names=names),
        lines=lambda rows: [good[row] for row in rows],
        malformed={"bad_json": bad} if bad else {},
    )


def json_lines(data: bytes) -> Iterator[tuple[int, bytes]]:
    """List the lines that are not blank, numbered from 1."""
    return ((line, text) for line, text in enumerate(data.split(b"\n"), 1) if text.strip())


def as_text(value: object) -> str | None:
    """Return a JSON value as a CSV file would have had it."""
    if value is None or isinstance(value, str):
        return value
    return msgspec.json.encode(value).decode()


READERS: Final[dict[Format, Callable[[Path, Source], Rows]]] = {
    "csv": read_csv,
    "parquet": read_parquet,
    "jsonl": read_jsonl,
}
