"""The right to be forgotten, put together for this installation."""

import logging
from typing import Final

from dangol.app.clock import shifted_clock
from dangol.app.fence import open_fence
from dangol.app.history import open_lake
from dangol.app.keyfile import open_vault
from dangol.app.problem import about_file
from dangol.app.rotation import meet_keys
from dangol.app.settings import Settings
from dangol.ingest.blocks import unpack_everything
from dangol.rights.erasure import Tools
from dangol.rights.erasure_log import ErasureLog
from dangol.rights.restore import remember_erasures
from dangol.store.connect import connect
from dangol.store.lake import Lake
from dangol.store.vault import Vault

LOGGER: Final = logging.getLogger("dangol.forget")


def make_tools(settings: Settings, *, vault: Vault, lake: Lake) -> Tools:
    """Return what an erasure works with here."""
    return Tools(
        vault=vault,
        lake=lake,
        log=ErasureLog(settings.erasure_path),
        clock=shifted_clock,
        unpack=lambda connection, workspace_id: unpack_everything(
            connection, workspace_id=workspace_id, vault=vault
        ),
    )


def remember(settings: Settings) -> None:
    """Meet the database: its keys, its fence, and who was forgotten since a restored copy was made.

    Call it before all else.

    Raises:
        StoreError: the key file is not the one of this database.
        ProblemError: the erasure log cannot be read or written.
    """
    vault = open_vault(settings.key_path)
    tools = make_tools(settings, vault=vault, lake=open_lake(settings))
    try:
        with connect(settings.database_url) as connection:
            meet_keys(connection, vault, now=shifted_clock(connection))
            open_fence(settings).meet(connection)
            brought = remember_erasures(connection, tools)
    except OSError as error:
        raise about_file(
            error,
            path=settings.erasure_path,
            purpose="the erasure log",
            remedy="Set DANGOL_ERASURE_LOG to a file you may write.",
        ) from error
    if brought:
        LOGGER.warning("people were forgotten again", extra={"count": brought})
