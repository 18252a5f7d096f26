"""What does it cost to keep a hundred segments right while nothing comes?

A shop of some thousand customers with a short past lies still for an hour; then the same with
events that leave windows as time passes. A beat a minute, as the worker does it, with the clock as
an argument, so that the hour passes in a moment. Measured is the processor's time of this process
and of its connection's server process, not the clock's: other work on the machine does not blur it.
The share is that of one core, over the hour.
"""

# pyarrow ships no types: what comes from it is unknown.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

import json
import os
import resource
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import numpy as np
from server import lend_server, open_workspace

from dangol.segments.comparison import DaysAgo, Equals
from dangol.segments.condition import (
    AllOf,
    Condition,
    Consented,
    Engagement,
    Lifecycle,
    Reachable,
    Trait,
)
from dangol.segments.define import define_segment
from dangol.segments.refresh import refresh_segments
from dangol.segments.window import Rolling
from dangol.store.connect import Connection, connect
from dangol.store.lake import Lake
from dangol.store.vocabulary import Channel
from segments import NOW, draw_month, draw_segments

CUSTOMERS: Final = 5_000
EVENTS: Final = 20_000
# When all of it happened, in months of the lake: in October no window of the segments ends, and
# some end in January, so that every few minutes an event goes out of one.
STILL: Final = 19
PASSING: Final = 22
BEATS: Final = 60
MINUTE: Final = timedelta(minutes=1)
FACTS: Final[Mapping[str, Condition]] = {
    "new": Lifecycle(stages=("new",)),
    "cooling and consenting": AllOf(
        of=(Lifecycle(stages=("cooling",)), Consented(channel=Channel.EMAIL))
    ),
    "vip": Trait(trait="grade", test=Equals(value="VIP")),
    "seen lately": Trait(trait="$last_seen_at", test=DaysAgo(at_most=7)),
    "reachable": Reachable(channel=Channel.EMAIL),
    "opened lately": Engagement(reaction="opened", during=Rolling(days=30)),
}


def fill(connection: Connection, lake: Lake, *, workspace_id: int, month: int) -> None:
    """Make the customers, what they did, and the segments."""
    rows = draw_month(np.random.default_rng(3), month, EVENTS, number=0, customers=CUSTOMERS)
    lake.append_events(rows, workspace_id=workspace_id, step=1)
    seen = datetime(2027, 1, 1, tzinfo=UTC)
    with connection.transaction():
        connection.execute(
            "insert into customer (workspace_id, first_seen_at, last_seen_at)"
            " select %s, %s, %s from generate_series(1, %s)",
            (workspace_id, seen, seen, CUSTOMERS),
        )
        segments = [*list(draw_segments().items())[: 100 - len(FACTS)], *FACTS.items()]
        for name, condition in segments:
            _ = define_segment(
                connection,
                workspace_id=workspace_id,
                name=name,
                title_ko=name,
                title_en=name,
                definition=condition,
                now=NOW,
            )


def beat(connection: Connection, lake: Lake, *, workspace_id: int, now: datetime) -> None:
    with connection.transaction():
        _ = refresh_segments(connection, lake, workspace_id=workspace_id, now=now)


def processor_seconds(connection: Connection) -> float:
    """Return how long this process and its server process have computed."""
    own = resource.getrusage(resource.RUSAGE_SELF)
    fields = (
        Path(f"/proc/{connection.info.backend_pid}/stat").read_text().rpartition(")")[2].split()
    )
    server = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return own.ru_utime + own.ru_stime + server


def measure(month: int) -> dict[str, float]:
    """Return what an hour of beats takes where everything happened in one month."""
    with lend_server() as server, connect(server.postgres.dsn) as connection:
        lake = Lake(server.folder / "lake")
        with connection.transaction():
            workspace_id = open_workspace(connection, now=NOW)
        fill(connection, lake, workspace_id=workspace_id, month=month)
        now = NOW
        # The first asks everybody, the next looks ahead.
        for _ in range(3):
            beat(connection, lake, workspace_id=workspace_id, now=now)
            now += MINUTE
        before = processor_seconds(connection)
        for _ in range(BEATS):
            beat(connection, lake, workspace_id=workspace_id, now=now)
            now += MINUTE
        spent = processor_seconds(connection) - before
    return {
        "processor_seconds": round(spent, 2),
        "idle_cpu_share": round(spent / (BEATS * MINUTE.total_seconds()), 5),
    }


def main() -> None:
    print("load average", os.getloadavg(), "on", os.cpu_count(), "cores")
    figures = {"nothing_crosses": measure(STILL), "windows_pass": measure(PASSING)}
    print(json.dumps({"segments": 100, "beats": BEATS, **figures}))


if __name__ == "__main__":
    main()
