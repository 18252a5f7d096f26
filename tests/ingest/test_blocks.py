"""Bodies that are kept as they came: nothing of them may be refused, or lost, later."""

import json
from datetime import timedelta

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.build import NOON, TEST_VAULT, one, unpack
from tests.ingest import words
from tests.ingest.calls import PHONE, calls, contexts, read_batch, times

from dangol.app.chores import drop_old_events
from dangol.ingest.blocks import Packed, unpack_blocks, write_bodies
from dangol.ingest.inbox import to_head, to_line
from dangol.ingest.payload import LARGEST_EVENT, Reception
from dangol.ingest.sure import open_sure
from dangol.store.crash import handle_crashpoints
from dangol.store.inbox import write_lines
from dangol.store.vocabulary import ApiKeyKind

ROWS = """
select workspace_id, received_at, occurred_at, type, name, message_id, user_id, anonymous_id,
    order_id, revenue, currency, product_id, category, quantity,
    properties, traits, contacts, consents
from event order by id
"""
CALL = {"type": "track", "event": "Order Completed", "messageId": "m1", "userId": "minji"}
sure_values = st.sampled_from(
    [None, 0, 1, -5, 36000, 36.5, 1e-300, 10**14, "KRW", "won", "x", "봄 신상", "😀", "\0", []]
)
sure_calls = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["track", "page", "screen"]),
        "event": st.sampled_from(["Order Completed", " Seen ", "null"]),
        "messageId": st.sampled_from(["m1", " m2", 17, None, "import:1", "undefined"]),
        "userId": st.sampled_from(["minji", "a" * 255, 17, "a\\b", "a\tb", "\\N", "a\0"]),
    },
    optional={
        "timestamp": times,
        "context": contexts,
        "properties": st.dictionaries(
            st.sampled_from(["revenue", "total", "quantity", "currency", "name", "device", "x"]),
            sure_values,
            max_size=4,
        ),
    },
)


def batch_of(*batch: dict, **around: object) -> bytes:
    return json.dumps({"batch": batch, **around}).encode()


def tick(connection, workspace: int) -> list[tuple[str, int]]:
    """Unpack what has come in, and take it."""
    unpack(connection)
    connection.commit()
    return words.tick(connection, workspace)


def keep(connection, workspace: int, *bodies: bytes, at=NOON) -> None:
    """Bodies come in; nobody looks whether they should."""
    with connection.transaction():
        write_bodies(
            connection,
            [Packed(None, body) for body in bodies],
            events=len(bodies),
            workspace_id=workspace,
            received_at=at,
        )


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(sure_calls | calls, min_size=1, max_size=6), times, contexts, st.booleans())
def test_what_is_sure_is_never_refused_and_becomes_what_the_careful_way_makes_of_it(
    connection, workspace, batch, sent_at, context, escape
):
    body = json.dumps(
        {"batch": batch, "sentAt": sent_at, "context": context}, ensure_ascii=escape
    ).encode("utf-8", "surrogatepass")
    if open_sure(body, path_type=None) is None:
        return
    reception = Reception(
        vault=TEST_VAULT, workspace_id=workspace, key_kind=ApiKeyKind.SERVER, received_at=NOON
    )
    careful = read_batch(body, reception=reception)
    assert careful.faults == {}
    events = careful.events.values()
    assert not any(event.contacts or event.consents or event.traits for event in events)
    head = to_head(workspace, NOON)

    with connection.transaction(force_rollback=True):
        write_lines(connection, [to_line(head, event) for event in events], days=[NOON.date()])
        expected = connection.execute(ROWS).fetchall()
    with connection.transaction(force_rollback=True):
        keep(connection, workspace, body)
        unpack(connection)
        assert connection.execute(ROWS).fetchall() == expected
        assert one(connection, "select count(*) from parked_event") == 0


@pytest.mark.parametrize(
    "call",
    [
        CALL,
        CALL | {"userId": 17, "timestamp": "2027-03-02T11:30:00+09:00"},
        CALL | {"properties": {"order_id": "A1", "revenue": 36000, "currency": "KRW"}},
        CALL | {"properties": {"revenue": 36.5, "category": "봄 신상", "list": [1, {"a": "😀"}]}},
        CALL | {"context": {"library": {"name": "analytics-python"}, "traits": {}}},
        CALL | {"messageId": None},
        {"type": "page", "name": "홈", "anonymousId": "a1", "messageId": "m1", "properties": {}},
        CALL | {"context": {"userAgent": PHONE, "device": {"type": "android", "id": "a"}}},
    ],
)
def test_what_clients_usually_send_is_sure(call):
    assert open_sure(batch_of(call), path_type=None)
    assert open_sure(json.dumps(call).encode(), path_type=call["type"])


@pytest.mark.parametrize(
    "call",
    [
        CALL | {"properties": {"email": "minji@shop.example"}},
        CALL | {"properties": {"phone_number": None}},
        CALL | {"traits": {"tier": "gold"}},
        CALL | {"context": {"traits": {"email": "minji@shop.example"}}},
        CALL | {"context": {"dangol": {"consents": []}}},
        CALL | {"properties": {"note": "x" * LARGEST_EVENT}},
        CALL | {"properties": {"revenue": "36,000"}},
        CALL | {"properties": {"revenue": True}},
        CALL | {"properties": {"total": 1e15}},
        CALL | {"properties": {"currency": "₩"}},
        CALL | {"properties": []},
        CALL | {"timestamp": "yesterday"},
        CALL | {"timestamp": "1969-12-31T23:59:59Z"},
        CALL | {"sentAt": "yesterday"},
        CALL | {"userId": "undefined"},
        CALL | {"userId": "x" * 256},
        CALL | {"userId": 10**300},
        CALL | {"messageId": -(10**300)},
        CALL | {"event": " "},
        CALL | {"type": "identify"},
        {"event": "no type", "userId": "minji"},
        {"type": "track", "event": "of nobody"},
    ],
)
def test_what_could_be_refused_or_must_not_lie_about_is_not(call):
    assert open_sure(batch_of(call), path_type=None) is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"batch":[]}',
        b'{"batch":[{"type":"track","event":"E","userId":"u","properties":{"n":1e400}}]}',
        b'{"batch":[{"type":"track","event":"E","userId":"u","properties":{"n":"\xff"}}]}',
        b'{"batch":[{"type":"track","event":"E","userId":"\\ud800"}]}',
        batch_of(CALL, context={"traits": {"email": "minji@shop.example"}}),
        batch_of(CALL, sentAt="soon"),
        batch_of(*[CALL] * 2_501),
    ],
)
def test_a_body_in_doubt_is_read_at_once(body):
    assert open_sure(body, path_type=None) is None


def test_a_contact_whose_name_is_escaped_is_found_all_the_same():
    body = batch_of(CALL | {"properties": {"email": "minji@shop.example"}})

    assert open_sure(body.replace(b"email", rb"\u0065mail"), path_type=None) is None


def test_blocks_are_unpacked_in_their_order_a_portion_at_a_time(connection, workspace):
    for number in range(4):
        keep(connection, workspace, batch_of(CALL | {"messageId": f"m{number}"}))

    taken = [
        unpack_blocks(connection, workspace_id=workspace, vault=TEST_VAULT, most=2)
        for _ in range(3)
    ]

    assert taken == [2, 2, 0]
    rows = connection.execute("select message_id from event order by id").fetchall()
    assert rows == [("m0",), ("m1",), ("m2",), ("m3",)]


def test_what_the_inbox_refuses_is_parked_with_its_text_and_stops_nothing(connection, workspace):
    connection.execute("alter table event add constraint no_evil check (name <> 'Evil')")
    connection.commit()
    evil = CALL | {"event": "Evil", "messageId": "evil"}
    keep(connection, workspace, batch_of(CALL, evil), batch_of(CALL | {"messageId": "m2"}))

    acted = tick(connection, workspace)

    assert {message for message, _ in acted} == {"m1", "m2"}
    [(reason, name, text)] = connection.execute(
        "select reason, event.name, event.properties ->> 'text' from parked_event"
        " join event on event.id = parked_event.event_id"
    )
    assert (name, json.loads(text)) == ("Unreadable", evil)
    assert reason.startswith("not_storable: ")
    assert "no_evil" in reason


def test_a_body_that_was_kept_in_error_is_parked_call_by_call(connection, workspace):
    keep(connection, workspace, batch_of(CALL, {"type": "track", "event": "of nobody"}))

    assert [message for message, _ in tick(connection, workspace)] == ["m1"]
    reasons = connection.execute("select reason from parked_event").fetchall()
    assert len(reasons) == 1
    assert "userId" in reasons[0][0]


def test_a_crash_while_unpacking_leaves_the_block(connection, workspace):
    keep(connection, workspace, batch_of(CALL))

    def die(name: str) -> None:
        if name == "unpack.before_commit":
            raise psycopg.OperationalError("gone")

    handle_crashpoints(die)
    with pytest.raises(psycopg.OperationalError):
        unpack(connection)
    handle_crashpoints(lambda _: None)

    assert one(connection, "select sum(events) from event_block") == 1
    assert [message for message, _ in tick(connection, workspace)] == ["m1"]


def test_no_day_is_dropped_while_a_block_of_it_waits(connection, workspace):
    keep(connection, workspace, batch_of(CALL))
    keep(connection, workspace, batch_of(CALL | {"messageId": "m2"}), at=NOON + timedelta(days=9))
    unpack_blocks(connection, workspace_id=workspace, vault=TEST_VAULT, most=1)
    keep(connection, workspace, batch_of(CALL | {"messageId": "m3"}))

    drop_old_events(connection, keep=timedelta(days=1))

    assert one(connection, "select count(*) from event") == 1
