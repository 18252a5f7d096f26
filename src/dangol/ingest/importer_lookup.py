"""Columns of a second file, joined to the first by a key."""

# pyarrow ships no types, and makes its functions at run time: what comes from it is unknown.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportAttributeAccessIssue=false

from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from dangol.ingest.importer_columns import one_chunk, texts
from dangol.ingest.mapping import Lookup, Mapping, MappingFault
from dangol.ingest.mapping_checks import check_columns
from dangol.ingest.readers import Rows, read_rows


def look_up(rows: Rows, *, path: Path, mapping: Mapping) -> Rows:
    """Add the columns the mapping takes from files beside ``path``; unknown keys give null.

    Raises:
        MappingFault: a column is missing in either file, or the mapping does not fit the result.
        FileFault: a second file cannot be read.
    """
    table = rows.table
    for lookup in mapping.lookup:
        require("[[lookup]] column", lookup.column, table.column_names)
        table = joined(table, lookup, folder=path.parent, mapping=mapping)
    check_columns(mapping, names=table.column_names)
    return Rows(table=table, lines=rows.lines, malformed=rows.malformed)


def joined(table: pa.Table, lookup: Lookup, *, folder: Path, mapping: Mapping) -> pa.Table:
    source = msgspec.structs.replace(mapping.source, format=None, header=[])
    second = read_rows(folder / lookup.file, source=source).table
    for column in (lookup.key, *lookup.take):
        require(f"[[lookup]] of {lookup.file}", column, second.column_names)
    keys = one_chunk(texts(second[lookup.key]))
    found = pc.index_in(texts(table[lookup.column]), value_set=keys)
    for name in lookup.take:
        if name in table.column_names:
            raise MappingFault(
                f"The mapping's [[lookup]] take is {name!r}, which the file has itself: leave it"
                " out, or rename it."
            )
        table = table.append_column(name, one_chunk(second[name]).take(one_chunk(found)))
    return table


def require(place: str, column: str, names: list[str]) -> None:
    if column not in names:
        raise MappingFault(
            f"{place} names column {column!r}, which the file does not have. Its columns:"
            f" {', '.join(names)}."
        )
