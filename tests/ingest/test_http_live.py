"""The tracking API behind the real server, over a real socket."""

import asyncio
import json
import socket

import httpx
from granian.constants import Interfaces
from granian.server.embed import Server
from litestar import Litestar
from litestar.datastructures import State
from tests.build import NOON, TEST_VAULT, one, unpack

from dangol.ingest.http import ingest_routes
from dangol.ingest.keys import create_api_key
from dangol.store.connect import open_pool
from dangol.store.vocabulary import ApiKeyKind

CALLS = 40
EACH = 25


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def batch(call: int) -> str:
    events = [
        {"type": "track", "userId": f"u{n}", "event": "Visited", "messageId": f"m{call}-{n}"}
        for n in range(EACH)
    ]
    return json.dumps({"batch": events, "sentAt": NOON.isoformat()})


async def call_all(app: Litestar, key: str) -> list[httpx.Response]:
    """Serve the application, and let many clients call at once until each has its answer."""
    port = free_port()
    server = Server(app, address="127.0.0.1", port=port, interface=Interfaces.ASGI)
    serving = asyncio.create_task(server.serve())
    transport = httpx.AsyncHTTPTransport(retries=5)
    base_url = f"http://127.0.0.1:{port}"
    async with httpx.AsyncClient(transport=transport, base_url=base_url, auth=(key, "")) as client:
        answers = await asyncio.gather(
            *(client.post("/v1/batch", content=batch(call)) for call in range(CALLS))
        )
    server.stop()
    await serving
    return answers


def test_every_acknowledged_event_is_in_the_inbox(connection, dsn, workspace):
    with connection.transaction():
        key = create_api_key(connection, workspace_id=workspace, kind=ApiKeyKind.SERVER, now=NOON)
    pool = open_pool(dsn, size=3)
    state = State({"pool": pool, "vault": TEST_VAULT, "clock": lambda _: NOON})
    app = Litestar(ingest_routes, state=state, logging_config=None)

    answers = asyncio.run(call_all(app, key))
    pool.close()

    assert {answer.status_code for answer in answers} == {200}
    assert {answer.json()["accepted"] for answer in answers} == {EACH}
    blocks = one(connection, "select count(*) from event_block")
    assert 0 < blocks < CALLS, "calls that wait together share a commit"
    connection.commit()
    unpack(connection)
    rows = connection.execute("select count(*), count(distinct message_id) from event").fetchone()
    assert rows == (CALLS * EACH, CALLS * EACH)
