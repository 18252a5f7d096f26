"""The tracking API as its clients see it: durable before 200, and every no with a remedy."""

import asyncio
import base64
import gzip
import json
from collections.abc import Iterator

import httpx
import psycopg
import pytest
from litestar import Litestar
from litestar.datastructures import State
from litestar.testing import AsyncTestClient, TestClient
from tests.build import NOON, TEST_VAULT, unpack

from dangol.ingest.group import Busy, Group
from dangol.ingest.http import ingest_routes
from dangol.ingest.keys import create_api_key
from dangol.ingest.limiter import Limiter
from dangol.store.connect import Connection, open_pool
from dangol.store.vocabulary import ApiKeyKind


@pytest.fixture
def server_key(connection: Connection, workspace: int) -> str:
    with connection.transaction():
        return create_api_key(connection, workspace_id=workspace, kind=ApiKeyKind.SERVER, now=NOON)


@pytest.fixture
def browser_key(connection: Connection, workspace: int) -> str:
    with connection.transaction():
        return create_api_key(connection, workspace_id=workspace, kind=ApiKeyKind.BROWSER, now=NOON)


@pytest.fixture
def app(dsn: str, workspace: int) -> Iterator[Litestar]:  # noqa: ARG001 - it must exist
    pool = open_pool(dsn, size=3)
    yield Litestar(
        ingest_routes,
        state=State(
            {
                "pool": pool,
                "vault": TEST_VAULT,
                "clock": lambda _: NOON,
                "limiter": Limiter(rates={ApiKeyKind.BROWSER: 1}, clock=lambda: NOON),
                "base_url": "https://events.shop.example/dangol",
            }
        ),
        logging_config=None,
    )
    pool.close()


@pytest.fixture
def client(app: Litestar) -> Iterator[TestClient[Litestar]]:
    with TestClient(app) as opened:
        yield opened


TRACK = {"userId": "minji", "event": "Visited", "messageId": "m1"}


def basic(key: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode()}


def stored(connection: Connection) -> list[tuple[str, str]]:
    connection.commit()
    unpack(connection)
    rows = connection.execute("select type, message_id from event order by id").fetchall()
    connection.commit()
    return rows


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/v1/track", "track"),
        ("/v1/t", "track"),
        ("/v1/identify", "identify"),
        ("/v1/i", "identify"),
        ("/v1/page", "page"),
        ("/v1/p", "page"),
        ("/v1/screen", "screen"),
        ("/v1/s", "screen"),
        ("/v1/group", "group"),
        ("/v1/g", "group"),
        ("/v1/alias", "alias"),
        ("/v1/a", "alias"),
    ],
)
def test_every_path_stores_its_kind_of_call(client, connection, server_key, path, kind):
    answer = client.post(path, json=TRACK, headers=basic(server_key))

    assert (answer.status_code, answer.json()) == (
        200,
        {"success": True, "accepted": 1, "refused": []},
    )
    assert stored(connection) == [(kind, "m1")]


@pytest.mark.parametrize("path", ["/v1/batch", "/v1/b", "/v1/import"])
def test_a_batch_is_stored_and_its_bad_events_are_named(client, connection, server_key, path):
    batch = [{**TRACK, "type": "track"}, {"type": "track", "event": "Visited"}]

    answer = client.post(path, json={"batch": batch}, headers=basic(server_key))

    assert answer.status_code == 200
    assert answer.json()["accepted"] == 1
    assert [(one["index"], one["code"]) for one in answer.json()["refused"]] == [(1, "missing_id")]
    assert stored(connection) == [("track", "m1")]


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
        {},
    ],
)
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_json_is_json_whatever_the_headers_say(client, connection, server_key, headers, pack):
    body = pack(json.dumps(TRACK).encode())

    answer = client.post("/v1/track", content=body, headers=basic(server_key) | headers)

    assert answer.status_code == 200
    assert stored(connection) == [("track", "m1")]


def test_a_key_may_come_as_bearer_or_in_the_body(client, server_key):
    bearer = client.post("/v1/track", json=TRACK, headers={"Authorization": f"Bearer {server_key}"})
    in_body = client.post("/v1/track", json=TRACK | {"writeKey": server_key})

    assert (bearer.status_code, in_body.status_code) == (200, 200)


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "no_key"),
        (basic("dk_s_wrong"), "unknown_key"),
        ({"Authorization": "Basic ?"}, "no_key"),
    ],
)
def test_without_a_key_nothing_is_stored(client, connection, headers, code):
    answer = client.post("/v1/track", json=TRACK, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (401, code)
    assert stored(connection) == []


def test_a_revoked_key_is_nobodys(client, connection, server_key):
    connection.execute("update api_key set revoked_at = %s", (NOON,))
    connection.commit()

    answer = client.post("/v1/track", json=TRACK, headers=basic(server_key))

    assert answer.json()["code"] == "unknown_key"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "bad_json"),
        (b'{"event": "Visited"}', 400, "missing_id"),
        (b'{"userId": "u", "event": "' + b"x" * 40_000 + b'"}', 413, "event_too_large"),
        (b"x" * 600_000, 413, "body_too_large"),
    ],
)
def test_every_no_has_a_code_and_a_message(client, server_key, body, status, code):
    answer = client.post("/v1/track", content=body, headers=basic(server_key))

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["message"]


def test_pages_of_any_origin_may_call(client, server_key):
    preflight = client.options("/v1/t", headers={"Origin": "https://shop.example"})
    answer = client.post("/v1/t", json=TRACK, headers=basic(server_key))

    assert preflight.status_code == 204
    assert "Authorization" in preflight.headers["Access-Control-Allow-Headers"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_a_page_learns_where_to_send(client, browser_key):
    answer = client.get(f"/v1/projects/{browser_key}/settings")

    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    sending = answer.json()["integrations"]["Segment.io"]
    assert (sending["protocol"], sending["apiHost"], sending["apiKey"]) == (
        "https",
        "events.shop.example/dangol/v1",
        browser_key,
    )
    assert answer.json()["metrics"] == {"sampleRate": 0}


def test_a_page_with_nobodys_key_learns_so(client):
    answer = client.get("/v1/projects/dk_b_wrong/settings")

    assert (answer.status_code, answer.json()["code"]) == (401, "unknown_key")


def test_a_page_that_shows_a_server_key_is_told_to_hide_it(client, server_key):
    answer = client.get(f"/v1/projects/{server_key}/settings")

    assert (answer.status_code, answer.json()["code"]) == (403, "server_key")
    assert "dangol key create browser" in answer.json()["message"]


def test_a_key_that_sends_too_fast_is_told_when_to_come_back(
    client, connection, browser_key, server_key
):
    many = {"batch": [{**TRACK, "type": "track", "messageId": f"m{n}"} for n in range(2_500)]}
    first = client.post("/v1/batch", json=many, headers=basic(browser_key))

    second = client.post("/v1/t", json=TRACK, headers=basic(browser_key))

    assert (first.status_code, second.status_code) == (200, 429)
    assert second.json()["code"] == "too_fast"
    assert second.headers["Retry-After"] == second.headers["X-RateLimit-Reset"] == "1"
    assert "Retry-After" in second.headers["Access-Control-Expose-Headers"]
    assert len(stored(connection)) == 2_500
    assert client.post("/v1/t", json=TRACK, headers=basic(server_key)).status_code == 200


def test_while_the_database_is_away_nothing_is_acknowledged(client, server_key, dsn):
    name = psycopg.conninfo.conninfo_to_dict(dsn)["dbname"]
    admin_dsn = psycopg.conninfo.make_conninfo(dsn, dbname="postgres")
    with psycopg.connect(admin_dsn, autocommit=True) as admin:
        admin.execute(f"alter database {name} with allow_connections false")
        admin.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", (name,)
        )

        away = client.post("/v1/track", json=TRACK, headers=basic(server_key))

        admin.execute(f"alter database {name} with allow_connections true")
    # Like a client: again and again, since the server looks for its database at growing intervals.
    tries = (client.post("/v1/track", json=TRACK, headers=basic(server_key)) for _ in range(10))
    back = next((answer.status_code for answer in tries if answer.status_code == 200), None)
    assert (away.status_code, away.json()["code"]) == (503, "store_away")
    assert away.headers["Retry-After"]
    assert back == 200
    with psycopg.connect(dsn) as reader:
        assert reader.execute("select sum(events) from event_block").fetchone() == (1,)


def test_a_request_the_database_refuses_does_not_fail_the_others(app, connection, server_key):
    connection.execute("alter table event add constraint no_evil check (name <> 'Evil')")
    connection.commit()
    names = ["Visited", "Evil", "Bought", "Left"]

    async def call_all() -> list[httpx.Response]:
        async with AsyncTestClient(app) as client:
            return await asyncio.gather(
                *(
                    client.post(
                        "/v1/track",
                        # Traits are never kept unread, so that the database judges them now.
                        json={
                            "userId": "minji",
                            "event": name,
                            "messageId": name,
                            "traits": {"tier": "gold"},
                        },
                        headers=basic(server_key),
                    )
                    for name in names
                )
            )

    answers = asyncio.run(call_all())

    assert [answer.status_code for answer in answers] == [200, 400, 200, 200]
    assert answers[1].json()["code"] == "not_storable"
    assert {message for _, message in stored(connection)} == {"Visited", "Bought", "Left"}


def test_who_waits_together_is_written_together():
    groups: list[int] = []

    def work(items):
        groups.append(len(items))
        return [item * 2 for item in items]

    async def submit_all() -> list[int]:
        group: Group[int, int] = Group(work=work)
        return await asyncio.gather(*(group.submit(n, size=1) for n in range(100)))

    answers = asyncio.run(submit_all())

    assert answers == [2 * n for n in range(100)]
    assert len(groups) < 10


def test_what_does_not_fit_into_memory_is_asked_to_come_back():
    async def submit_two() -> list[int | BaseException]:
        group: Group[int, int] = Group(work=list, most_waiting_bytes=10)

        async def submit(item: int) -> int:
            with group.room(8):
                return await group.submit(item, size=8)

        return await asyncio.gather(submit(1), submit(2), return_exceptions=True)

    first, second = asyncio.run(submit_two())

    assert first == 1
    assert isinstance(second, Busy)


def test_a_group_that_fails_tells_everybody_and_the_next_one_works():
    def work(items):
        if "bad" in items:
            raise RuntimeError("no")
        return items

    async def submit_some() -> tuple[list[str | BaseException], str]:
        group: Group[str, str] = Group(work=work)
        failed = await asyncio.gather(
            group.submit("bad", size=1), group.submit("good", size=1), return_exceptions=True
        )
        return failed, await group.submit("next", size=1)

    failed, after = asyncio.run(submit_some())

    assert all(isinstance(one, RuntimeError) for one in failed)
    assert after == "next"


def test_a_body_that_finds_no_room_is_heard_out_and_asked_to_come_back(app, server_key, connection):
    tracking = Group(work=lambda _: [], most_waiting_bytes=10)
    app.state.tracking_group = tracking
    with TestClient(app) as client:
        answer = client.post("/v1/track", json=TRACK, headers=basic(server_key))

    assert (answer.status_code, answer.json()["code"]) == (429, "busy")
    assert answer.headers["Retry-After"] == "1"
    assert stored(connection) == []
    assert tracking.held_bytes == 0


def test_a_body_that_unpacks_beyond_the_room_left_is_asked_to_come_back(app, server_key):
    packed = gzip.compress(json.dumps(TRACK | {"properties": {"note": "x" * 9_000}}).encode())
    app.state.tracking_group = Group(work=lambda _: [], most_waiting_bytes=5_000)
    with TestClient(app) as client:
        answer = client.post("/v1/track", content=packed, headers=basic(server_key))

    assert (answer.status_code, answer.json()["code"]) == (429, "busy")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_another_method_is_told_which_one_to_use(client, method):
    answer = client.request(method, "/v1/track")

    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    assert "POST" in answer.json()["message"]
