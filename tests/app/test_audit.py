"""Every night the segments are audited, and the doctor says what that found."""

from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from tests.build import NOON, customer, happened

from dangol.app.clock import freeze_clock
from dangol.app.doctor import check_segments
from dangol.app.jobs import audit_workspace
from dangol.app.settings import Settings
from dangol.segments.audit import workspaces_due
from dangol.segments.condition import EventMeasure
from dangol.segments.define import define_segment
from dangol.segments.refresh import refresh_segments
from dangol.store.connect import Connection
from dangol.store.engine import engine_of
from dangol.store.lake import Lake, flush_events

# Three in the morning in Seoul.
NIGHT = NOON.replace(hour=18)


@pytest.fixture
def settings(dsn: str, tmp_path: Path) -> Settings:
    parts = psycopg.conninfo.conninfo_to_dict(dsn)
    url = f"postgresql://postgres@/{parts['dbname']}?host={parts['host']}"
    return Settings(database_url=url, data_folder=tmp_path)


@pytest.fixture
def buyers(connection: Connection, workspace: int) -> int:
    with connection.transaction():
        return define_segment(
            connection,
            workspace_id=workspace,
            name="buyers",
            title_ko="구매 고객",
            title_en="Buyers",
            definition=EventMeasure(event="Order Completed"),
            now=NOON,
        )


@pytest.mark.usefixtures("buyers")
def test_an_audit_is_due_at_night_in_the_shops_zone(connection, workspace):
    assert workspaces_due(connection, now=NOON) == []
    assert workspaces_due(connection, now=NIGHT) == [workspace]


@pytest.mark.usefixtures("workspace")
def test_a_shop_without_segments_is_not_audited(connection):
    assert workspaces_due(connection, now=NIGHT) == []


def test_the_doctor_names_the_segments_that_were_wrong(connection, workspace, settings, buyers):
    lake = Lake(settings.lake_folder)
    minji = customer(connection, workspace)
    happened(connection, workspace, customer_id=minji)
    flush_events(connection, lake, workspace_id=workspace, now=NOON)
    with connection.transaction():
        refresh_segments(connection, lake, workspace_id=workspace, now=NOON)
    assert check_segments(connection).found.startswith("not audited yet")
    freeze_clock(connection, at=NIGHT)
    connection.commit()

    audit_workspace(settings, workspace_id=workspace)
    sound = check_segments(connection)
    assert "1 memberships" in sound.found
    assert sound.remedy == ""

    connection.execute("delete from membership where segment_id = %s", (buyers,))
    connection.commit()
    audit_workspace(settings, workspace_id=workspace)
    assert "buyers" in check_segments(connection).remedy


@pytest.mark.usefixtures("buyers")
def test_the_audited_wait_a_night_for_the_next(connection, workspace):
    connection.execute(
        "insert into segment_audit (workspace_id, audited_at, segments, members, surplus, missing)"
        " values (%s, %s, 1, 0, 0, 0)",
        (workspace, NIGHT),
    )

    assert workspaces_due(connection, now=NIGHT + timedelta(hours=1)) == []
    assert workspaces_due(connection, now=NIGHT + timedelta(days=1)) == [workspace]


def test_questions_to_the_history_have_a_bound_of_memory(tmp_path):
    engine = engine_of(Lake(tmp_path, memory_mb=300))

    asked = "select current_setting('memory_limit')"
    assert engine._duckdb.execute(asked).fetchone() == ("286.1 MiB",)  # noqa: SLF001
