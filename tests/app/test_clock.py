from datetime import UTC, datetime, timedelta

from tests.build import NOON

from dangol.app.clock import freeze_clock, frozen_time, machine_time, shifted_clock, start_clock

MOMENT = timedelta(seconds=5)


def test_without_a_replay_time_is_the_machines(connection):
    assert abs(shifted_clock(connection) - machine_time()) < MOMENT


def test_asking_the_time_leaves_no_transaction_open(connection):
    shifted_clock(connection)

    assert connection.info.transaction_status.name == "IDLE"


def test_a_frozen_clock_stands_still(connection):
    with connection.transaction():
        freeze_clock(connection, at=NOON)

    assert shifted_clock(connection) == NOON
    assert frozen_time(connection) == NOON


def test_a_started_clock_runs_on_from_there(connection):
    with connection.transaction():
        freeze_clock(connection, at=NOON)
        start_clock(connection, at=NOON)

    assert timedelta(0) <= shifted_clock(connection) - NOON < MOMENT
    assert frozen_time(connection) is None


def test_time_is_aware_and_in_utc(connection):
    with connection.transaction():
        freeze_clock(connection, at=datetime(2027, 3, 2, tzinfo=UTC))

    assert shifted_clock(connection).utcoffset() == timedelta(0)
