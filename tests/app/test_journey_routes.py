"""Journeys through the API, with a server key and its scopes; the console reads the same."""

import pytest
from litestar.testing import TestClient
from tests.build import NOON, TEST_VAULT, customer, template

from dangol.app.clock import freeze_clock
from dangol.app.http import create_app
from dangol.app.settings import Settings
from dangol.app.tick import run_tick
from dangol.ingest.keys import create_api_key
from dangol.store.vocabulary import ApiKeyKind, ApiKeyScope

CARE = {
    "name": "care",
    "title": {"ko": "돌봄", "en": "Care"},
    "entry": {"call": True},
    "steps": [
        {"kind": "wait", "name": "rest", "for": "3 days"},
        {"kind": "message", "name": "note", "template": "note"},
    ],
}
LONGER = {**CARE, "steps": [{**CARE["steps"][0], "for": "5 days"}, CARE["steps"][1]]}
SCOPES = (ApiKeyScope.JOURNEYS_READ, ApiKeyScope.JOURNEYS_WRITE, ApiKeyScope.TRACK)


@pytest.fixture
def keys(connection, workspace):
    """A key for each scope, a template and a customer."""
    template(connection, workspace)
    customer(connection, workspace)
    with connection.transaction():
        freeze_clock(connection, at=NOON)
        return {
            scope: create_api_key(
                connection, workspace_id=workspace, kind=ApiKeyKind.SERVER, now=NOON, scopes=[scope]
            )
            for scope in SCOPES
        }


@pytest.fixture
def client(tmp_path, dsn, keys):  # noqa: ARG001 - the keys are there before it
    settings = Settings(database_url=dsn, data_folder=tmp_path, pool_size=2)
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def read(keys):
    return {"auth": (keys[ApiKeyScope.JOURNEYS_READ], "")}


@pytest.fixture
def write(keys):
    return {"auth": (keys[ApiKeyScope.JOURNEYS_WRITE], "")}


def tick(connection, workspace):
    run_tick(connection, workspace_id=workspace, vault=TEST_VAULT, now=NOON, batch=100)


def test_a_server_publishes_runs_changes_and_takes_back_a_journey(client, read, write):
    made = client.put("/v1/journeys/care", json={"definition": CARE}, **write).json()
    ran = client.put("/v1/journeys/care", json={"definition": CARE, "run": True}, **write).json()
    seen = client.post("/v1/journeys/preview", json={"definition": LONGER}, **read).json()
    changed = client.put("/v1/journeys/care", json={"definition": LONGER}, **write).json()
    back = client.post("/v1/journeys/care/rollback", json={"version": 1}, **write).json()
    paused = client.post("/v1/journeys/care/state", json={"state": "paused"}, **write).json()

    assert (made["state"], made["version"], made["definition"]) == ("draft", 1, CARE)
    assert (ran["state"], ran["version"]) == ("running", 1)
    assert (seen["version"], seen["is_new"]) == (2, True)
    assert [line for line in seen["difference"] if line[0] != " "] == [
        "-    for: 3 days",
        "+    for: 5 days",
    ]
    assert (changed["version"], back["version"], paused["state"]) == (2, 1, "paused")
    (listed,) = client.get("/v1/journeys", **read).json()["journeys"]
    assert (listed["name"], listed["version"], listed["inside"]) == ("care", 1, 0)
    told = client.get("/v1/journeys/care/versions", **read).json()
    assert [one["number"] for one in told["versions"]] == [2, 1]
    assert [(one["was"], one["version"]) for one in told["publications"]] == [
        (2, 1),
        (1, 2),
        (None, 1),
    ]
    assert told["publications"][0]["published_by"].startswith("key ")


def test_a_call_lets_a_customer_in_once_for_each_key(client, write, read, connection, workspace):
    client.put("/v1/journeys/care", json={"definition": CARE, "run": True}, **write)
    wish = {"who": "user:minji", "key": "order 7", "properties": {"order_id": "7"}}

    first = client.post("/v1/journeys/care/enrollments", json=wish, **write)
    again = client.post("/v1/journeys/care/enrollments", json=wish, **write)
    tick(connection, workspace)
    tick(connection, workspace)
    moved = client.put(
        "/v1/journeys/care", json={"definition": LONGER, "inside": "follow"}, **write
    )

    assert first.status_code == again.status_code == 202
    assert first.json() == again.json()
    assert client.get("/v1/journeys/care", **read).json()["inside"] == 1
    assert [one["customers"] for one in moved.json()["steps"]] == [1, 0]
    assert [(one["version"], one["step"]) for one in moved.json()["standing"]] == [(2, "rest")]


def test_what_keeps_a_customer_out_is_told_question_by_question(client, write, read, connection):
    client.put("/v1/journeys/care", json={"definition": CARE}, **write)

    told = client.post("/v1/journeys/care/entry", json={"who": "user:minji"}, **read)
    nobody = client.post("/v1/journeys/care/entry", json={"who": "user:nobody"}, **read)

    assert told.status_code == 200, told.text
    assert [(one["hurdle"], one["answer"]) for one in told.json()["checks"]] == [
        ("not_running", "stopped"),
        ("not_active", "passed"),
        ("not_called", "perhaps"),
    ]
    assert told.json()["explanation"]["ko"].startswith("여정이 초안이거나")
    assert told.json()["reach"] == [{"channel": "email", "consent": None, "address": "reachable"}]
    assert nobody.status_code == 404
    seen = connection.execute("select what, by_kind::text from access_entry").fetchall()
    assert seen == [("journey entry", "key")]


def test_a_customers_way_through_a_journey_is_told(client, write, read, connection, workspace):
    client.put("/v1/journeys/care", json={"definition": CARE, "run": True}, **write)
    whose = {"who": "user:minji"}
    never = client.post("/v1/journeys/care/explain", json=whose, **read)
    wish = {**whose, "key": "order 7"}
    client.post("/v1/journeys/care/enrollments", json=wish, **write)
    tick(connection, workspace)

    answer = client.post("/v1/journeys/care/explain", json=whose, **read)

    assert (never.status_code, never.json()) == (200, {"runs": []})
    (run,) = answer.json()["runs"]
    assert run["why"] == "waits at rest until 2027-03-05 03:00Z"
    assert (run["where"]["version"], run["where"]["state"]) == (1, "waiting")
    assert [(came["step"], came["led_to"]) for came in run["trail"]] == [("rest", None)]
    assert run["conversion"] is None


def test_every_fault_of_a_journey_is_named_in_both_languages(client, write):
    bad = {**CARE, "entry": {"call": True, "where": []}, "steps": [{"kind": "wait", "name": "a"}]}

    answer = client.put("/v1/journeys/care", json={"definition": {**bad, "goal": " "}}, **write)

    said = answer.json()
    assert (answer.status_code, said["code"]) == (400, "bad_journey")
    assert [one["path"] for one in said["faults"]] == ["goal", "steps[0]"]
    assert "기다릴지" in said["faults"][1]["message_ko"]
    assert said["path"] == "goal"


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("get", "/v1/journeys/none", None, 404),
        ("get", "/v1/journeys/none/versions", None, 404),
        ("post", "/v1/journeys/none/rollback", {"version": 1}, 404),
        ("post", "/v1/journeys/care/rollback", {"version": 9}, 404),
        ("post", "/v1/journeys/none/state", {"state": "paused"}, 404),
        ("post", "/v1/journeys/care/state", {"state": "paused"}, 409),
        ("post", "/v1/journeys/care/state", {"state": "sleeping"}, 400),
        ("post", "/v1/journeys/care/enrollments", {"who": "user:minji", "key": "1"}, 409),
        ("post", "/v1/journeys/care/enrollments", {"who": "user:nobody", "key": "1"}, 404),
        ("post", "/v1/journeys/care/enrollments", {"who": "user:minji"}, 400),
        ("post", "/v1/journeys/none/explain", {"who": "user:minji"}, 404),
        ("post", "/v1/journeys/care/explain", {"who": "user:nobody"}, 404),
        ("post", "/v1/journeys/care/explain", {"whom": "user:minji"}, 400),
        ("put", "/v1/journeys/other", {"definition": CARE}, 400),
        ("put", "/v1/journeys/care", {"definition": CARE, "map": {"a": "b"}}, 400),
        ("put", "/v1/journeys/care", {"definition": CARE, "finished_within": "soon"}, 400),
    ],
)
def test_what_cannot_be_done_says_why(client, keys, write, method, path, body, status):
    client.put("/v1/journeys/care", json={"definition": CARE}, **write)
    reads = method == "get" or path.endswith("/explain")
    scope = ApiKeyScope.JOURNEYS_READ if reads else ApiKeyScope.JOURNEYS_WRITE

    more = {} if body is None else {"json": body}
    answer = client.request(method, path, auth=(keys[scope], ""), **more)

    assert answer.status_code == status
    assert answer.json()["message"]


def test_a_call_to_a_journey_that_begins_otherwise_is_refused(client, write):
    other = {**CARE, "entry": {"event": "Cart Viewed"}}
    client.put("/v1/journeys/care", json={"definition": other, "run": True}, **write)

    answer = client.post(
        "/v1/journeys/care/enrollments", json={"who": "user:minji", "key": "1"}, **write
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "bad_change")
    assert "does not begin with a call" in answer.json()["message"]


def test_a_key_without_the_scope_is_refused(client, keys, read):
    for path in ("/v1/journeys", "/v1/journeys/care", "/v1/journeys/care/versions"):
        assert client.get(path, auth=(keys[ApiKeyScope.TRACK], "")).status_code == 403
    answer = client.put("/v1/journeys/care", json={"definition": CARE}, **read)

    assert (answer.status_code, answer.json()["code"]) == (403, "missing_scope")
    assert "journeys:write" in answer.json()["message"]
