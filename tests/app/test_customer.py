"""What the commands and a shop's own server can do about one person."""

import io
import json
import zipfile

import pytest
from litestar.testing import TestClient
from tests.build import NOON, TEST_VAULT
from tests.conftest import MASTER_KEY
from tests.ingest.words import told

from dangol.app.cli import main
from dangol.app.http import create_app
from dangol.app.settings import Settings
from dangol.app.tick import run_tick
from dangol.ingest.inbox import write_events
from dangol.ingest.keys import create_api_key
from dangol.store.connect import connect
from dangol.store.vocabulary import ApiKeyKind

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


@pytest.fixture
def opened(tmp_path, monkeypatch, migrated_url, capsys):
    """An installation with one customer, minji."""
    data = tmp_path / "data"
    data.mkdir()
    (data / "dangol.key").write_bytes(MASTER_KEY)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DANGOL_DATA_FOLDER", str(data))
    monkeypatch.setenv("DANGOL_DATABASE_URL", migrated_url)
    assert main(WORKSPACE) == 0
    with connect(migrated_url) as connection:
        [(workspace,)] = connection.execute("select id from workspace").fetchall()
        event = told("m1", user="minji", email="minji@shop.example", workspace=workspace)
        write_events(connection, [event], workspace_id=workspace, received_at=NOON)
        connection.commit()
        run_tick(connection, workspace_id=workspace, vault=TEST_VAULT, now=NOON, batch=10)
    capsys.readouterr()
    return migrated_url


def ask(url: str, query: str) -> list[tuple]:
    with connect(url) as connection:
        return connection.execute(query.encode()).fetchall()


@pytest.mark.usefixtures("opened")
def test_somebody_is_shown_masked(capsys):
    assert main(["customer", "show", "minji@shop.example"]) == 0

    said = capsys.readouterr().out
    assert "m•••i@shop.example" in said
    assert "minji@shop.example" not in said
    assert "activity: 1" in said


@pytest.mark.usefixtures("opened")
def test_a_look_by_command_is_in_the_access_log(capsys):
    assert main(["customer", "show", "minji@shop.example"]) == 0
    capsys.readouterr()

    assert main(["access", "list", "--customer", "minji@shop.example"]) == 0

    said = capsys.readouterr().out
    assert "customer show" in said
    assert "command" in said
    assert main(["access", "list", "--by", "nobody@shop.example"]) == 0
    assert "Nobody has seen anything yet." in capsys.readouterr().out


@pytest.mark.usefixtures("opened")
def test_somebody_is_exported_into_an_empty_folder_only(tmp_path, capsys):
    assert main(["customer", "export", "minji", "--to", "copy"]) == 0
    assert main(["customer", "export", "minji", "--to", "copy"]) == 1

    document = json.loads((tmp_path / "copy" / "export.json").read_text())
    assert [one["value"] for one in document["addresses"]] == ["minji@shop.example"]
    assert "holds something already" in capsys.readouterr().err


def test_somebody_is_forgotten_once_it_is_typed_again(opened, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO("jiwoo\n"))
    assert main(["customer", "erase", "minji"]) == 1
    assert "Nothing was deleted" in capsys.readouterr().err

    monkeypatch.setattr("sys.stdin", io.StringIO("minji\n"))
    assert main(["customer", "erase", "minji"]) == 0

    assert ask(opened, "select state from customer") == [("erased",)]
    assert ask(opened, "select count(*) from identifier") == [(0,)]
    assert "is forgotten" in capsys.readouterr().out
    assert (tmp_path / "data" / "dangol.erasures").read_text().count('"ref"') == 1


def test_a_script_need_not_type_it_again(opened):
    assert main(["customer", "erase", "minji", "--yes"]) == 0

    assert ask(opened, "select state from erasure") == [("done",)]


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize("command", [["show"], ["export", "--to", "copy"], ["erase", "--yes"]])
def test_who_is_nobody_is_said_so(command, capsys):
    assert main(["customer", command[0], "jiwoo", *command[1:]]) == 1

    assert "Nobody is known by 'jiwoo'" in capsys.readouterr().err


def test_a_rotation_says_what_to_do_next(opened, capsys):
    assert main(["vault", "rotate"]) == 0

    said = capsys.readouterr().out
    assert "key 2 seals" in said
    assert "run `dangol vault rotate` again" in said
    assert ask(opened, "select master_version from customer_key") == [(2,)]


@pytest.fixture
def server(opened, tmp_path):
    with TestClient(
        create_app(Settings(database_url=opened, data_folder=tmp_path / "data", pool_size=2))
    ) as client:
        yield client


@pytest.fixture
def key(opened):
    with connect(opened) as connection:
        return create_api_key(connection, workspace_id=1, kind=ApiKeyKind.SERVER, now=NOON)


def test_a_shops_server_exports_and_erases_with_its_key(server, key, opened):
    asked = {"who": "minji@shop.example"}
    signed = {"Authorization": f"Bearer {key}"}

    copy = server.post("/v1/customers/export", json=asked, headers=signed)
    erased = server.post("/v1/customers/erase", json=asked, headers=signed)

    with zipfile.ZipFile(io.BytesIO(copy.content)) as archive:
        assert b"minji@shop.example" in archive.read("export.json")
    assert (erased.status_code, erased.json()["state"]) == (202, "asked")
    assert ask(opened, "select state, asked_by from erasure") == [("asked", "key 1")]


@pytest.mark.parametrize("path", ["/v1/customers/export", "/v1/customers/erase"])
def test_without_a_server_key_nothing_is_said_or_done(server, opened, path):
    with connect(opened) as connection:
        browser = create_api_key(connection, workspace_id=1, kind=ApiKeyKind.BROWSER, now=NOON)

    for header in (
        {},
        {"Authorization": "Bearer nonsense"},
        {"Authorization": f"Bearer {browser}"},
    ):
        assert server.post(path, json={"who": "minji"}, headers=header).status_code == 401
    assert ask(opened, "select count(*) from erasure") == [(0,)]


def test_nobody_is_answered_by_what_to_give_instead(server, key):
    answer = server.post(
        "/v1/customers/erase", json={"who": "jiwoo"}, headers={"Authorization": f"Bearer {key}"}
    )

    assert answer.status_code == 404
    assert "Nobody is known by 'jiwoo'" in answer.json()["message"]


@pytest.fixture
def raffle(opened):
    """A segment with minji, who has given her name and telephone number."""
    with connect(opened) as connection:
        [(workspace, minji)] = connection.execute("select workspace_id, id from customer")
        connection.execute('update customer set traits = \'{"name": "홍길동"}\'')
        connection.execute(
            "insert into segment (workspace_id, name, title_ko, title_en, created_at)"
            " values (%s, 'raffle', '추첨', 'Raffle', %s)",
            (workspace, NOON),
        )
        connection.execute(
            "insert into membership (workspace_id, segment_id, customer_id, entered_at)"
            " select %s, segment.id, %s, %s from segment where segment.name = 'raffle'",
            (workspace, minji, NOON),
        )
        connection.commit()
    return opened


def test_winners_are_masked_and_written_down(raffle, capsys):
    assert main(["segment", "winners", "raffle"]) == 0

    assert capsys.readouterr().out.split() == ["name,phone,email", "홍*동,,m***@shop.example"]
    assert ask(raffle, "select what, subjects, reason from access_entry") == [
        ("winners, masked: segment raffle", 1, "")
    ]


def test_winners_are_whole_only_for_a_reason_that_is_written_down(raffle, capsys):
    assert main(["segment", "winners", "raffle", "--unmasked"]) == 1
    assert "--unmasked needs --reason" in capsys.readouterr().err
    assert ask(raffle, "select count(*) from access_entry") == [(0,)]

    assert main(["segment", "winners", "raffle", "--unmasked", "--reason", "prizes"]) == 0

    assert "홍길동,,minji@shop.example" in capsys.readouterr().out
    assert ask(raffle, "select what, reason from access_entry") == [
        ("winners, unmasked: segment raffle", "prizes")
    ]


def test_a_segment_that_is_none_has_no_winners(raffle, capsys):
    assert main(["segment", "winners", "nobody"]) == 1
    assert "There is no segment 'nobody'" in capsys.readouterr().err
    assert ask(raffle, "select count(*) from access_entry") == [(0,)]
