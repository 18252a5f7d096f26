"""Uploaded lists: what there is, uploading one, and deleting one that nobody asks for."""

# pyarrow ships no types: what comes from it is unknown.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

import tempfile
from pathlib import Path
from typing import Annotated, Final

import msgspec
from litestar import delete, get, put
from litestar.exceptions import (
    ClientException,
    NotAuthorizedException,
    NotFoundException,
    PermissionDeniedException,
)
from litestar.params import FromPath, QueryParameter, RawBody

from dangol.console.desk import ConflictException, ConsoleRequest, open_desk, open_work
from dangol.console.segment_answers import ListKind, Lists, ListSummary, UploadedList
from dangol.console.segment_views import refusing
from dangol.ingest.mapping import ImportFault, Source
from dangol.ingest.readers import Rows, read_rows
from dangol.segments.change import check_name
from dangol.segments.lists import Listed, delete_list, find_list, read_lists
from dangol.segments.upload import upload_list
from dangol.store.vocabulary import IdentifierKind

KINDS: Final[dict[ListKind, IdentifierKind]] = {
    "user": IdentifierKind.EXTERNAL,
    "email": IdentifierKind.EMAIL,
    "phone": IdentifierKind.PHONE,
}
# So many lines that lead nowhere are named.
SHOWN: Final = 20


@get("/api/lists", sync_to_thread=True, operation_id="list_lists", raises=[NotAuthorizedException])
def list_lists(request: ConsoleRequest) -> Lists:
    """List every uploaded list."""
    with open_desk(request) as desk:
        lists = read_lists(desk.connection, workspace_id=desk.workspace_id, now=desk.now)
        return Lists(lists=[show_list(one) for one in lists.values()])


def show_list(listed: Listed) -> ListSummary:
    """Return a list as the API says it."""
    return ListSummary(
        name=listed.name,
        entries=listed.entries,
        matched=listed.matched,
        uploaded_at=listed.uploaded_at,
        used_by=list(listed.used_by),
        journeys=list(listed.journeys),
    )


@get(
    "/api/lists/{name:str}",
    sync_to_thread=True,
    operation_id="get_list",
    raises=[NotAuthorizedException, NotFoundException],
)
def get_list(request: ConsoleRequest, name: FromPath[str]) -> ListSummary:
    """Return one list."""
    with refusing(), open_desk(request) as desk:
        at = {"workspace_id": desk.workspace_id}
        return show_list(find_list(desk.connection, name=name, now=desk.now, **at))


@put(
    "/api/lists/{name:str}",
    sync_to_thread=True,
    operation_id="upload_list",
    raises=[ClientException, NotAuthorizedException, PermissionDeniedException],
)
def put_list(
    request: ConsoleRequest,
    name: FromPath[str],
    body: RawBody,
    by: Annotated[ListKind, QueryParameter(name="by")] = "email",
    column: Annotated[str, QueryParameter(name="column", max_length=200)] = "",
) -> UploadedList:
    """Make the customers of a CSV file (text/csv, with a header line) a list, or replace one.

    ``by`` says what the file knows customers by, ``column`` where that stands if there are several.
    """
    with refusing(), open_work(request) as desk:
        check_name(name)
        rows = read_csv(body)
        uploaded = upload_list(
            desk.connection,
            pick_column(rows, column),
            name=name,
            kind=KINDS[by],
            workspace_id=desk.workspace_id,
            vault=desk.house.vault,
            now=desk.now,
        )
        at = {"workspace_id": desk.workspace_id}
        listed = find_list(desk.connection, name=name, now=desk.now, **at)
        return UploadedList(
            **msgspec.structs.asdict(show_list(listed)),
            unknown=rows.lines(uploaded.unknown[:SHOWN]),
            unreadable=rows.lines(uploaded.unreadable[:SHOWN]),
        )


def read_csv(body: bytes) -> Rows:
    """Read a file that was sent.

    Raises:
        ClientException: it cannot be read.
    """
    with tempfile.TemporaryDirectory(prefix="dangol-list-") as folder:
        file = Path(folder) / "list.csv"
        _ = file.write_bytes(body)
        try:
            return read_rows(file, source=Source(time_zone="UTC"))
        except ImportFault as fault:
            said = str(fault).replace(str(file), "The file")
            raise ClientException(said, extra={"code": "bad_file"}) from fault


def pick_column(rows: Rows, column: str) -> list[str]:
    """Return the texts of the column that names customers.

    Raises:
        ClientException: it is not there, or there are several and none was named.
    """
    names = rows.table.column_names
    if column not in names and (column or len(names) > 1):
        there = ", ".join(names)
        what = f"There is no column {column!r}." if column else "The file has several columns."
        raise ClientException(
            f"{what} Name one of these: {there}.", extra={"code": "bad_column", "columns": names}
        )
    values = rows.table[column or names[0]].to_pylist()
    return ["" if value is None else str(value) for value in values]


@delete(
    "/api/lists/{name:str}",
    sync_to_thread=True,
    operation_id="delete_list",
    status_code=204,
    raises=[
        NotAuthorizedException,
        PermissionDeniedException,
        NotFoundException,
        ConflictException,
    ],
)
def drop_list(request: ConsoleRequest, name: FromPath[str]) -> None:
    """Delete a list that no segment asks for."""
    with refusing(), open_work(request) as desk:
        delete_list(desk.connection, workspace_id=desk.workspace_id, name=name, now=desk.now)
