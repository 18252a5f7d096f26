"""What goes into the inbox comes out of it, whatever characters it is made of."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import psycopg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.build import NOON
from tests.ingest.words import arrive, forget_everybody, told

from dangol.ingest.inbox import write_events
from dangol.store.connect import connect

text = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
document = st.dictionaries(
    text, st.recursive(st.none() | st.booleans() | text, st.lists), max_size=4
)


def without_nul(value: object) -> object:
    """PostgreSQL has no NUL: it is dropped."""
    return json.loads(json.dumps(value).replace("\\\\", "\\u005c").replace("\\u0000", ""))


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(words=text, fields=document)
def test_any_text_survives(connection, workspace, words, fields):
    forget_everybody(connection)

    arrive(
        connection,
        workspace,
        told(words, name=words, user=words, properties=fields, traits=fields, category=words),
    )

    row = connection.execute(
        "select message_id, name, user_id, category, properties, traits from event"
    ).fetchone()
    clean = words.replace("\0", "")
    assert row == (clean, clean, clean, clean, without_nul(fields), without_nul(fields))


def test_amounts_and_times_are_exact(connection, workspace):
    at = NOON + timedelta(microseconds=1)
    amounts = {"revenue": Decimal("12345678901234.5678"), "quantity": Decimal("-0.25")}

    arrive(connection, workspace, told("m1", user="minji", at=at, **amounts))

    row = connection.execute(
        "select occurred_at, received_at, revenue, quantity, order_id from event"
    ).fetchone()
    assert row == (at, NOON, amounts["revenue"], amounts["quantity"], None)


def test_a_day_without_a_partition_gets_one(connection, workspace):
    far = NOON + timedelta(days=400)

    arrive(connection, workspace, told("m1", user="minji"), at=far)

    assert connection.execute("select received_at from event").fetchone() == (far,)


def test_nothing_is_promised_before_the_commit(connection, workspace):
    with connection.transaction(force_rollback=True):
        write_events(connection, [told("m1", user="a")], workspace_id=workspace, received_at=NOON)

    assert connection.execute("select count(*) from event").fetchone() == (0,)


def test_no_events_are_no_work(connection, workspace):
    assert write_events(connection, [], workspace_id=workspace, received_at=NOON) == 0


def test_two_writers_who_meet_at_midnight_both_get_through(connection, workspace, dsn):
    midnight = NOON + timedelta(days=500)
    with connect(dsn) as other, ThreadPoolExecutor(1) as threads:
        write_events(other, [told("m1", user="a")], workspace_id=workspace, received_at=midnight)
        second = threads.submit(arrive, connection, workspace, told("m2", user="b"), at=midnight)
        wait_for_lock(dsn)
        other.commit()
        second.result()

    assert connection.execute("select count(*) from event").fetchone() == (2,)


def wait_for_lock(dsn: str) -> None:
    """Return once some connection waits for a lock."""
    waiting = "select count(*) from pg_locks where not granted"
    with psycopg.connect(dsn, autocommit=True) as watch:
        while watch.execute(waiting).fetchone() == (0,):
            pass
