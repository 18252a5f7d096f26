"""The addresses that tracked links lead to, each with an id that stands for it."""

from collections.abc import Collection

from dangol.channels.claim import STATEMENTS
from dangol.store.connect import Connection


def find_links(
    connection: Connection, *, workspace_id: int, urls: Collection[str]
) -> dict[str, int]:
    """Return the id of each address, giving new ones an id; ids are final once committed."""
    if not urls:
        return {}
    values = {"workspace_id": workspace_id, "urls": list(urls)}
    known = dict(connection.execute(STATEMENTS["read_links"], values).fetchall())
    if missing := [url for url in urls if url not in known]:
        connection.execute(
            STATEMENTS["insert_links"], {"workspace_id": workspace_id, "urls": missing}
        )
        known = dict(connection.execute(STATEMENTS["read_links"], values).fetchall())
    return known
