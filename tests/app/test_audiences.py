"""Ad audiences on the command line and over HTTP."""

import json

import pytest
from tests.app.test_customer import opened  # noqa: F401 - a fixture
from tests.app.test_topics import client, keys  # noqa: F401 - fixtures
from tests.build import NOON

from dangol.app.cli import main
from dangol.ingest.keys import create_api_key
from dangol.providers.meta.fake import FakeMeta
from dangol.store.connect import connect
from dangol.store.vocabulary import ApiKeyKind, ApiKeyScope

PLAN = {
    "name": "regulars",
    "segment": "regulars",
    "network": "meta",
    "network_ref": "2385",
    "most": 100,
    "ends_at": "2027-04-01T00:00:00Z",
}
SEGMENT = (
    "insert into segment (workspace_id, name, title_ko, title_en, created_at)"
    " select id, 'regulars', '단골', 'Regulars', created_at from workspace"
)


@pytest.fixture
def write(connection, workspace):
    key = create_api_key(
        connection,
        workspace_id=workspace,
        kind=ApiKeyKind.SERVER,
        now=NOON,
        scopes=[ApiKeyScope.AUDIENCES_READ, ApiKeyScope.AUDIENCES_WRITE],
    )
    connection.execute(SEGMENT)
    connection.commit()
    return {"auth": (key, "")}


def test_a_server_makes_shows_hastens_and_removes_an_audience(client, write):  # noqa: F811
    made = client.post("/v1/audiences", json=PLAN, **write)
    again = client.post("/v1/audiences", json=PLAN, **write)
    shown = client.get("/v1/audiences/regulars", **write).json()
    hastened = client.post("/v1/audiences/regulars/sync", **write)
    paused = client.post("/v1/audiences/regulars/pause", **write).json()
    resumed = client.post("/v1/audiences/regulars/resume", **write).json()
    removed = client.delete("/v1/audiences/regulars", **write)
    listed = client.get("/v1/audiences", **write).json()["audiences"]

    assert (made.status_code, again.status_code) == (200, 400)
    assert made.json() == shown
    assert (shown["channels"], shown["most"], shown["added"]) == (["email"], 100, 0)
    assert (paused["paused_at"] is None, resumed["paused_at"]) == (False, None)
    assert (hastened.status_code, removed.status_code) == (202, 204)
    assert [(one["name"], one["removed_at"] is not None) for one in listed] == [("regulars", True)]
    assert client.get("/v1/audiences/regulars", **write).status_code == 404


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"segment": "nobody"}, 404),
        ({"channels": ["push"]}, 400),
        ({"most": 0}, 400),
        ({"ends_at": "2020-01-01T00:00:00Z"}, 400),
        ({"ends_at": "2027-04-01T00:00:00"}, 400),
        ({"colour": "red"}, 400),
    ],
)
def test_what_cannot_be_is_refused(client, write, changed, status):  # noqa: F811
    assert client.post("/v1/audiences", json={**PLAN, **changed}, **write).status_code == status


def test_only_a_key_that_may_write_makes_one(client, connection, workspace, write):  # noqa: F811
    key = create_api_key(
        connection,
        workspace_id=workspace,
        kind=ApiKeyKind.SERVER,
        now=NOON,
        scopes=[ApiKeyScope.AUDIENCES_READ, ApiKeyScope.SEGMENTS_WRITE],
    )
    connection.commit()

    assert client.post("/v1/audiences", json=PLAN, auth=(key, "")).status_code == 403
    assert client.get("/v1/audiences", auth=(key, "")).status_code == 200
    assert write


def test_the_commands_make_fill_show_and_remove_one(opened, capsys, monkeypatch):  # noqa: F811
    with connect(opened) as connection:
        connection.execute(SEGMENT)
    create = "audience create regulars --segment regulars --network meta --ref 2385 --most 9"

    with FakeMeta() as fake:
        monkeypatch.setenv("DANGOL_META_URL", fake.url)
        assert main(["audience", "sync", "regulars"]) == 1
        assert main([*create.split(), "--days", "30"]) == 0
        assert main(["audience", "sync", "regulars"]) == 1
        assert "DANGOL_META_TOKEN" in capsys.readouterr().err
        monkeypatch.setenv("DANGOL_META_TOKEN", "token")
        assert main(["audience", "sync", "regulars"]) == 0
    assert "0 added, 0 taken out" in capsys.readouterr().out
    assert main(["audience", "show", "regulars"]) == 0
    assert "0 of at most 9" in capsys.readouterr().out
    assert main(["audience", "pause", "regulars"]) == 0
    assert main(["audience", "show", "regulars"]) == 0
    assert "paused since" in capsys.readouterr().out
    assert main(["audience", "resume", "regulars"]) == 0
    assert main(["audience", "remove", "regulars"]) == 0
    capsys.readouterr()
    assert main(["audience", "list", "--json"]) == 0
    (listed,) = json.loads(capsys.readouterr().out)
    assert listed["removed_at"] is not None


@pytest.mark.parametrize(
    ("changed", "refused"),
    [({}, False), ({"channel": "push"}, True), ({"action": "night_grant"}, True)],
)
def test_a_shop_says_that_somebody_agreed(client, connection, workspace, changed, refused):  # noqa: F811
    key = create_api_key(connection, workspace_id=workspace, kind=ApiKeyKind.SERVER, now=NOON)
    connection.commit()
    consent = {"channel": "email", "purpose": "ad_audience", "action": "grant", "source": "sign-up"}
    call = {
        "type": "identify",
        "messageId": "m1",
        "userId": "minji",
        "context": {"dangol": {"consents": [{**consent, **changed}]}},
    }

    answer = client.post("/v1/identify", json=call, auth=(key, ""))

    assert (answer.status_code == 400) is refused
