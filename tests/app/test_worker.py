import threading
import time
from datetime import timedelta

import psycopg
import pytest
from tests.build import NOON, TEST_VAULT, event

from dangol.app import worker
from dangol.app.chore import Chore, beat
from dangol.app.chores import drop_old_events, tick_all
from dangol.app.clock import freeze_clock, start_clock
from dangol.app.worker import Loop, run_together
from dangol.store.connect import StoreError, connect


def loop_of(do, *, open_connection, stop, every_seconds=0.01) -> Loop:
    chore = Chore(name="test", every_seconds=every_seconds, do=do)
    return Loop(chore=chore, open_connection=open_connection, stop=stop)


def test_a_chore_that_fails_is_done_again_on_a_new_connection(dsn):
    stop, seen = threading.Event(), []

    def fail_twice(connection):
        seen.append(connection)
        if len(seen) > 2:
            stop.set()
            return False
        raise psycopg.OperationalError("gone")

    loop_of(fail_twice, open_connection=lambda: connect(dsn), stop=stop).run()

    assert len({id(connection) for connection in seen}) == 3
    assert all(connection.closed for connection in seen)


def test_a_database_that_is_away_is_waited_for(dsn):
    stop, attempts = threading.Event(), []

    def open_at_the_third_time():
        attempts.append(1)
        if len(attempts) < 3:
            raise StoreError("away")
        return connect(dsn)

    def finish(_):
        stop.set()
        return False

    loop_of(finish, open_connection=open_at_the_third_time, stop=stop).run()

    assert len(attempts) == 3


@pytest.mark.parametrize(("every", "least", "most"), [(100, 0, 99.95), (0.01, 0, 0)])
def test_a_chore_begins_on_the_beat_however_long_it_took(dsn, every, least, most):
    class Noted(threading.Event):
        def wait(self, timeout=None):
            waits.append(timeout)
            self.set()
            return True

    waits = []

    def take_long(_):
        time.sleep(0.05)
        return False

    loop_of(
        take_long, open_connection=lambda: connect(dsn), stop=Noted(), every_seconds=every
    ).run()

    assert least <= waits[0] <= most


def test_a_chore_with_more_to_do_does_not_pause(dsn):
    stop, turns = threading.Event(), []

    def work(_):
        turns.append(1)
        if len(turns) == 5:
            stop.set()
        return len(turns) < 5

    begun = time.monotonic()
    loop_of(work, open_connection=lambda: connect(dsn), stop=stop, every_seconds=60).run()

    assert len(turns) == 5
    assert time.monotonic() - begun < 30


def test_stopping_lets_the_step_finish(dsn):
    stop, finished = threading.Event(), []

    def slow(_):
        stop.set()
        time.sleep(0.2)
        finished.append(1)
        return True

    run_together([loop_of(slow, open_connection=lambda: connect(dsn), stop=stop).run])

    assert finished == [1]


def test_two_workers_share_a_beat_and_one_of_them_does_it(connection, workspace, dsn):
    with (
        connect(dsn) as other,
        beat(connection, chore="flush", workspace_id=workspace) as first,
        beat(other, chore="flush", workspace_id=workspace) as second,
    ):
        assert (first, second) == (True, False)

    with beat(connection, chore="flush", workspace_id=workspace) as again:
        assert again


def test_workers_leave_everything_to_a_replay_that_holds_the_clock(connection, workspace):
    with connection.transaction():
        event(connection, workspace, name="Order Completed", user_id="minji")
        freeze_clock(connection, at=NOON)

    tick_all(connection, vault=TEST_VAULT, batch=100)

    assert connection.execute("select count(*) from customer").fetchone() == (0,)


def test_workers_tick_when_time_runs(connection, workspace):
    with connection.transaction():
        event(connection, workspace, name="Order Completed", user_id="minji")
        start_clock(connection, at=NOON)

    tick_all(connection, vault=TEST_VAULT, batch=100)

    assert connection.execute("select count(*) from customer").fetchone() == (1,)


def test_no_day_is_dropped_before_the_history_has_it(connection, workspace):
    with connection.transaction():
        event(connection, workspace, name="Order Completed", user_id="minji")
        start_clock(connection, at=NOON.replace(month=NOON.month + 1))

    drop_old_events(connection, keep=timedelta(days=1))

    assert connection.execute("select count(*) from event").fetchone() == (1,)


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch):
    monkeypatch.setattr(worker, "FIRST_PAUSE_SECONDS", 0.01)
