"""A worker whose engine is Spark does all that one with DuckDB does, and finds the same members."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from tests.ingest.words import arrive, told

from dangol.app.chores import make_chores
from dangol.app.clock import shifted_clock
from dangol.app.history import open_lake
from dangol.app.jobs import audit_workspace
from dangol.app.keyfile import open_vault
from dangol.app.settings import Settings
from dangol.segments.audit import audit_segments
from dangol.segments.comparison import AtLeast, AtMost, Equals, PropertyFilter
from dangol.segments.condition import (
    AllOf,
    Condition,
    EventMeasure,
    InSegment,
    NoneOf,
    Sample,
    Sequence,
    SequenceStep,
)
from dangol.segments.define import define_segment
from dangol.segments.window import Rolling
from dangol.store.computing import OnSpark
from dangol.store.connect import Connection
from dangol.store.lake import Lake

# One process starts Spark.
pytestmark = pytest.mark.xdist_group("spark")

ORDER = "Order Completed"
SEGMENTS: dict[str, Condition] = {
    "buyers": EventMeasure(event=ORDER, test=AtLeast(value=2)),
    "red": EventMeasure(
        event="Product Viewed",
        where=(PropertyFilter(property="color", test=Equals(value="red")),),
        during=Rolling(days=5),
    ),
    "left a cart": Sequence(
        steps=(SequenceStep(event="Product Viewed"),),
        then_not=SequenceStep(event=ORDER, within_days=1),
    ),
    "half of the rest": AllOf(
        of=(NoneOf(of=(InSegment(segment="buyers"),)), Sample(percent=50, name="spring"))
    ),
    "small": EventMeasure(event=ORDER, measure="sum", of="revenue", test=AtMost(value=20)),
}


@pytest.fixture
def settings(dsn: str, tmp_path: Path, spark: OnSpark) -> Settings:
    parts = psycopg.conninfo.conninfo_to_dict(dsn)
    return Settings(
        database_url=f"postgresql://postgres@/{parts['dbname']}?host={parts['host']}",
        data_folder=tmp_path,
        engine="spark",
        spark_master=spark.master,
    )


@pytest.fixture
def work(connection: Connection, settings: Settings) -> Callable[[], None]:
    """Let a worker do once what brings events into segments."""
    open_vault(settings.key_path)
    chores = {chore.name: chore for chore in make_chores(settings)}

    def once() -> None:
        for name in ("tick", "flush", "refresh"):
            chores[name].do(connection)
            connection.commit()

    return once


def live(connection: Connection, workspace: int, *, now: datetime, days: range) -> None:
    """Let some people do something on each of some days."""
    events = [
        told(
            f"{who}-{day}-{name}",
            name=name,
            user=f"customer {who}",
            at=now - timedelta(days=day, hours=who),
            revenue=who if name == ORDER else None,
            properties={"color": "red" if (who + day) % 3 else "blue"},
        )
        for who in range(12)
        for day in days
        for name in (ORDER, "Product Viewed")
        if (who * 7 + day * 3 + len(name)) % 4 == 0
    ]
    arrive(connection, workspace, *events, at=now)


def members(connection: Connection) -> dict[str, set[int]]:
    rows = connection.execute(
        "select segment.name, membership.customer_id from segment"
        " left join membership on membership.segment_id = segment.id"
    ).fetchall()
    connection.commit()
    return {name: {who for one, who in rows if one == name} for name, _ in rows}


def test_a_worker_on_spark_finds_the_same_members(connection, workspace, settings, work) -> None:
    now = shifted_clock(connection)
    for name, condition in SEGMENTS.items():
        with connection.transaction():
            define_segment(
                connection,
                workspace_id=workspace,
                name=name,
                title_ko=name,
                title_en=name,
                definition=condition,
                now=now,
            )
    live(connection, workspace, now=now, days=range(3, 9))
    work()
    first = members(connection)
    # What comes next is followed by a beat.
    live(connection, workspace, now=now, days=range(3))
    work()
    second = members(connection)
    assert all(second.values())
    assert first != second

    assert open_lake(settings).computing == OnSpark("local[1]")
    audit_workspace(settings, workspace_id=workspace)
    with connection.transaction():
        _ = audit_segments(
            connection,
            Lake(settings.lake_folder),
            workspace_id=workspace,
            now=shifted_clock(connection),
        )

    audits = connection.execute("select surplus, missing from segment_audit").fetchall()
    assert audits == [(0, 0), (0, 0)]
    assert members(connection) == second
