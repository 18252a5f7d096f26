"""The commands about periods of keeping, and the nightly job."""

import json
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from tests.build import NOON, customer, happened

from dangol.app.cli import main
from dangol.app.clock import freeze_clock
from dangol.app.jobs import queue_audits, run_jobs
from dangol.app.settings import Settings
from dangol.consent.purposes import install_purposes
from dangol.store.connect import Connection
from dangol.store.lake import Lake, flush_events


@pytest.fixture
def dsn(migrated_url: str) -> str:
    """A database that commands accept: what they confirm survives a power cut."""
    return migrated_url


@pytest.fixture
def settings(dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DANGOL_DATABASE_URL", dsn)
    monkeypatch.setenv("DANGOL_DATA_FOLDER", str(tmp_path / "data"))
    return Settings(database_url=dsn, data_folder=tmp_path / "data")


@pytest.fixture
def history(connection: Connection, workspace: int, settings: Settings) -> Lake:
    """Two visits, one of them longer ago than a visit is kept."""
    lake = Lake(settings.lake_folder)
    with connection.transaction():
        install_purposes(connection, workspace_id=workspace, preset="open", now=NOON)
    minji = customer(connection, workspace)
    for number, at in enumerate((NOON, NOON - timedelta(days=1097))):
        happened(
            connection,
            workspace,
            customer_id=minji,
            name="Visited",
            message_id=f"{number}",
            occurred_at=at,
        )
    freeze_clock(connection, at=NOON)
    connection.commit()
    flush_events(connection, lake, workspace_id=workspace, now=NOON)
    return lake


def test_the_commands_count_first_then_delete_and_show_what_went(history, capsys):
    assert main(["retention", "run", "--dry-run"]) == 0
    assert "behaviour: 1 events would be deleted" in capsys.readouterr().out
    assert history.count_events() == 2

    assert main(["retention", "run", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["counts"]["events"] == {"behaviour": 1}
    assert history.count_events() == 1

    assert main(["retention", "show"]) == 0
    said = capsys.readouterr().out
    assert "behaviour: events 1096 days (1 deleted at the last run)" in said
    assert "/ records of contracts and withdrawals: 1827 days (전자상거래법" in said
    assert main(["retention", "show", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["last_run"]["counts"]["events"] == {"behaviour": 1}
    assert main(["lake", "verify"]) == 0


def test_a_worker_deletes_once_a_night(connection, history, settings):
    queue_audits(connection, settings)
    run_jobs(connection, settings, stop=threading.Event())
    queue_audits(connection, settings)
    run_jobs(connection, settings, stop=threading.Event())

    rows = connection.execute("select counts -> 'events', finished_at from retention_run")
    assert rows.fetchall() == [({"behaviour": 1}, NOON)]
    assert history.count_events() == 1
