"""The right to know: everything held about one person, for programs and for people.

A folder gets one JSON document with everything, a CSV file for each kind of thing, and a README
that explains every heading in Korean and in English.
"""

import csv
import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Final

import msgspec

from dangol.rights.gather import Row, Subject
from dangol.rights.readme import write_readme
from dangol.rights.sections import SECTIONS, Section

DOCUMENT: Final = "export.json"
README: Final = "README.md"
# A spreadsheet would run what begins like this.
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
ENCODER: Final = msgspec.json.Encoder()
BLOCK_BYTES: Final = 65_536


def export_customer(
    subject: Subject, folder: Path, *, now: datetime, progress: Callable[[str, int], None]
) -> dict[str, int]:
    """Write everything held about ``subject`` into ``folder``, which must exist.

    Returns how many rows each section has; ``progress`` hears of them on the way. Call it in a
    transaction that sees one moment.
    """
    counts: dict[str, int] = {}
    with (folder / DOCUMENT).open("wb") as document:
        _ = document.write(b"{")
        _ = document.write(b'"exported_at":' + ENCODER.encode(now))
        for section in SECTIONS:
            counts[section.name] = write_section(
                subject, section, document, folder=folder, progress=progress
            )
        _ = document.write(b"\n}\n")
    write_readme(folder / README, counts=counts, now=now)
    return counts


def write_section(
    subject: Subject,
    section: Section,
    document: IO[bytes],
    *,
    folder: Path,
    progress: Callable[[str, int], None],
) -> int:
    """Write one section into the document and into a file of its own; return its rows."""
    _ = document.write(b",\n" + ENCODER.encode(section.name) + b":[")
    count = 0
    with (folder / f"{section.name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file, quoting=csv.QUOTE_ALL)
        table.writerow([f"{column.ko} ({column.name})" for column in section.columns])
        for row in subject.rows(section.name):
            _ = document.write(b"," if count else b"")
            _ = document.write(b"\n" + ENCODER.encode(as_object(section, row)))
            table.writerow([as_cell(value) for value in row])
            count += 1
            progress(section.name, count)
    _ = document.write(b"]")
    return count


def as_object(section: Section, row: Row) -> Mapping[str, object]:
    """Return a row for the document, with what is JSON itself as such."""
    named = {column.name: value for column, value in zip(section.columns, row, strict=True)}
    for name in ("properties", "value") if section.name in ("events", "traits") else ():
        text = named.get(name)
        if isinstance(text, str):
            named[name] = msgspec.Raw(text.encode())
    return named


def as_cell(value: object) -> str:
    """Return a value for a spreadsheet, which must not take a text for a formula."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, str) and value.lstrip(" ").startswith(FORMULA):
        return f"'{value}"
    return str(value)


def zip_customer(subject: Subject, *, now: datetime) -> Iterator[bytes]:
    """Yield everything held about ``subject`` as a ZIP file, block by block.

    It is written to a temporary file first: what goes wrong goes wrong before the first block.
    """
    stack = ExitStack()
    try:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="dangol-export-")))
        _ = export_customer(subject, folder, now=now, progress=lambda _name, _count: None)
        packed = stack.enter_context((folder / "packed").open("w+b"))
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(folder.iterdir()):
                if path.name != "packed":
                    archive.write(path, path.name)
        _ = packed.seek(0)
    except BaseException:
        stack.close()
        raise
    return read_blocks(packed, stack)


def read_blocks(file: IO[bytes] | io.BufferedRandom, stack: ExitStack) -> Iterator[bytes]:
    """Yield a file block by block; the stack is closed at the end, or when nobody reads on."""
    with stack:
        while block := file.read(BLOCK_BYTES):
            yield block
