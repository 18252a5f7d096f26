import base64

import pytest
from litestar.testing import TestClient
from tests.build import NOON, one

from dangol.app import console_files
from dangol.app.clock import freeze_clock
from dangol.app.http import LARGEST_BODY, create_app
from dangol.app.settings import Settings
from dangol.ingest.keys import create_api_key
from dangol.store.connect import connect
from dangol.store.vocabulary import ApiKeyKind

AWAY = "postgresql://nobody@127.0.0.1:1/none?connect_timeout=1"


@pytest.fixture
def settings(tmp_path, dsn):
    return Settings(database_url=dsn, data_folder=tmp_path, pool_size=4)


@pytest.fixture
def client(settings):
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        yield client


def track(client, key: str, **fields: object):
    body = {"userId": "minji", "event": "Order Completed", "messageId": "m1", **fields}
    return client.post("/v1/track", json=body, auth=(key, ""))


def test_a_living_process_says_so_without_asking_the_database(tmp_path):
    with TestClient(create_app(Settings(database_url=AWAY, data_folder=tmp_path))) as client:
        assert client.get("/health").json() == {"status": "alive"}


def test_it_is_ready_with_a_current_database(client):
    answer = client.get("/ready")

    assert answer.status_code == 200
    assert answer.json()["problems"] == []


def test_it_is_not_ready_without_its_database_and_says_why(tmp_path):
    with TestClient(create_app(Settings(database_url=AWAY, data_folder=tmp_path))) as client:
        answer = client.get("/ready")

    assert answer.status_code == 503
    assert "PostgreSQL cannot be reached" in answer.json()["problems"][0]


def test_it_says_that_nothing_is_sent_and_serves_on(client, connection):
    connection.execute(
        "insert into installation (identity, paused_at, paused_because)"
        " values (gen_random_uuid(), %s, 'we move')",
        (NOON,),
    )
    connection.commit()

    answer = client.get("/ready")

    assert answer.status_code == 200
    assert answer.json()["problems"] == ["Nothing is sent: we move. See `dangol sending status`."]


def test_events_that_no_worker_reads_raise_an_alarm(client, connection, workspace):
    with connection.transaction():
        key = create_api_key(connection, workspace_id=workspace, kind=ApiKeyKind.SERVER, now=NOON)
        freeze_clock(connection, at=NOON)
    assert track(client, key).status_code == 200
    with connection.transaction():
        freeze_clock(connection, at=NOON.replace(hour=NOON.hour + 1))

    readiness = client.get("/ready").json()

    assert readiness["waiting_events"] == 1
    assert readiness["lag_seconds"] == 3600
    assert "dangol work" in readiness["problems"][0]


def test_an_event_is_stored_before_it_is_answered(client, connection, workspace):
    with connection.transaction():
        key = create_api_key(connection, workspace_id=workspace, kind=ApiKeyKind.SERVER, now=NOON)

    answer = track(client, key)

    assert answer.json()["success"] is True
    assert one(connection, "select sum(events) from event_block") == 1


def test_a_body_that_is_too_large_is_refused_with_the_remedy(client):
    answer = client.post("/callbacks/smtp/bounce", content=b"x" * (LARGEST_BODY + 1))

    assert answer.status_code == 413
    assert "Split it" in answer.json()["message"]


def test_the_api_describes_itself(client):
    description = client.get("/openapi.json").json()

    assert description["info"]["title"] == "Dangol"
    assert "/v1/track" in description["paths"]
    assert "/ready" in description["paths"]


@pytest.mark.parametrize("path", ["/v1/track", "/v1/t", "/v1/identify", "/v1/alias", "/v1/batch"])
def test_the_description_of_a_call_tells_its_body_its_key_and_every_no(client, path):
    call = client.get("/openapi.json").json()["paths"][path]["post"]

    body = call["requestBody"]["content"]["application/json"]["schema"]
    assert "writeKey" in body["properties"]
    assert {"write_key": []} in call["security"]
    assert {"200", "400", "401", "413", "429", "503"} <= set(call["responses"])
    assert "too_fast" in call["responses"]["429"]["description"]


def test_the_example_of_every_described_call_is_taken(client, connection, workspace):
    with connection.transaction():
        key = create_api_key(connection, workspace_id=workspace, kind=ApiKeyKind.SERVER, now=NOON)
    paths = client.get("/openapi.json").json()["paths"]
    calls = {
        path: operations["post"]["requestBody"]["content"]["application/json"]["schema"]
        for path, operations in paths.items()
        if "tracking" in operations.get("post", {}).get("tags", ())
    }

    answers = {
        path: client.post(path, json=schema["examples"][0], auth=(key, "")).json()["accepted"]
        for path, schema in calls.items()
    }

    assert len(answers) == 15
    assert set(answers.values()) == {1}


def test_every_answer_carries_the_careful_headers(client):
    headers = client.get("/health").headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize("path", ["/api/nothing", "/v1/nothing", "/assets/none.js"])
def test_a_wrong_machine_address_is_not_answered_with_a_page(client, path):
    assert client.get(path).status_code in (401, 404, 405)


@pytest.mark.parametrize("path", ["/../settings.py", "/..%2f..%2fapp%2fsettings.py"])
def test_no_file_outside_the_console_can_be_read(client, path):
    assert "DANGOL_" not in client.get(path).text


@pytest.mark.parametrize("header", ["", "Bearer dk_s_unknown", "Basic !!", "Basic " + "YQ=="])
def test_returned_mail_needs_a_server_key(client, header):
    answer = client.post(
        "/callbacks/smtp/bounce", content=b"mail", headers={"Authorization": header}
    )

    assert answer.status_code == 401
    assert "dangol key create server" in answer.json()["message"]


def test_mail_that_is_no_report_records_nothing(client, connection, workspace):
    with connection.transaction():
        key = create_api_key(connection, workspace_id=workspace, kind=ApiKeyKind.SERVER, now=NOON)
    basic = base64.b64encode(f"{key}:".encode()).decode()

    answer = client.post(
        "/callbacks/smtp/bounce",
        content=b"Subject: hello\r\n\r\nhello",
        headers={"Authorization": f"Basic {basic}"},
    )

    assert answer.json() == {"recorded": False}


def test_a_broken_database_is_answered_with_retry_and_not_with_its_words(client, dsn):
    with connect(dsn) as admin:
        admin.execute("drop table api_key cascade")
        admin.commit()

    answer = client.post(
        "/callbacks/smtp/bounce", content=b"mail", headers={"Authorization": "Bearer x"}
    )

    assert answer.status_code == 500
    assert "api_key" not in answer.text


@pytest.fixture
def console(tmp_path, monkeypatch):
    folder = tmp_path / "static"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>Dangol</title>")
    (folder / "assets" / "app.js").write_text("export {};")
    monkeypatch.setattr(console_files, "console_folder", lambda: folder)


@pytest.mark.usefixtures("console")
@pytest.mark.parametrize("path", ["/", "/customers/3"])
def test_every_address_of_the_console_shows_its_page(client, path):
    answer = client.get(path, headers={"Accept": "text/html"})

    assert "<title>Dangol</title>" in answer.text
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


@pytest.mark.usefixtures("console")
def test_the_consoles_scripts_are_served_as_scripts(client):
    answer = client.get("/assets/app.js")

    assert "javascript" in answer.headers["Content-Type"]
    assert "immutable" in answer.headers["Cache-Control"]


def test_a_console_that_was_not_built_says_so(client, tmp_path, monkeypatch):
    monkeypatch.setattr(console_files, "console_folder", lambda: tmp_path / "none")

    answer = client.get("/")

    assert answer.status_code == 503
    assert "make setup" in answer.text
