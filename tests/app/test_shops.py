"""`dangol shop add`: what it prints works, and every no says what to do."""

import io
import json
import re

import pytest

from dangol.app.cli import main
from dangol.store.connect import connect

WORKSPACE = [
    *(
        "workspace",
        "add",
        "--collecting",
        "open",
        "--name",
        "단골 상점",
        "--sender-email",
        "hello@shop.example",
    ),
    *("--sender-postal", "서울", "--sender-phone", "02-120"),
]
ADD = ["shop", "add", "shopify", "--name", "main", "--secret-stdin"]
SECRET = "what the platform shows"  # noqa: S105 - only this test uses it
MAPPING = {"event": [{"name": "Visited", "id": "no", "user": "who"}]}


@pytest.fixture
def opened(tmp_path, monkeypatch, migrated_url):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DANGOL_DATA_FOLDER", str(tmp_path / "data"))
    monkeypatch.setenv("DANGOL_DATABASE_URL", migrated_url)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{SECRET}\n"))
    assert main(WORKSPACE) == 0
    return migrated_url


def test_a_shop_is_added_and_its_address_is_printed(opened, capsys):
    capsys.readouterr()

    assert main(ADD) == 0

    printed = capsys.readouterr().out.strip()
    assert re.fullmatch(r"https?://[^/]+/hooks/[\w-]{24}", printed)
    with connect(opened) as connection:
        row = connection.execute("select token, name, platform from shop_connection").fetchone()
    assert row == (printed.rpartition("/")[2], "main", "shopify")


def test_a_generic_shop_keeps_its_mapping(opened, tmp_path):
    (tmp_path / "pos.json").write_text(json.dumps(MAPPING))

    generic = ["shop", "add", "generic", "--name", "pos", "--secret-stdin"]
    assert main([*generic, "--mapping", "pos.json"]) == 0

    with connect(opened) as connection:
        (mapping,) = connection.execute("select mapping from shop_connection").fetchone()
    assert mapping["event"][0]["user"] == "who"


@pytest.mark.parametrize(
    ("arguments", "secret", "said"),
    [
        (["shop", "add", "shopify", "--name", "main"], SECRET, "--secret-stdin"),
        (ADD, "", "has 0 characters"),
        ([*ADD[:4], "두 번째", "--secret-stdin"], SECRET, "use up to 40 of a-z"),
        (["shop", "add", "generic", *ADD[3:]], SECRET, "needs --mapping"),
        ([*ADD, "--mapping", "ok.json"], SECRET, "is for generic shops"),
        ([*ADD, "--mapping", "none.json"], SECRET, "none.json"),
        ([*ADD, "--mapping", "bad.json"], SECRET, "docs/guides/shops.md"),
    ],
)
@pytest.mark.usefixtures("opened")
def test_what_cannot_be_added_is_explained(tmp_path, monkeypatch, capsys, arguments, secret, said):
    (tmp_path / "ok.json").write_text(json.dumps(MAPPING))
    (tmp_path / "bad.json").write_text("{")
    monkeypatch.setattr("sys.stdin", io.StringIO(secret))

    assert main(arguments) == 1

    assert said in capsys.readouterr().err


@pytest.mark.usefixtures("opened")
def test_two_shops_cannot_have_one_name(monkeypatch, capsys):
    assert main(ADD) == 0
    monkeypatch.setattr("sys.stdin", io.StringIO(SECRET))

    assert main(ADD) == 1

    assert "choose another --name" in capsys.readouterr().err


def test_a_shop_is_listed_rotated_and_removed(opened, monkeypatch, capsys):
    assert main(ADD) == 0
    address = capsys.readouterr().out.strip().splitlines()[-1]
    monkeypatch.setattr("sys.stdin", io.StringIO("another secret\n"))

    assert main(["shop", "rotate", "main", "--secret-stdin"]) == 0
    assert main(["shop", "list"]) == 0
    said = capsys.readouterr().out
    assert f"main  shopify  {address}" in said
    assert "the secret before is accepted until" in said
    assert main(["shop", "remove", "main"]) == 0
    capsys.readouterr()

    assert main(["shop", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
    with connect(opened) as connection:
        assert connection.execute("select count(*) from shop_connection").fetchone() == (0,)


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rotate", "none", "--secret-stdin"], "dangol shop list"),
        (["rotate", "none"], "--secret-stdin"),
        (["remove", "none"], "dangol shop list"),
    ],
)
def test_what_cannot_be_done_to_a_shop_is_explained(capsys, arguments, said):
    assert main(["shop", *arguments]) == 1

    assert said in capsys.readouterr().err


def test_the_doctor_tells_what_waits_and_which_traits_are_of_two_kinds(opened, capsys):
    with connect(opened) as connection, connection.transaction():
        connection.execute(
            "insert into trait_type (workspace_id, event_name, name, kind, count, first_seen_at,"
            " last_seen_at) select id, '', 'age', kind::value_kind, 1, created_at, created_at"
            " from workspace, unnest(array['text', 'number']) as kind"
        )
        connection.execute(
            "insert into trait_surplus select id, '', 'too_long', 7, created_at from workspace"
        )
    capsys.readouterr()

    main(["doctor", "--json"])

    findings = {one["check"]: one for one in json.loads(capsys.readouterr().out)}
    assert findings["traits"]["found"] == (
        "1 names; of two kinds: age; 7 values went beyond the limits"
    )
    assert "docs/guides/tracking.md" in findings["traits"]["remedy"]
    assert findings["shops"]["found"] == "no event waits for its customer"
    assert findings["products"]["found"] == "0"
