"""An event acts once, late writers are waited for, and what customers say is folded in time."""

from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql
from tests.build import NOON, TEST_VAULT, customer, event, one
from tests.ingest.words import arrive, customers, forget_everybody, parked, tick, tick_all, told

from dangol.ingest.inbox import write_events
from dangol.ingest.tick import take_events
from dangol.store.connect import connect
from dangol.store.vocabulary import ConsentAction

MINUTE = timedelta(minutes=1)


def test_an_event_acts_once_within_a_batch(connection, workspace):
    arrive(connection, workspace, told("m1", user="minji"), told("m1", user="minji"))

    acted = tick(connection, workspace)

    assert [message for message, _ in acted] == ["m1"]


def test_an_event_acts_once_between_batches(connection, workspace):
    arrive(connection, workspace, told("m1", user="minji"))
    tick(connection, workspace)
    arrive(connection, workspace, told("m1", user="jiwoo"), told("m2", user="minji"))

    acted = tick(connection, workspace)

    assert [message for message, _ in acted] == ["m2"]
    assert customers(connection) == 1


def test_the_same_message_id_in_two_workspaces_acts_in_both(connection, workspace):
    other = one(
        connection,
        "insert into workspace (name, time_zone, default_locale, sender_name, sender_email,"
        " sender_postal, sender_phone, quiet_from, quiet_until, cap_messages, cap_days, created_at)"
        " select 'other', time_zone, default_locale, sender_name, sender_email, sender_postal,"
        " sender_phone, quiet_from, quiet_until, cap_messages, cap_days, created_at"
        " from workspace returning id",
    )
    connection.commit()
    arrive(connection, workspace, told("m1", user="minji"))
    arrive(connection, other, told("m1", user="minji"))

    (_, here), *_ = tick(connection, workspace)
    (_, there), *_ = tick(connection, other)

    assert here != there


def test_message_ids_are_kept_seven_days_and_imported_ones_for_ever(connection, workspace):
    arrive(connection, workspace, told("m1", user="minji"), told("import:o1", user="minji"))

    tick(connection, workspace)

    kept = dict(connection.execute("select message_id, keep_until from acted_event").fetchall())
    assert kept == {"m1": NOON + timedelta(days=7), "import:o1": None}


def test_a_transaction_that_commits_late_is_not_lost(connection, workspace, dsn):
    with connect(dsn) as late:
        write_events(late, [told("late", user="a")], workspace_id=workspace, received_at=NOON)
        arrive(connection, workspace, told("early", user="b"))

        before = tick(connection, workspace)
        late.commit()
        after = tick(connection, workspace)

    assert before == []
    assert [message for message, _ in after] == ["late", "early"]


def test_a_reader_in_the_same_moment_waits_and_reads_on(connection, workspace, dsn):
    arrive(connection, workspace, told("m1", user="a"), told("m2", user="b"))
    with connect(dsn) as second:
        with connection.transaction():
            take_events(connection, workspace_id=workspace, vault=TEST_VAULT, now=NOON, batch=1)
            second.execute("set lock_timeout = '50ms'")
            with pytest.raises(Exception, match="lock timeout"):
                take_events(second, workspace_id=workspace, vault=TEST_VAULT, now=NOON, batch=1)
            second.rollback()

        acted = tick(second, workspace)

    assert [message for message, _ in acted] == ["m2"]


def test_effects_and_cursor_are_undone_together(connection, workspace):
    arrive(connection, workspace, told("m1", user="minji"))

    with connection.transaction(force_rollback=True):
        take_events(connection, workspace_id=workspace, vault=TEST_VAULT, now=NOON, batch=10)

    assert customers(connection) == 0
    assert [message for message, _ in tick(connection, workspace)] == ["m1"]


def test_every_row_is_read_and_the_last_answer_is_zero(connection, workspace):
    arrive(connection, workspace, *(told(f"m{n % 4}", user="minji") for n in range(5)))

    read = []
    while not read or read[-1]:
        with connection.transaction():
            read.append(
                take_events(connection, workspace_id=workspace, vault=TEST_VAULT, now=NOON, batch=2)
            )

    assert read == [2, 2, 1, 0]


def test_our_own_events_come_with_their_customer_and_are_no_visit(connection, workspace):
    minji = customer(connection, workspace)
    event(
        connection,
        workspace,
        name="Segment Entered",
        customer_id=minji,
        occurred_at=NOON + MINUTE,
    )
    connection.commit()

    ((_, whose),) = tick(connection, workspace)

    assert whose == minji
    assert connection.execute("select last_seen_at from customer").fetchone() == (NOON,)


def test_events_that_are_nobodys_are_parked_and_block_nobody(connection, workspace):
    event(connection, workspace, name="Visited", message_id="m1")
    event(connection, workspace, name="Visited", message_id="m2", customer_id=4711)
    event(connection, workspace, name="Visited", message_id="m3", user_id="minji")
    connection.commit()

    acted = tick(connection, workspace)

    assert [message for message, _ in acted] == ["m3"]
    assert parked(connection) == ["no_identifier", "unknown_customer"]


class Poison(NamedTuple):
    """A column, and what no edge lets in but another program may write."""

    column: str
    value: str


POISONS = [
    Poison("contacts", '[{"kind": "email", "key": "ab", "sealed": "no base64!"}]'),
    Poison("contacts", '[{"kind": "email", "key": "ab", "sealed": "AAABAAAA"}]'),
    Poison("contacts", '[{"kind": "pigeon", "key": "ab", "sealed": "AAAA"}]'),
    Poison("contacts", '{"kind": "email"}'),
    Poison("traits", "[1, 2]"),
    Poison("user_id", "".join(chr(0x4E00 + n * 7) for n in range(2900))),
]


@pytest.mark.parametrize("poison", POISONS, ids=lambda one: f"{one.column}-{len(one.value)}")
def test_a_poisoned_event_is_parked_with_its_reason_and_blocks_nobody(
    connection, workspace, poison
):
    arrive(connection, workspace, *(told(f"a{n}", user=f"u{n}") for n in range(5)))
    bad = event(connection, workspace, name="Visited", message_id="bad", user_id="bad")
    connection.execute(
        sql.SQL("update event set {} = %s where id = %s").format(sql.Identifier(poison.column)),
        (poison.value, bad),
    )
    connection.commit()
    arrive(connection, workspace, *(told(f"b{n}", user=f"u{n}") for n in range(5)))

    tick_all(connection, workspace)

    acted = connection.execute("select count(*) from acted_event").fetchone()
    assert acted == (10,)
    assert len(parked(connection)) == 1
    assert parked(connection) != [""]


def test_sums_of_huge_amounts_do_not_stop_the_tick(connection, workspace):
    huge = Decimal(99999999999999)
    arrive(
        connection,
        workspace,
        *(told(f"m{n}", user="minji", revenue=huge) for n in range(3)),
    )

    tick(connection, workspace)

    assert connection.execute("select revenue from activity").fetchone() == (3 * huge,)


def test_activity_counts_by_event_name(connection, workspace):
    arrive(
        connection,
        workspace,
        told("m1", name="Order Completed", user="minji", revenue=Decimal("10.5")),
        told("m2", name="Order Completed", user="minji", at=NOON - MINUTE, revenue=Decimal(2)),
        told("m3", name="Visited", user="minji"),
    )
    tick(connection, workspace)
    arrive(connection, workspace, told("m4", name="Visited", user="minji", at=NOON + MINUTE))
    tick(connection, workspace)

    rows = connection.execute(
        "select event_name, first_at, last_at, count, revenue from activity order by event_name"
    ).fetchall()
    assert rows == [
        ("Order Completed", NOON - MINUTE, NOON, 2, Decimal("12.5")),
        ("Visited", NOON, NOON + MINUTE, 2, Decimal(0)),
    ]


def test_a_late_event_cannot_undo_what_was_said_after_it(connection, workspace):
    said = [
        told("m1", user="minji", at=NOON, traits={"tier": "silver", "city": "서울"}),
        told("m3", user="minji", at=NOON + 2 * MINUTE, traits={"tier": "gold"}),
        told("m2", user="minji", at=NOON + MINUTE, traits={"tier": "bronze", "city": "부산"}),
    ]

    for one_event in said:
        arrive(connection, workspace, one_event)
        tick(connection, workspace)

    assert connection.execute("select traits from customer").fetchone() == (
        {"tier": "gold", "city": "부산"},
    )


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(order=st.permutations(range(5)), batch=st.integers(1, 5))
def test_traits_and_activity_do_not_depend_on_the_order_of_arrival(
    connection, workspace, order, batch
):
    said = [
        told(
            f"m{n}",
            user="minji",
            at=NOON + n * MINUTE,
            email=f"minji{n // 2}@shop.example",
            traits={"a": n, f"b{n % 2}": n},
        )
        for n in range(5)
    ]
    forget_everybody(connection)

    arrive(connection, workspace, *(said[n] for n in order))
    tick_all(connection, workspace, batch=batch)

    row = connection.execute(
        "select traits, customer.first_seen_at, last_seen_at, count, changed_at"
        " from customer join activity on activity.customer_id = customer.id"
        " join address on address.customer_id = customer.id"
    ).fetchone()
    assert row == (
        {"a": 4, "b0": 4, "b1": 3},
        NOON,
        NOON + 4 * MINUTE,
        5,
        NOON + 4 * MINUTE,
    )


@pytest.mark.parametrize(
    ("zone", "kept"),
    [("Asia/Seoul", "Asia/Seoul"), ("Mars/Base", None), ("Mars/Base+3", None), ("KST-9", None)],
)
def test_only_a_time_zone_that_can_be_used_is_kept(connection, workspace, zone, kept):
    arrive(connection, workspace, told("m1", user="minji", traits={"timezone": zone}))

    tick(connection, workspace)

    assert connection.execute("select time_zone from customer").fetchone() == (kept,)


def test_language_and_country_come_from_traits(connection, workspace):
    traits = {"locale": "ko-KR", "address": {"country": "KR"}}
    arrive(connection, workspace, told("m1", user="minji", traits=traits))

    tick(connection, workspace)

    row = connection.execute("select locale, country from customer").fetchone()
    assert row == ("ko-KR", "KR")


def test_a_new_address_is_reachable_and_the_same_one_stays_bounced(connection, workspace):
    def state_after(message: str, email: str, minutes: int) -> str:
        at = NOON + minutes * MINUTE
        arrive(connection, workspace, told(message, user="minji", email=email, at=at))
        tick(connection, workspace)
        return connection.execute("select state from address").fetchone()[0]

    assert state_after("m1", "a@shop.example", 0) == "reachable"
    connection.execute("update address set state = 'bounced'")
    connection.commit()
    assert state_after("m2", "a@shop.example", 1) == "bounced"
    assert state_after("m3", "b@shop.example", 2) == "reachable"


def test_consents_that_come_with_an_event_are_recorded(connection, workspace):
    consent = {
        "channel": "email",
        "purpose": "marketing",
        "action": ConsentAction.GRANT,
        "source": "sign-up form",
    }
    arrive(connection, workspace, told("m1", user="minji", consents=[consent]))

    tick(connection, workspace)

    assert connection.execute("select state, since from consent").fetchone() == ("granted", NOON)
