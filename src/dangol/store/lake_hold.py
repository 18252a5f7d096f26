"""Holding flushes back for a moment, for somebody who needs the lake to stand still."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

from psycopg.pq import TransactionStatus

from dangol.store.connect import Connection
from dangol.store.statements import load_statements

USABLE: Final = (TransactionStatus.IDLE, TransactionStatus.INTRANS)
STATEMENTS = load_statements(__package__ or "dangol.store")


@contextmanager
def hold_flushes(connection: Connection) -> Generator[None]:
    """Wait until no workspace is being flushed, and let none begin until this ends.

    Needs a connection without a transaction. Events wait in the inbox meanwhile.
    """
    with connection.transaction():
        workspaces = [row[0] for row in connection.execute(STATEMENTS["list_flushes"])]
        for workspace_id in workspaces:
            connection.execute(STATEMENTS["hold_flush"], {"workspace_id": workspace_id})
    try:
        yield
    finally:
        # The locks end with the session; of one that is broken, there is nothing to release.
        if connection.info.transaction_status in (
            TransactionStatus.IDLE,
            TransactionStatus.INTRANS,
        ):
            for workspace_id in workspaces:
                connection.execute(STATEMENTS["release_flush"], {"workspace_id": workspace_id})
