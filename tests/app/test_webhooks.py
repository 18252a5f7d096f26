"""The webhooks' commands and routes: what their owner can ask for, and what is said."""

import io
import json
import logging
import threading

import pytest
from litestar.testing import TestClient
from tests.build import NOON
from tests.webhooks.receiver import receiving

from dangol.app.cli import main
from dangol.app.clock import freeze_clock
from dangol.app.courier import carry, make_courier
from dangol.app.doctor import check_webhooks
from dangol.app.http import create_app
from dangol.app.keyfile import open_vault
from dangol.app.settings import Settings
from dangol.ingest.keys import create_api_key
from dangol.store.connect import connect
from dangol.store.vocabulary import ApiKeyKind, ApiKeyScope

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
HERE = "http://127.0.0.1:9/hook"
KEY = "Bearer canary-4711-do-not-tell"


@pytest.fixture
def opened(tmp_path, monkeypatch, migrated_url):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DANGOL_DATA_FOLDER", str(tmp_path / "data"))
    monkeypatch.setenv("DANGOL_DATABASE_URL", migrated_url)
    monkeypatch.setenv("DANGOL_EGRESS_LOOPBACK", "true")
    assert main(WORKSPACE) == 0
    return migrated_url


def carry_all(dsn, tmp_path) -> None:
    """Let a working process's courier make every call that is due."""
    settings = Settings(database_url=dsn, data_folder=tmp_path / "data", egress_loopback=True)
    courier = make_courier(settings, vault=open_vault(settings.key_path), stop=threading.Event())
    with connect(dsn) as connection:
        _ = carry(connection, courier)


def test_an_endpoint_is_added_tested_rotated_and_removed(opened, tmp_path, capsys):
    capsys.readouterr()
    with receiving() as receiver:
        assert main(["webhook", "add", "desk", receiver.url("/in"), "--kind", "test"]) == 1
        assert "There is no kind 'test'" in capsys.readouterr().err
        assert main(["webhook", "add", "desk", receiver.url("/in")]) == 0
        secret = capsys.readouterr().out.strip()
        assert main(["webhook", "test", "desk"]) == 0
        planned = capsys.readouterr().out.partition(" ")[0]

        carry_all(opened, tmp_path)

        [heard] = receiver.heard
    assert secret.startswith("whsec_")
    assert heard.headers["webhook-id"] == planned
    assert main(["webhook", "calls", "desk", "--json"]) == 0
    [call] = json.loads(capsys.readouterr().out)
    assert (call["state"], call["status"], call["answer"]) == ("delivered", 200, "said")
    assert main(["webhook", "replay", "desk", "--id", planned]) == 0
    assert capsys.readouterr().out == "1 calls will be made again.\n"
    assert main(["webhook", "rotate", "desk"]) == 0
    assert capsys.readouterr().out.strip() != secret
    assert main(["webhook", "list"]) == 0
    listed = capsys.readouterr().out
    assert "0 arrived, 1 wait, 0 failed for good, 0 dropped" in listed
    assert "also signed with the secret before" in listed
    assert main(["webhook", "remove", "desk"]) == 0
    assert main(["webhook", "list", "--json"]) == 0
    assert capsys.readouterr().out.endswith("[]\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["add", "Desk!", HERE], "name is 'Desk!'"),
        (["add", "desk", "http://shop.example/"], "Use https"),
        (["add", "desk", "https://10.0.0.1/"], "10.0.0.1, which is not on the public internet"),
        (["test", "desk"], "There is no endpoint 'desk'"),
        (["calls", "desk"], "There is no endpoint 'desk'"),
        (["rotate", "desk"], "There is no endpoint 'desk'"),
        (["enable", "desk"], "There is no endpoint 'desk'"),
        (["remove", "desk"], "There is no endpoint 'desk'"),
        (["headers", "desk"], "There is no endpoint 'desk'"),
        (["headers", "desk", "--header", KEY], "A header is without a colon"),
        (["headers", "desk", "--header", "A: 1", "--header", "A: 2"], "'A' is given twice"),
        (["headers", "desk", "--header-file", "no.txt"], "no.txt cannot be used as headers"),
        (["add", "desk", HERE, "--header", "Host: shop"], "'Host', which we set ourselves"),
        (["replay", "desk"], "Give --id"),
        (["replay", "desk", "--id", "msg_1"], "--id is 'msg_1'"),
        (["replay", "desk", "--since", "yesterday"], "--since is 'yesterday'"),
    ],
)
def test_every_no_says_what_to_do(opened, capsys, arguments, said):  # noqa: ARG001 - a shop is open
    capsys.readouterr()

    assert main(["webhook", *arguments]) == 1
    told = capsys.readouterr()
    assert said in told.err
    assert "canary" not in told.err
    assert main(["webhook", "list", "--json"]) == 0
    assert capsys.readouterr().out.endswith("[]\n")


def test_an_endpoint_that_was_given_up_is_shown_until_it_is_enabled(opened, capsys):
    assert main(["webhook", "add", "desk", HERE]) == 0
    with connect(opened) as connection:
        connection.execute(
            "update webhook_endpoint set disabled_at = %s, disabled_because = 'only_failures'",
            (NOON,),
        )
        connection.commit()
        assert "desk was given up at 2027-03-02" in check_webhooks(connection).found
        connection.rollback()
    capsys.readouterr()
    assert main(["webhook", "list"]) == 0
    assert "every call failed for five days" in capsys.readouterr().out

    assert main(["webhook", "enable", "desk"]) == 0

    with connect(opened) as connection:
        assert check_webhooks(connection).remedy == ""


def test_secrets_survive_a_rotation_of_the_master_key(opened, tmp_path, capsys):
    with receiving() as receiver:
        assert main(["webhook", "add", "desk", receiver.url("/in")]) == 0
        assert main(["webhook", "rotate", "desk"]) == 0
        assert main(["vault", "rotate"]) == 0
        with connect(opened) as connection:
            rows = connection.execute(
                "select sealed_secret, previous_secret from webhook_endpoint"
            ).fetchall()
        assert {secret[:3] for secret in rows[0]} == {(2).to_bytes(3)}
        assert main(["webhook", "test", "desk"]) == 0

        carry_all(opened, tmp_path)

        assert len(receiver.heard) == 1
    capsys.readouterr()


def test_headers_come_from_a_file_or_stdin_and_are_never_told_again(
    opened, tmp_path, capsys, caplog, monkeypatch
):
    caplog.set_level(logging.DEBUG)
    (tmp_path / "headers.txt").write_text(f"\ufeffAuthorization: {KEY}\n\nX-Shop:main\n")
    monkeypatch.setattr("sys.stdin", io.StringIO("X-Api-Key: canary-4712\n"))
    with receiving() as receiver:
        place = receiver.url("/in")
        assert main(["webhook", "add", "desk", place, "--header-file", "headers.txt"]) == 0
        assert main(["webhook", "headers", "desk", "--header-file", "-", "--remove", "x-shop"]) == 0
        assert "desk is called with Authorization, X-Api-Key." in capsys.readouterr().out
        assert main(["vault", "rotate"]) == 0
        with connect(opened) as connection:
            rows = connection.execute("select sealed_headers from webhook_endpoint").fetchall()
        assert [row[0][:3] for row in rows] == [(2).to_bytes(3)]
        assert main(["webhook", "test", "desk"]) == 0

        carry_all(opened, tmp_path)

        [heard] = receiver.heard
    assert heard.headers["authorization"] == KEY
    assert heard.headers["x-api-key"] == "canary-4712"
    assert "x-shop" not in heard.headers
    for asked in (["list"], ["list", "--json"], ["calls", "desk", "--json"], ["headers", "desk"]):
        assert main(["webhook", *asked]) == 0
    told = capsys.readouterr()
    assert "called with Authorization, X-Api-Key" in told.out
    assert main(["webhook", "headers", "desk", "--remove", "Authorization"]) == 0
    assert main(["webhook", "headers", "desk", "--remove", "X-Api-Key"]) == 0
    assert "desk is called with no header beside ours." in capsys.readouterr().out
    assert "canary" not in told.out + told.err + caplog.text


@pytest.fixture
def client(tmp_path, dsn, connection, workspace):
    """Talk to the API with a key that may do everything with webhooks."""
    with connection.transaction():
        freeze_clock(connection, at=NOON)
        key = create_api_key(
            connection,
            workspace_id=workspace,
            kind=ApiKeyKind.SERVER,
            now=NOON,
            scopes=[ApiKeyScope.WEBHOOKS_READ, ApiKeyScope.WEBHOOKS_WRITE],
        )
    settings = Settings(database_url=dsn, data_folder=tmp_path, pool_size=2)
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        client.auth = (key, "")
        yield client


def test_a_server_adds_looks_at_and_removes_an_endpoint(client):
    wish = {"url": "https://desk.example/in", "kinds": ["consent.changed"]}

    added = client.put("/v1/webhooks/desk", json=wish)
    tested = client.post("/v1/webhooks/desk/test").json()
    (listed,) = client.get("/v1/webhooks").json()["endpoints"]
    (call,) = client.get("/v1/webhooks/desk/calls?state=waiting").json()["calls"]
    replayed = client.post("/v1/webhooks/desk/replay", json={"since": "2027-01-01T00:00:00Z"})
    rotated = client.post("/v1/webhooks/desk/rotate", json={"grace_hours": 1}).json()

    assert added.status_code == 201
    assert (listed["name"], listed["kinds"], listed["waiting"]) == ("desk", wish["kinds"], 1)
    assert (call["id"], call["kind"], call["due_at"]) == (tested["id"], "test", None)
    assert replayed.json() == {"calls": 0}
    assert rotated["secret"] != added.json()["secret"]
    assert client.post("/v1/webhooks/desk/enable").status_code == 204
    assert client.delete("/v1/webhooks/desk").status_code == 204
    assert client.get("/v1/webhooks").json() == {"endpoints": []}


def test_what_cannot_be_called_is_refused_and_what_is_not_there_not_found(client):
    refused = client.put("/v1/webhooks/desk", json={"url": "https://169.254.169.254/"})

    assert refused.status_code == 400
    assert "169.254.169.254" in refused.json()["message"]
    assert client.get("/v1/webhooks/desk/calls").status_code == 404
    assert client.post("/v1/webhooks/desk/test").status_code == 404
    assert client.delete("/v1/webhooks/desk").status_code == 404


def test_over_the_api_headers_are_written_and_only_their_names_read(client, caplog):
    caplog.set_level(logging.DEBUG)
    wish = {"url": "https://desk.example/in", "headers": {"Authorization": KEY}}

    added = client.put("/v1/webhooks/desk", json=wish)
    changed = client.post(
        "/v1/webhooks/desk/headers",
        json={"set": {"X-Api-Key": KEY}, "remove": ["authorization"]},
    )
    refused = [
        client.post("/v1/webhooks/desk/headers", json={"set": wrong})
        for wrong in ({"Host": KEY}, {"X-Api-Key": KEY + "\r\n"}, {"X-Api-Key": [KEY]})
    ]
    listed = client.get("/v1/webhooks")

    assert (added.status_code, changed.status_code) == (201, 200)
    assert changed.json() == {"header_names": ["X-Api-Key"]}
    assert [answer.status_code for answer in refused] == [400, 400, 400]
    assert "'Host', which we set ourselves" in refused[0].json()["message"]
    assert listed.json()["endpoints"][0]["header_names"] == ["X-Api-Key"]
    assert client.post("/v1/webhooks/nobody/headers", json={}).status_code == 404
    told = [added, changed, listed, *refused]
    assert "canary" not in "".join(answer.text for answer in told) + caplog.text


def test_an_endpoint_whose_headers_are_refused_is_not_added(client):
    wish = {"url": "https://desk.example/in", "headers": {"webhook-id": "1"}}

    assert client.put("/v1/webhooks/desk", json=wish).status_code == 400

    assert client.get("/v1/webhooks").json() == {"endpoints": []}
