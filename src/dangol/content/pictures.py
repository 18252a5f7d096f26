"""Pictures as rows: each of a shop's is kept once, by what it holds, and never changed."""

from datetime import datetime

from psycopg.rows import class_row

from dangol.content.picture import Picture, read_picture
from dangol.content.template import STATEMENTS
from dangol.store.connect import Connection


def save_picture(
    connection: Connection, content: bytes, *, workspace_id: int, now: datetime
) -> Picture:
    """Keep a picture unless the shop has it; return what it is.

    Raises:
        ValueError: it is no JPEG and no PNG.
    """
    picture = read_picture(content)
    values = {
        "workspace_id": workspace_id,
        "hash": bytes.fromhex(picture.hash),
        "kind": picture.kind,
        "width": picture.width,
        "height": picture.height,
        "content": content,
        "now": now,
    }
    connection.execute(STATEMENTS["save_picture"], values)
    return picture


def find_picture(connection: Connection, name: str, *, workspace_id: int) -> Picture | None:
    """Return the picture of a shop with this hash, in hexadecimal; None where it has none."""
    with connection.cursor(row_factory=class_row(Picture)) as cursor:
        values = {"workspace_id": workspace_id, "hash": bytes.fromhex(name)}
        return cursor.execute(STATEMENTS["find_picture"], values).fetchone()


def read_content(connection: Connection, name: str, *, workspace_id: int) -> bytes:
    """Return the bytes of a shop's picture.

    Raises:
        LookupError: the shop has none of that hash.
    """
    values = {"workspace_id": workspace_id, "hash": bytes.fromhex(name)}
    row = connection.execute(STATEMENTS["read_picture_content"], values).fetchone()
    if row is None:
        raise LookupError(f"The shop has no picture {name}.")
    return bytes(row[0])
