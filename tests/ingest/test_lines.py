"""Plain calls take a short way into the inbox; it must lead to where the careful way leads."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.build import NOON, TEST_VAULT, unpack
from tests.ingest.calls import PHONE, RECEPTION, calls, contexts, read_batch, times

from dangol.ingest.inbox import to_head, to_line, write_lines
from dangol.ingest.keys import create_api_key
from dangol.ingest.lines import open_body, read_lines
from dangol.ingest.payload import LARGEST_EVENT
from dangol.ingest.plain import NotPlain, PlainCall, PlainWriter, open_plain, open_writer
from dangol.ingest.reception import Desk, Posted
from dangol.store.connect import open_pool
from dangol.store.vocabulary import ApiKeyKind

ROWS = """
select workspace_id, received_at, occurred_at, type, name, message_id, user_id, anonymous_id,
    order_id, revenue, currency, product_id, category, quantity,
    properties, traits, contacts, consents
from event order by id
"""


def attempt(writer: PlainWriter, call: PlainCall) -> str | None:
    try:
        return writer.write(call)
    except NotPlain:
        return None


def plain_lines(body: bytes) -> list[str | None]:
    """What the short way makes of each call, None where it leaves it to the careful one."""
    batch = open_plain(body, path_type=None)
    writer = batch and open_writer(
        batch, path_type=None, escaped=b"\\" in body, reception=RECEPTION
    )
    return [attempt(writer, call) for call in batch.batch] if batch and writer else []


def careful_lines(body: bytes) -> dict[int, str]:
    """What the careful way makes of each call that it takes, by its place."""
    head = to_head(1, NOON)
    return {place: to_line(head, event) for place, event in read_batch(body).events.items()}


def stored(connection, lines: list[str]) -> list[tuple]:
    with connection.transaction(force_rollback=True):
        write_lines(connection, lines, days=[NOON.date()])
        return connection.execute(ROWS).fetchall()


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(calls, min_size=1, max_size=30), times, contexts, st.booleans())
def test_both_ways_store_the_same_row(
    connection,
    workspace,  # noqa: ARG001
    batch,
    sent_at,
    context,
    escape,
):
    body = json.dumps(
        {"batch": batch, "sentAt": sent_at, "context": context},
        ensure_ascii=escape,
        separators=(",", ":"),
    ).encode("utf-8", "surrogatepass")

    plain = {place: line for place, line in enumerate(plain_lines(body)) if line is not None}
    if not plain:
        return
    careful = careful_lines(body)

    assert plain.keys() <= careful.keys(), (
        "what the careful way refuses, the short way leaves alone"
    )
    assert stored(connection, list(plain.values())) == stored(
        connection, [careful[place] for place in plain]
    )


COMMON = {"type": "track", "event": "Order Completed", "messageId": "m1", "userId": "minji"}


@pytest.mark.parametrize(
    "call",
    [
        COMMON,
        COMMON | {"userId": 17, "timestamp": "2027-03-02T11:30:00+09:00"},
        COMMON | {"properties": {"order_id": "A1", "revenue": 36000, "currency": "KRW"}},
        COMMON | {"properties": {"revenue": 36.5, "category": "봄 신상", "list": [1, {"a": None}]}},
        COMMON | {"context": {"library": {"name": "analytics-python"}, "traits": {}}},
        {"type": "page", "name": "홈", "anonymousId": "a1", "messageId": "m1", "properties": {}},
        COMMON | {"context": {"userAgent": PHONE, "userAgentData": {"mobile": True}}},
    ],
)
@pytest.mark.parametrize("escape", [True, False])
def test_what_clients_usually_send_is_plain(call, escape):
    body = json.dumps({"batch": [call]}, ensure_ascii=escape).encode()

    assert None not in plain_lines(body)


@pytest.mark.parametrize(
    "call",
    [
        COMMON | {"properties": {"email": "minji@shop.example"}},
        COMMON | {"properties": {"phone_number": "010-1234-5678"}},
        COMMON | {"traits": {"email": "minji@shop.example"}},
        COMMON | {"context": {"traits": {"email": "minji@shop.example"}}},
        COMMON | {"context": {"dangol": {"consents": []}}},
        COMMON | {"properties": {"note": "x" * LARGEST_EVENT}},
        COMMON | {"properties": {"revenue": "36,000"}},
        COMMON | {"messageId": "import:1"},
        COMMON | {"messageId": None},
        COMMON | {"userId": "undefined"},
        {"type": "identify", "userId": "minji", "messageId": "m1"},
    ],
)
def test_what_needs_care_gets_it(call):
    assert plain_lines(json.dumps({"batch": [call]}).encode()) == [None]


def test_a_contact_whose_name_is_escaped_is_found_all_the_same():
    body = rb'{"batch":[{"type":"track","event":"E","messageId":"m","userId":"u",'
    body += rb'"properties":{"\u0065mail":"minji@shop.example"}}]}'

    lines = read_lines(open_body(body, path_type=None), reception=RECEPTION, check=lambda _: None)

    assert "minji@" not in lines.lines[0]
    assert '"kind":"email"' in lines.lines[0]


def test_an_event_that_the_database_refuses_costs_no_other_its_place(connection, dsn, workspace):
    with connection.transaction():
        key = create_api_key(connection, workspace_id=workspace, kind=ApiKeyKind.SERVER, now=NOON)
    huge = (
        b'{"type":"track","event":"E","messageId":"bad","userId":"u","properties":{"n":1e200000}}'
    )
    good = [json.dumps(COMMON | {"messageId": f"m{n}"}).encode() for n in range(3)]
    body = b'{"batch":[%s]}' % b",".join([good[0], huge, *good[1:]])
    pool = open_pool(dsn, size=1)
    desk = Desk(pool=pool, vault=TEST_VAULT, clock=lambda _: NOON)

    (answer,) = desk.take([Posted(body=body, path_type=None, authorization=f"Bearer {key}")])
    pool.close()

    assert [(one.index, one.code) for one in answer.refused] == [(1, "not_storable")]
    assert answer.accepted == 3
    connection.commit()
    unpack(connection)
    rows = connection.execute("select message_id from event order by id").fetchall()
    assert rows == [("m0",), ("m1",), ("m2",)]
