"""What the doctor says of keeping data no longer than was said."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from dangol.app.clock import STATEMENTS, shifted_clock
from dangol.store.connect import Connection

LATEST: Final = timedelta(days=2)
REMEDY: Final = (
    "Start a worker (`dangol up` or `dangol worker`), or run `dangol retention run` and see "
    "what it says: docs/guides/privacy.md."
)


def examine_retention(connection: Connection) -> Iterator[tuple[str, str, str]]:
    """Is what is older than its purpose's period deleted, in every workspace that has periods?"""
    now = shifted_clock(connection)
    rows = connection.execute(STATEMENTS["list_late_retentions"]).fetchall()
    late = [(name, last) for name, since, last in rows if (last or since) < now - LATEST]
    for name, last in late:
        said = f"the last run ended {last:%Y-%m-%d %H:%M} UTC" if last else "never run"
        yield "retention", f"{name}: {said}; old data is deleted every night", REMEDY
    if not late:
        yield "retention", f"{len(rows)} workspaces with periods of keeping, none is late", ""
