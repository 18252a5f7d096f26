"""`dangol key`: what a key may do is said when it is made, and it can be ended."""

import json

import pytest
from tests.app.test_shops import WORKSPACE

from dangol.app.cli import main


@pytest.fixture
def opened(tmp_path, monkeypatch, migrated_url, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DANGOL_DATA_FOLDER", str(tmp_path / "data"))
    monkeypatch.setenv("DANGOL_DATABASE_URL", migrated_url)
    assert main(WORKSPACE) == 0
    capsys.readouterr()
    return capsys


def test_a_key_is_made_with_scopes_listed_and_revoked(opened):
    create = ["key", "create", "server", "--scope", "customers:read", "--scope", "track"]
    assert main(create) == 0
    key = opened.readouterr().out.strip()

    assert main(["key", "list"]) == 0
    line = opened.readouterr().out
    assert key[:9] in line
    assert key not in line
    assert "customers:read, track" in line

    assert main(["key", "revoke", line.split()[0]]) == 0
    assert key[:9] in opened.readouterr().out
    assert main(["key", "list", "--json"]) == 0
    [listed] = json.loads(opened.readouterr().out)
    assert listed["revoked_at"]


def test_no_keys_say_how_to_make_one(opened):
    assert main(["key", "list"]) == 0

    assert "dangol key create" in opened.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["create", "browser", "--scope", "import"], "may only track"),
        (["revoke", "7"], "dangol key list"),
    ],
)
def test_what_cannot_be_done_is_explained(opened, arguments, said):
    assert main(["key", *arguments]) == 1

    assert said in opened.readouterr().err
