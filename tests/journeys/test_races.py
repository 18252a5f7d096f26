"""Two at once, the clock that jumps, and a copy of yesterday: everybody goes their way once."""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import psycopg
import pytest
from psycopg import sql
from tests.build import NOON, TEST_VAULT, customer, event, template
from tests.journeys.words import move, publish

from dangol.app.journeys import apply_journey
from dangol.app.tick import run_tick
from dangol.journeys.inside import Inside
from dangol.store.connect import Connection, connect
from dangol.store.embedded import EmbeddedPostgres
from dangol.store.migrate import ensure_event_partitions
from dangol.store.vocabulary import InsidePolicy

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
MANY = 1000
HEAD = {"name": "cart", "title": {"ko": "장바구니", "en": "Cart"}}
STEPS = [
    {"name": "note", "kind": "message", "template": "note"},
    {"name": "rest", "kind": "wait", "for": "2 days"},
    {"name": "again", "kind": "message", "template": "note"},
]


def cart(**entry: object) -> dict[str, object]:
    """A note at once, and another after two days."""
    opened = {"event": "Cart Viewed", "within": "90 days", **entry}
    return {**HEAD, "entry": opened, "steps": STEPS}


def view(
    connection: Connection, workspace: int, *ids: str, at: datetime = NOON, who: str = "minji"
) -> None:
    for message_id in ids:
        event(
            connection,
            workspace,
            name="Cart Viewed",
            user_id=who,
            message_id=message_id,
            occurred_at=at,
        )
    connection.commit()


def tick(connection: Connection, workspace: int, *, now: datetime = NOON, batch: int = MANY):
    ensure_event_partitions(connection, days=[now.date()])
    connection.commit()
    return run_tick(connection, workspace_id=workspace, vault=TEST_VAULT, now=now, batch=batch)


def counted(connection: Connection, table: str) -> int:
    with connection.transaction():
        query = sql.SQL("select count(*) from {}").format(sql.Identifier(table))
        return connection.execute(query).fetchall()[0][0]


def messages(connection: Connection) -> Counter[str]:
    with connection.transaction():
        return Counter(
            name
            for (name,) in connection.execute(
                "select journey_step.name from message join journey_step using (version_id)"
                " where journey_step.number = message.step_number"
            )
        )


@pytest.fixture
def shop(connection: Connection, workspace: int) -> int:
    template(connection, workspace)
    customer(connection, workspace)
    return workspace


# Two triggers in one millisecond -----------------------------------------------------------------


def test_two_triggers_in_one_millisecond_let_somebody_in_once(
    connection: Connection, shop: int
) -> None:
    publish(connection, shop, cart(), now=NOON)
    view(connection, shop, "one", "two")

    tick(connection, shop)

    assert counted(connection, "enrollment") == 1
    assert messages(connection) == {"note": 1}


def test_the_second_of_two_triggers_in_one_millisecond_may_come_a_tick_later(
    connection: Connection, shop: int
) -> None:
    publish(connection, shop, cart(reentry_days=7), now=NOON)
    view(connection, shop, "one")
    tick(connection, shop)
    view(connection, shop, "two")

    tick(connection, shop)

    assert counted(connection, "enrollment") == 1


def test_where_every_event_counts_two_in_one_millisecond_are_two(
    connection: Connection, shop: int
) -> None:
    publish(connection, shop, cart(reentry_days=0), now=NOON)
    view(connection, shop, "one", "two", "two")

    tick(connection, shop)

    assert counted(connection, "enrollment") == 2
    assert messages(connection) == {"note": 2}


# Two workers at once -----------------------------------------------------------------------------


def at_once(dsn: str, *tasks: Callable[[Connection], object]) -> list[BaseException]:
    """Run each task on a connection of its own, all at the same moment; return what went wrong."""
    begin, wrong = threading.Barrier(len(tasks)), list[BaseException]()

    def run(task: Callable[[Connection], object]) -> None:
        with connect(dsn) as own:
            begin.wait()
            try:
                task(own)
            except BaseException as fault:  # noqa: BLE001 - it is the test's to judge
                wrong.append(fault)

    threads = [threading.Thread(target=run, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


def often(workspace: int, *, times: int = 25) -> Callable[[Connection], object]:
    """Tick again and again, a few at a time, and half a day further each time."""

    def run(own: Connection) -> None:
        for number in range(times):
            now = NOON + number * DAY / 2
            run_tick(own, workspace_id=workspace, vault=TEST_VAULT, now=now, batch=3)

    return run


def test_workers_that_tick_at_once_let_everybody_in_once_and_write_once(
    connection: Connection, shop: int, dsn: str
) -> None:
    publish(connection, shop, cart(), now=NOON)
    ensure_event_partitions(connection, days=[NOON.date() + DAY * n for n in range(14)])
    people = [f"p{number}" for number in range(20)]
    for who in people:
        view(connection, shop, f"{who}-one", f"{who}-two", who=who)

    wrong = at_once(dsn, often(shop), often(shop), often(shop))
    while (ticked := tick(connection, shop, now=NOON + 14 * DAY)) and ticked.full:
        pass
    tick(connection, shop, now=NOON + 17 * DAY)

    assert wrong == []
    assert counted(connection, "enrollment") == len(people)
    assert messages(connection) == {"note": len(people), "again": len(people)}


def test_a_journey_may_be_published_while_workers_tick(
    connection: Connection, shop: int, dsn: str
) -> None:
    """Whoever enters finds all the steps of the version they enter with."""
    publish(connection, shop, cart(), now=NOON)
    ensure_event_partitions(connection, days=[NOON.date() + DAY * n for n in range(14)])
    people = [f"p{number}" for number in range(20)]
    for who in people:
        view(connection, shop, f"{who}-one", who=who)

    def publish_often(own: Connection) -> None:
        for number in range(12):
            title = {"ko": f"장바구니 {number}", "en": f"Cart {number}"}
            publish(own, shop, {**cart(), "title": title}, now=NOON)

    wrong = at_once(dsn, often(shop), publish_often, often(shop))
    for number in range(40):
        tick(connection, shop, now=NOON + (14 + number) * DAY)

    assert wrong == []
    assert counted(connection, "enrollment") == len(people)
    assert messages(connection) == {"note": len(people), "again": len(people)}
    ended = connection.execute("select distinct end_reason::text from enrollment").fetchall()
    assert ended == [("completed",)]


def test_who_follows_a_new_version_is_not_thrown_back_by_a_tick_under_way(
    connection: Connection, shop: int, dsn: str
) -> None:
    publish(connection, shop, cart(), now=NOON)
    view(connection, shop, "one")
    tick(connection, shop)
    later = NOON + 2 * DAY

    def follow() -> None:
        text = json.dumps({**cart(), "title": {"ko": "다른 장바구니", "en": "Another cart"}})
        inside = Inside(policy=InsidePolicy.FOLLOW)
        with connect(dsn) as own, own.transaction():
            apply_journey(own, workspace_id=shop, text=text, inside=inside, now=later)

    publisher = threading.Thread(target=follow)
    with connection.transaction():
        move(connection, shop, now=later)
        publisher.start()
        wait_for_a_lock(dsn)
    publisher.join()
    for days in range(9):
        tick(connection, shop, now=later + days * DAY)

    assert messages(connection) == {"note": 1, "again": 1}
    versions = connection.execute("select distinct version_id from enrollment").fetchall()
    assert len(versions) == 1


def wait_for_a_lock(dsn: str) -> None:
    """Wait until somebody waits for what another has locked."""
    waiting = "select from pg_stat_activity where wait_event_type = 'Lock' and datname = "
    with connect(dsn) as own:
        for _ in range(600):
            if own.execute(f"{waiting} current_database()").fetchone() is not None:
                return
            own.rollback()
            time.sleep(0.05)
    pytest.fail("nobody came to wait for the tick")


# The clock jumps ---------------------------------------------------------------------------------


def test_a_clock_that_goes_back_wakes_nobody_early_and_nobody_twice(
    connection: Connection, shop: int
) -> None:
    publish(connection, shop, cart(), now=NOON)
    view(connection, shop, "one")
    tick(connection, shop)

    for now in (NOON - 30 * DAY, NOON + 2 * DAY - MINUTE, NOON - DAY):
        tick(connection, shop, now=now)
        assert messages(connection) == {"note": 1}

    for now in (NOON + 2 * DAY, NOON - DAY, NOON + 2 * DAY, NOON + 3 * DAY):
        tick(connection, shop, now=now)
        assert messages(connection) == {"note": 1, "again": 1}


def test_a_clock_that_leaps_ahead_wakes_everybody_once(connection: Connection, shop: int) -> None:
    publish(connection, shop, cart(reentry_days=0), now=NOON)
    for number in range(5):
        view(connection, shop, f"one-{number}", who=f"p{number}")
    tick(connection, shop)

    for _ in range(9):
        tick(connection, shop, now=NOON + 400 * DAY, batch=2)

    assert messages(connection) == {"note": 5, "again": 5}
    assert counted(connection, "enrollment") == 5


def test_what_happens_while_the_clock_is_back_counts_once_it_is_right(
    connection: Connection, shop: int
) -> None:
    """An event of tomorrow lets somebody in now; they do not wait for tomorrow to begin."""
    publish(connection, shop, cart(), now=NOON - DAY)
    view(connection, shop, "one", at=NOON)

    tick(connection, shop, now=NOON - 5 * MINUTE)

    [(entered_at,)] = connection.execute("select entered_at from enrollment").fetchall()
    assert entered_at <= NOON
    assert messages(connection) == {"note": 1}


# A copy of yesterday -----------------------------------------------------------------------------


@pytest.fixture
def copied(postgres: EmbeddedPostgres, dsn: str) -> Iterator[Callable[[], Connection]]:
    """Copy the test's database as it stands, as a snapshot restored elsewhere would be."""
    made: list[tuple[str, Connection]] = []

    def copy() -> Connection:
        source = psycopg.conninfo.conninfo_to_dict(dsn)["dbname"]
        name = f"{source}_copy_{len(made)}"
        create = sql.SQL("create database {} template {}")
        with psycopg.connect(postgres.dsn, autocommit=True) as admin:
            admin.execute(create.format(sql.Identifier(name), sql.Identifier(str(source))))
        opened = connect(postgres.dsn_of(name))
        made.append((name, opened))
        return opened

    yield copy
    with psycopg.connect(postgres.dsn, autocommit=True) as admin:
        for name, opened in made:
            opened.close()
            admin.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def test_a_restored_copy_plans_nothing_that_was_planned_before(
    connection: Connection, shop: int, copied: Callable[[], Connection]
) -> None:
    """And what clients send again, because the copy is older than they remember, acts once."""
    publish(connection, shop, cart(reentry_days=0), now=NOON)
    view(connection, shop, "one")
    tick(connection, shop)
    view(connection, shop, "two", at=NOON + MINUTE)
    connection.close()

    copy = copied()
    view(copy, shop, "one", at=NOON)
    view(copy, shop, "two", at=NOON + MINUTE)
    for now in (NOON + MINUTE, NOON + 2 * DAY, NOON + 3 * DAY, NOON + 3 * DAY):
        tick(copy, shop, now=now)

    assert counted(copy, "enrollment") == 2
    assert messages(copy) == {"note": 2, "again": 2}


def test_a_copy_and_its_original_name_what_they_plan_alike(
    connection: Connection, shop: int, dsn: str, copied: Callable[[], Connection]
) -> None:
    """So that a vendor who honours our key takes a message of both once."""
    publish(connection, shop, cart(), now=NOON)
    view(connection, shop, "one")
    tick(connection, shop)
    connection.close()

    planned = []
    for own in (copied(), connect(dsn)):
        tick(own, shop, now=NOON + 3 * DAY)
        query = "select id, enrollment_id, step_number, visit, template_id from message order by id"
        planned.append(own.execute(query).fetchall())
        own.close()

    assert planned[0] == planned[1]
    assert len(planned[0]) == 2
