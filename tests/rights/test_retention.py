"""What is older than its purpose's period goes from tables and history, and nothing else does."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.build import NOON, TEST_VAULT, one, open_shop
from tests.ingest.test_gate import files_of, places_with
from tests.ingest.words import arrive, told
from tests.rights.test_access import OWNER, Seen

from dangol.app.clock import shifted_clock
from dangol.app.doctor_retention import examine_retention
from dangol.consent.purposes import (
    OPEN,
    PurposeError,
    install_purposes,
    save_purpose,
)
from dangol.consent.retention_law import LEGAL_PERIODS
from dangol.ingest.inbox import write_events
from dangol.ingest.tick import take_events
from dangol.rights.access import list_accesses, note_seen
from dangol.rights.retention import (
    count_retention,
    read_last_run,
    retentions_due,
    run_retention,
)
from dangol.store.connect import connect
from dangol.store.crash import _handlers, handle_crashpoints
from dangol.store.lake import flush_events
from dangol.store.lake_check import verify_lake

OLD = "kanarienvogel-alt-4471"
DAY = timedelta(days=1)
LONG_AGO = NOON - 1097 * DAY


@pytest.fixture
def shop(connection, workspace) -> int:
    """A shop that keeps behaviour and tastes for three years."""
    with connection.transaction():
        install_purposes(connection, workspace_id=workspace, preset="open", now=NOON)
    return workspace


def take(connection, workspace, lake, *events) -> None:
    """Events come in, act, and reach the lake."""
    arrive(connection, workspace, *events)
    with connection.transaction():
        take_events(connection, workspace_id=workspace, vault=TEST_VAULT, now=NOON, batch=1000)
    flush_events(connection, lake, workspace_id=workspace, now=NOON)


def retain(connection, workspace, lake):
    return run_retention(connection, lake, workspace_id=workspace, clock=lambda _: NOON)


def activity(connection) -> dict[tuple[str, str], tuple]:
    rows = connection.execute(
        "select key, event_name, count, first_at, last_at, revenue from activity"
        " inner join identifier using (customer_id) where kind = 'external'"
    ).fetchall()
    connection.commit()
    return {(key, name): tuple(rest) for key, name, *rest in rows}


def files_with(folder: Path, text: str) -> list[Path]:
    return [path for path in files_of(folder) if text.encode() in path.read_bytes()]


def expect_gone(connection, lake, folder) -> None:
    assert places_with(connection, OLD) == []
    assert files_with(folder, OLD) == []
    assert verify_lake(connection, lake, now=NOON).differences == ()


def canary(message: str, **fields):
    return told(message, properties={"page": OLD}, at=LONG_AGO, **fields)


def test_what_is_older_goes_from_tables_and_history_and_the_rest_stays(
    connection, shop, lake, tmp_path
):
    take(
        connection,
        shop,
        lake,
        canary("m1", user="minji", revenue=5),
        told("m2", user="minji", at=NOON - 1096 * DAY, revenue=7),
        told("m3", user="minji", at=NOON),
        canary("m4", user="jiwoo"),
        told("m5", name="Order Completed", user="minji", at=LONG_AGO),
    )

    assert places_with(connection, OLD) == ["event"]
    assert files_with(tmp_path / "lake", OLD) != []

    run = retain(connection, shop, lake)

    assert run.counts.events == {"behaviour": 2}
    expect_gone(connection, lake, tmp_path / "lake")
    assert lake.count_events() == 3
    assert activity(connection) == {
        ("minji", "Visited"): (2, NOON - 1096 * DAY, NOON, 7),
        ("minji", "Order Completed"): (1, LONG_AGO, LONG_AGO, 0),
    }


def test_the_second_run_finds_nothing_and_the_last_is_remembered(connection, shop, lake):
    take(connection, shop, lake, canary("m1", user="minji"), told("m2", user="minji"))
    first = retain(connection, shop, lake)

    again = retain(connection, shop, lake)

    assert (first.counts.events, again.counts.events) == ({"behaviour": 1}, {})
    assert read_last_run(connection, workspace_id=shop) == again


def test_traits_that_nobody_has_said_again_go(connection, shop, lake):
    said = {"likes": OLD, "email_domain": "x"}
    take(
        connection,
        shop,
        lake,
        told("m1", user="minji", at=LONG_AGO, traits={**said, "size": "M", "city": "Seoul"}),
        told("m2", user="minji", traits={"size": "L"}),
    )

    run = retain(connection, shop, lake)

    assert run.counts.traits == {"personalisation": 2}
    row = connection.execute("select traits, traits_at from customer").fetchone()
    connection.commit()
    assert row[0] == {"size": "L", "city": "Seoul"}
    assert set(row[1]) == {"size", "city"}


def test_a_dry_run_counts_and_changes_nothing(connection, shop, lake):
    take(
        connection,
        shop,
        lake,
        canary("m1", user="minji", traits={"likes": OLD}),
        told("m2", user="minji"),
    )
    with connection.transaction():
        seen = [Seen(what="customer", customer_ids=[1])]
        note_seen(connection, OWNER, seen, workspace_id=shop, now=NOON - 400 * DAY)
        note_seen(connection, OWNER, seen, workspace_id=shop, now=NOON)
    places, version, kept = places_with(connection, OLD), lake.version(), activity(connection)

    counted = count_retention(connection, lake, workspace_id=shop, now=NOON).counts

    assert (counted.events, counted.traits) == ({"behaviour": 1}, {"personalisation": 1})
    assert counted.accesses == 1
    assert places_with(connection, OLD) == places
    assert (lake.version(), activity(connection)) == (version, kept)
    assert len(list_accesses(connection, workspace_id=shop)) == 2
    assert read_last_run(connection, workspace_id=shop) is None
    connection.commit()
    assert retain(connection, shop, lake).counts == counted


def test_another_workspace_keeps_what_is_its_own(connection, shop, lake, tmp_path):
    other = open_shop(connection, name="other")
    connection.commit()
    take(connection, shop, lake, canary("m1", user="minji"))
    take(connection, other, lake, told("m1", user="sora", at=LONG_AGO, workspace=other))

    retain(connection, shop, lake)
    retain(connection, other, lake)

    expect_gone(connection, lake, tmp_path / "lake")
    assert lake.count_events() == 1
    assert list(activity(connection)) == [("sora", "Visited")]


class KilledError(Exception):
    """The process died here."""


@pytest.mark.parametrize(
    "point", ["retention.after_cleared", "forget.after_delta", "retention.after_forgotten"]
)
def test_killed_anywhere_the_next_run_goes_on_and_spares_what_came_meanwhile(
    connection, shop, lake, tmp_path, point
):
    take(connection, shop, lake, canary("m1", user="minji"), told("m2", user="minji"))
    # Has not acted when the run begins: the next run's.
    arrive(connection, shop, told("m3", user="jiwoo", at=LONG_AGO))

    def die(passed: str) -> None:
        if passed == point:
            raise KilledError

    handle_crashpoints(die)
    try:
        with pytest.raises(KilledError):
            retain(connection, shop, lake)
    finally:
        _ = _handlers.pop()
    take(connection, shop, lake, told("m4", user="minji", at=LONG_AGO))
    assert retentions_due(connection, now=NOON) == [shop]
    connection.commit()

    run = retain(connection, shop, lake)

    assert run.counts.events == {"behaviour": 1}
    expect_gone(connection, lake, tmp_path / "lake")
    assert lake.count_events() == 3
    assert retain(connection, shop, lake).counts.events == {"behaviour": 2}
    assert lake.count_events() == 1
    expect_gone(connection, lake, tmp_path / "lake")


def test_what_the_lake_takes_later_with_a_smaller_number_is_spared(connection, dsn, shop, lake):
    late, quick = connect(dsn), connect(dsn)
    with closing(late), closing(quick):
        # The first transaction writes last: the late one has the smaller number.
        quick.execute("select pg_current_xact_id()")
        write_events(
            late, [told("m1", user="minji", at=LONG_AGO)], workspace_id=shop, received_at=NOON
        )
        write_events(
            quick, [told("m2", user="minji", at=LONG_AGO)], workspace_id=shop, received_at=NOON
        )
        quick.commit()
        take(connection, shop, lake)
        assert lake.count_events() == 1

        def come_late(passed: str) -> None:
            if passed == "retention.after_cleared":
                late.commit()
                take(connection, shop, lake)

        handle_crashpoints(come_late)
        try:
            retain(connection, shop, lake)
        finally:
            _ = _handlers.pop()

    assert lake.count_events() == 1
    assert verify_lake(connection, lake, now=NOON).differences == ()
    assert list(activity(connection)) == [("minji", "Visited")]


def test_people_of_several_parts_are_counted_like_their_parts(connection, shop, lake):
    take(
        connection,
        shop,
        lake,
        canary("m1", user="minji"),
        told("m2", user="minji", at=NOON),
        canary("m3", anonymous="d1"),
        told("m4", anonymous="d1", at=NOON - DAY),
        canary("m5", name="Once", anonymous="d1"),
    )
    take(connection, shop, lake, told("m6", user="minji", anonymous="d1", name="Joined"))

    retain(connection, shop, lake)

    head = one(connection, "select customer_id from identifier where key = 'minji'")
    rows = connection.execute(
        "select event_name, count, first_at from activity where customer_id = %s"
        " order by event_name",
        (head,),
    ).fetchall()
    connection.commit()
    assert rows == [("Joined", 1, NOON), ("Visited", 2, NOON - DAY)]
    assert verify_lake(connection, lake, now=NOON).differences == ()


def test_an_order_is_kept_as_long_as_the_law_says_whatever_its_purpose_says(connection, shop, lake):
    with connection.transaction():
        connection.execute("update collection_purpose set keep_events_days = 30")
    period = LEGAL_PERIODS[0].days
    take(
        connection,
        shop,
        lake,
        told("m1", name="Order Completed", user="minji", at=NOON - period * DAY),
        told("m2", name="Order Completed", user="minji", at=NOON - (period + 1) * DAY),
        told("m3", user="minji", at=NOON - 31 * DAY),
    )

    assert retain(connection, shop, lake).counts.events == {"orders": 1, "behaviour": 1}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "orders", "keep_events_days": 365}, "keep_events_days 365 of 'orders'"),
        ({"name": "mine", "event_names": ["Order Ma*"], "keep_events_days": 9}, "'Order Ma'"),
        ({"name": "mine", "event_names": ["payment_failed"], "keep_events_days": 9}, "1827"),
        ({"name": "mine", "event_names": ["Complaint *"], "keep_events_days": 1095}, "1096"),
    ],
)
def test_no_period_is_shorter_than_the_laws(connection, shop, change, said):
    orders = next(each for each in OPEN if each.name == "orders")

    with pytest.raises(PurposeError, match=said.replace("*", r"\*")):
        save_purpose(connection, replace(orders, **change), workspace_id=shop, now=NOON)

    assert (
        one(connection, "select count(*) from collection_purpose where keep_events_days < 999") == 0
    )


def test_orders_do_not_fall_to_a_purpose_that_keeps_them_too_short(connection, shop):
    orders = next(each for each in OPEN if each.name == "orders")

    with pytest.raises(PurposeError, match="keep_events_days 1096 of 'behaviour'"):
        save_purpose(connection, replace(orders, active=False), workspace_id=shop, now=NOON)
    save_purpose(connection, replace(orders, keep_events_days=1827), workspace_id=shop, now=NOON)


def test_it_is_due_once_a_day_of_the_shop_and_at_once_where_it_was_cut_off(connection, shop, lake):
    take(connection, shop, lake, told("m1", user="minji"))
    early = NOON.replace(hour=16) - DAY  # 01:00 in Seoul
    assert retentions_due(connection, now=early) == []
    assert retentions_due(connection, now=early + timedelta(hours=1)) == [shop]
    connection.commit()

    retain(connection, shop, lake)

    assert retentions_due(connection, now=NOON + timedelta(hours=11)) == []
    assert retentions_due(connection, now=NOON + timedelta(hours=14)) == [shop]


def test_the_doctor_says_where_it_is_late(connection, shop, lake):
    found = list(examine_retention(connection))
    assert [remedy for _, _, remedy in found if "retention run" in remedy] == []
    connection.execute("update collection_purpose set created_at = now() - interval '3 days'")

    ((_, never, remedy),) = examine_retention(connection)

    assert "never run" in never
    assert "dangol retention run" in remedy
    connection.commit()
    run_retention(connection, lake, workspace_id=shop, clock=shifted_clock)
    ((_, found, remedy),) = examine_retention(connection)
    assert (found, remedy) == ("1 workspaces with periods of keeping, none is late", "")
