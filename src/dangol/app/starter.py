"""What every new workspace starts with, so that its first journey has something to say."""

from datetime import datetime

from dangol.content.library import install_library
from dangol.segments.define import define_segment
from dangol.segments.library import LAPSED_REGULARS
from dangol.store.connect import Connection


def stock_workspace(
    connection: Connection, *, workspace_id: int, locale: str, now: datetime
) -> None:
    """Put the library's templates and the segment of lapsed regulars in place."""
    _ = install_library(connection, workspace_id=workspace_id, locale=locale, now=now)
    _ = define_segment(
        connection,
        workspace_id=workspace_id,
        name="lapsed_regulars",
        title_ko="한동안 뜸한 단골",
        title_en="Lapsed regulars",
        definition=LAPSED_REGULARS,
        now=now,
    )
