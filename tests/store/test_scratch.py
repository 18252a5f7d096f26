"""A scratch schema is a whole Dangol that nobody else sees, and that leaves nothing behind."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import psycopg
import pytest
from psycopg import sql
from tests.build import NOON, TEST_VAULT, customer, event, give_consent, journey, one, plan_message
from tests.photograph import photograph

from dangol.app.tick import tick_until_done
from dangol.store.connect import StoreError, connect, connect_bare
from dangol.store.migrate import ensure_event_partitions, event_partitions
from dangol.store.scratch import (
    FIRST_WORKSPACE,
    FOR_FEW,
    PREFIX,
    loosen,
    open_scratch,
    planned_for_few,
    planned_for_many,
    sweep_scratch,
)
from dangol.store.workspace import create_workspace

HOLD = """
import sys, time
from dangol.store.scratch import open_scratch
with open_scratch(sys.argv[1]) as connection:
    print("open", flush=True)
    time.sleep(600)
"""


def schemas(dsn: str) -> list[str]:
    with connect_bare(dsn) as connection:
        rows = connection.execute(
            "select nspname from pg_namespace where starts_with(nspname, %s)", (PREFIX,)
        ).fetchall()
    return [row[0] for row in rows]


def open_shop(connection: psycopg.Connection) -> int:
    return create_workspace(
        connection,
        name="시험 상점",
        time_zone="Asia/Seoul",
        default_locale="ko",
        sender_name="-",
        sender_email="hello@shop.example",
        sender_postal="-",
        sender_phone="-",
        now=NOON,
    )


def live_through_a_tick(connection: psycopg.Connection) -> int:
    """Do in the scratch schema all that a tick does; return how many messages it decided."""
    workspace = open_shop(connection)
    connection.commit()
    minji = customer(connection, workspace)
    give_consent(connection, workspace, customer_id=minji)
    journey(connection, workspace, name="cart")
    with connection.transaction():
        event(connection, workspace, name="Cart Viewed", customer_id=minji)
    done = tick_until_done(
        connection, workspace_id=workspace, vault=TEST_VAULT, now=NOON, batch=100
    )
    return done["decided"]


def test_a_tick_in_the_scratch_schema_leaves_every_live_row_and_sequence_as_it_was(
    dsn, connection, workspace
):
    haneul = customer(connection, workspace, name="haneul", email="haneul@shop.example")
    give_consent(connection, workspace, customer_id=haneul)
    journey(connection, workspace, name="cart")
    plan_message(connection, workspace, customer_id=haneul)
    with connection.transaction():
        event(connection, workspace, name="Cart Viewed", customer_id=haneul)
    before = photograph(dsn)

    with open_scratch(dsn) as scratch:
        decided = live_through_a_tick(scratch)
        held = one(scratch, "select count(*) from message")

    assert (decided, held) == (1, 1)
    assert photograph(dsn) == before
    assert schemas(dsn) == []


def test_the_scratch_schema_sees_nothing_of_the_live_tables(dsn, connection, workspace):
    customer(connection, workspace)

    with open_scratch(dsn) as scratch:
        assert one(scratch, "select count(*) from customer") == 0
        assert one(scratch, "select count(*) from workspace") == 0
        with pytest.raises(psycopg.errors.UndefinedTable):
            # Of the job tables there is no second set, and none is needed.
            scratch.execute("select from migration")


def test_a_workspace_that_is_tried_out_shares_no_lock_with_a_live_one(dsn):
    with open_scratch(dsn) as scratch:
        assert open_shop(scratch) >= FIRST_WORKSPACE


def settings(connection) -> dict[str, str]:
    return {
        name: one(connection, "select current_setting(%(name)s)", name=name) for name in FOR_FEW
    }


def test_plans_for_few_rows_end_where_they_are_lent(dsn):
    with open_scratch(dsn) as scratch:
        before = settings(scratch)
        scratch.commit()

        with planned_for_few(scratch):
            with scratch.transaction():
                few = settings(scratch)
                with planned_for_many(scratch):
                    many = settings(scratch)
                after_many = settings(scratch)
            with scratch.transaction():
                later = settings(scratch)

        assert (few, after_many, later) == (FOR_FEW, FOR_FEW, FOR_FEW)
        assert (many, settings(scratch)) == (before, before)


def test_loosening_takes_foreign_keys_from_the_scratch_tables_alone(dsn, connection):
    keys = """
        select count(*) filter (where connamespace = current_schema()::regnamespace)
        from pg_constraint where contype = 'f'
    """
    before = one(connection, keys)
    with open_scratch(dsn) as scratch:
        with scratch.transaction():
            loosen(scratch)

        assert one(scratch, keys) == 0
        assert one(connection, keys) == before > 0
        with pytest.raises(psycopg.errors.UniqueViolation), scratch.transaction():
            scratch.execute("insert into segment_quiet (workspace_id) values (1), (1)")


def test_it_is_dropped_when_its_user_fails(dsn):
    with pytest.raises(psycopg.errors.DivisionByZero), open_scratch(dsn) as scratch:
        scratch.execute("select 1 / 0")

    assert schemas(dsn) == []


def test_two_can_be_open_at_once(dsn):
    with open_scratch(dsn) as one_of_them, open_scratch(dsn) as other:
        open_shop(one_of_them)
        one_of_them.commit()

        assert one(other, "select count(*) from workspace") == 0
        assert len(schemas(dsn)) == 2


def test_what_a_killed_user_left_is_swept_and_what_is_in_use_is_not(dsn):
    killed = subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", HOLD, dsn],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},  # noqa: TID251
    )
    assert killed.stdout is not None
    with killed.stdout:
        assert killed.stdout.readline() == b"open\n"
    (left,) = schemas(dsn)
    with open_scratch(dsn) as in_use:
        killed.send_signal(signal.SIGKILL)
        killed.wait()

        with connect_bare(dsn) as keeper:
            keeper.autocommit = True
            deadline = time.monotonic() + 30
            while not (swept := sweep_scratch(keeper)):
                assert time.monotonic() < deadline

        assert swept == [left]
        assert one(in_use, "select count(*) from workspace") == 0


@pytest.fixture
def modest(dsn, postgres):
    """Name the database as a role that is no superuser and may not create databases."""
    role = f"modest_{os.urandom(4).hex()}"
    name = psycopg.conninfo.conninfo_to_dict(dsn)["dbname"]
    with psycopg.connect(postgres.dsn, autocommit=True) as admin:
        admin.execute(sql.SQL("create role {} login").format(sql.Identifier(role)))
        yield psycopg.conninfo.make_conninfo(dsn, user=role), role, name
        with psycopg.connect(dsn, autocommit=True) as inside:
            inside.execute(sql.SQL("drop owned by {}").format(sql.Identifier(role)))
        admin.execute(sql.SQL("drop role {}").format(sql.Identifier(role)))


def test_it_needs_neither_a_superuser_nor_the_right_to_create_databases(dsn, modest):
    url, role, name = modest
    with psycopg.connect(dsn, autocommit=True) as admin:
        admin.execute(
            sql.SQL("grant create on database {} to {}").format(
                sql.Identifier(name), sql.Identifier(role)
            )
        )

    with open_scratch(url) as scratch:
        assert live_through_a_tick(scratch) == 1

    assert schemas(dsn) == []


def test_who_may_not_create_a_schema_is_told_what_to_grant(modest):
    url, role, name = modest

    grant = f"grant create on database {name} to {role};"
    with pytest.raises(StoreError, match=grant), open_scratch(url):
        pass


def test_the_scratch_schema_has_its_own_inbox(dsn):
    with open_scratch(dsn) as scratch:
        assert event_partitions(scratch) == {}
        with scratch.transaction():
            ensure_event_partitions(scratch, days=[NOON.date() + timedelta(days=9)])

        assert len(event_partitions(scratch)) == 1
        with connect(dsn) as live:
            assert list(event_partitions(live)) == [NOON.date()]
