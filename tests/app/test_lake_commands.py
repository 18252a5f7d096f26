import json
from pathlib import Path

import pytest
from tests.build import NOON, customer, happened

from dangol.app.cli import main
from dangol.store.connect import connect
from dangol.store.lake import Lake, flush_events


@pytest.fixture
def history(migrated_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lake:
    """A shop with one order in its history, and a shell to ask about it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DANGOL_DATA_FOLDER", str(tmp_path / "data"))
    monkeypatch.setenv("DANGOL_DATABASE_URL", migrated_url)
    shop = ["--name", "단골", "--sender-email", "a@shop.example", "--sender-postal", "서울"]
    assert (
        main(["workspace", "add", "--collecting", "open", *shop, "--sender-phone", "02-120"]) == 0
    )
    lake = Lake(tmp_path / "data" / "lake")
    with connect(migrated_url) as connection:
        happened(connection, 1, customer_id=customer(connection, 1))
        flush_events(connection, lake, workspace_id=1, now=NOON)
    return lake


@pytest.mark.usefixtures("history")
def test_a_whole_history_is_said_to_be_whole(capsys):
    assert main(["lake", "verify"]) == 0

    assert "✓ The history is whole. 1 events as of version 1" in capsys.readouterr().out


def test_a_lost_file_is_named_with_what_to_do(history, capsys):
    Path(history.event_files()[0]).unlink()

    assert main(["lake", "verify"]) == 1

    said = capsys.readouterr().out
    assert "! lost file, month=2027-03-01/" in said
    assert "Put it back from a backup" in said


def test_the_proof_can_be_read_by_a_program(history, capsys):
    Path(history.event_files()[0]).unlink()
    capsys.readouterr()

    assert main(["lake", "verify", "--json"]) == 1

    proof = json.loads(capsys.readouterr().out)
    assert not proof["proven"]
    assert [one["kind"] for one in proof["differences"]] == ["lost file"]
    assert proof["differences"][0]["remedy"]
