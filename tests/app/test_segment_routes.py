"""Segments through the API, with a server key and its scopes."""

import pytest
from litestar.testing import TestClient
from tests.build import NOON

from dangol.app.clock import freeze_clock
from dangol.app.http import create_app
from dangol.app.settings import Settings
from dangol.ingest.keys import create_api_key
from dangol.store.vocabulary import ApiKeyKind, ApiKeyScope

BUYERS = {"version": 1, "where": {"kind": "event", "event": "Order Completed"}}
WISH = {"title_ko": "구매 고객", "title_en": "Buyers", "definition": BUYERS}
CHANGES = ("publish", "archive", "restore")


@pytest.fixture
def keys(connection, workspace):
    """A key for each scope."""
    with connection.transaction():
        freeze_clock(connection, at=NOON)
        return {
            scope: create_api_key(
                connection,
                workspace_id=workspace,
                kind=ApiKeyKind.SERVER,
                now=NOON,
                scopes=[scope],
            )
            for scope in (ApiKeyScope.SEGMENTS_READ, ApiKeyScope.SEGMENTS_WRITE, ApiKeyScope.TRACK)
        }


@pytest.fixture
def client(tmp_path, dsn, keys):  # noqa: ARG001 - the keys are there before it
    settings = Settings(database_url=dsn, data_folder=tmp_path, pool_size=2)
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        yield client


def test_a_server_makes_changes_and_reads_segments(client, keys):
    read = {"auth": (keys[ApiKeyScope.SEGMENTS_READ], "")}
    write = {"auth": (keys[ApiKeyScope.SEGMENTS_WRITE], "")}

    drafted = client.put("/v1/segments/buyers", json=WISH, **write).json()
    states = [
        client.post(f"/v1/segments/buyers/{change}", **write).json()["state"] for change in CHANGES
    ]
    (listed,) = client.get("/v1/segments", **read).json()["segments"]
    seen = client.post("/v1/segments/preview", json={"definition": BUYERS}, **read).json()

    assert (drafted["state"], drafted["draft"]) == ("draft", BUYERS)
    assert states == ["published", "archived", "published"]
    assert listed["name"] == "buyers"
    assert (seen["customers"], seen["count"], seen["exact"]) == (0, 0, True)
    assert client.get("/v1/segments/buyers", **read).json()["definition"] == BUYERS
    assert client.get("/v1/segments/buyers/overlap", **read).json() == {"overlaps": []}
    members = client.get("/v1/segments/buyers/members?on=2027-03-01", **read).json()
    assert members == {"members": [], "next": None, "total": 0}


@pytest.mark.parametrize("has", [ApiKeyScope.TRACK, ApiKeyScope.SEGMENTS_READ])
def test_who_lacks_the_scope_changes_nothing(client, keys, has):
    answer = client.put("/v1/segments/buyers", json=WISH, auth=(keys[has], ""))

    assert (answer.status_code, answer.json()["code"]) == (403, "missing_scope")
    assert "segments:write" in answer.json()["message"]


def test_who_may_only_change_or_track_does_not_read(client, keys):
    for has in (ApiKeyScope.TRACK, ApiKeyScope.SEGMENTS_WRITE):
        assert client.get("/v1/segments", auth=(keys[has], "")).status_code == 403
    assert client.get("/v1/segments").status_code == 401


def test_a_bad_condition_says_its_place_in_both_languages(client, keys):
    bad = {"definition": {"version": 1, "where": {"kind": "list", "list": "vip"}}}

    answer = client.post(
        "/v1/segments/preview", json=bad, auth=(keys[ApiKeyScope.SEGMENTS_READ], "")
    )

    assert answer.status_code == 400
    assert answer.json() == {
        "code": "bad_condition",
        "message": "There is no list “vip”. Upload it first, or check the name.",
        "message_ko": "“vip” 명단이 없습니다. 먼저 올리거나 이름을 확인해 주세요.",
        "path": "$.where.list",
    }


def test_what_nobody_can_mean_is_never_our_fault(client, keys):
    read = {"auth": (keys[ApiKeyScope.SEGMENTS_READ], "")}
    deep = '{"definition": {"where": ' + '{"kind": "none", "of": [' * 5_000 + "]}" * 5_000 + "}}"
    wild = '{"definition": {"where": {"kind": "sample", "percent": 1e999, "name": "x"}}}'

    for body in (deep, wild, "{}", "[", '{"definition": 3}', '{"definition": {}}'):
        assert client.post("/v1/segments/preview", content=body, **read).status_code == 400
    assert client.get("/v1/segments/x/members?on=0001-01-01", **read).status_code == 404
    assert client.get("/v1/segments/%00/members", **read).status_code in {400, 404}
