"""What is folded beside yes and no: the nights, and since when a consent is confirmed."""

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.build import NOON, customer

from dangol.consent.ledger import rebuild, record_entry
from dangol.store.connect import Connection
from dangol.store.vocabulary import Channel, ConsentAction, ConsentState, Purpose

HOUR = timedelta(hours=1)
NO = ("refuse", "withdraw")


@pytest.fixture
def minji(connection: Connection, workspace: int) -> int:
    return customer(connection, workspace)


def say(connection: Connection, workspace: int, customer_id: int, *actions: str) -> None:
    """One word after the other, an hour apart."""
    for hour, action in enumerate(actions):
        word(connection, workspace, customer_id, action, at=NOON + hour * HOUR)


def word(
    connection: Connection, workspace: int, customer_id: int, action: str, *, at: datetime
) -> None:
    imported = action.removeprefix("import ") if action.startswith("import ") else None
    record_entry(
        connection,
        workspace_id=workspace,
        customer_id=customer_id,
        channel=Channel.EMAIL,
        purpose=Purpose.MARKETING,
        action=ConsentAction.IMPORT if imported else ConsentAction(action),
        imported_state=ConsentState(imported) if imported else None,
        source="test",
        occurred_at=at,
        now=NOON + 99 * HOUR,
    )


def consent(connection: Connection) -> tuple[str, bool, datetime | None] | None:
    return connection.execute("select state, night, confirmed_at from consent").fetchone()


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (["grant"], False),
        (["grant", "night_grant"], True),
        (["night_grant", "grant"], True),
        (["grant", "night_grant", "night_withdraw"], False),
        (["grant", "night_grant", "withdraw"], False),
        (["grant", "night_grant", "withdraw", "grant"], False),
        (["grant", "night_grant", "import withdrawn", "grant"], False),
        (["grant", "night_grant", "withdraw", "grant", "night_grant"], True),
        (["grant", "night_grant", "grant"], True),
        (["grant", "night_grant", "notice_sent", "renew", "reconfirm_sent"], True),
    ],
)
def test_the_night_is_a_consent_of_its_own_that_ends_with_the_consent(
    connection: Connection, workspace: int, minji: int, said: list[str], expected: object
) -> None:
    say(connection, workspace, minji, *said)

    found = consent(connection)
    assert found is not None
    assert found[1] is expected


@pytest.mark.parametrize(
    ("said", "hour"),
    [
        (["grant"], 0),
        (["import granted"], 0),
        (["grant", "notice_sent"], 0),
        (["grant", "renew"], 1),
        (["grant", "reconfirm_sent", "notice_sent"], 1),
        (["renew", "grant"], 1),
        (["grant", "withdraw", "grant"], 2),
        (["grant", "withdraw"], None),
        (["refuse", "renew"], None),
    ],
)
def test_a_consent_counts_from_when_it_was_last_confirmed(
    connection: Connection, workspace: int, minji: int, said: list[str], hour: int | None
) -> None:
    say(connection, workspace, minji, *said)

    found = consent(connection)
    assert found is not None
    assert found[2] == (None if hour is None else NOON + hour * HOUR)


@pytest.mark.parametrize("action", ["renew", "night_grant", "notice_sent", "reconfirm_sent"])
def test_nothing_but_a_yes_is_consent(
    connection: Connection, workspace: int, minji: int, action: str
) -> None:
    say(connection, workspace, minji, action)

    assert consent(connection) is None


def test_a_renewal_gives_nothing_back(connection: Connection, workspace: int, minji: int) -> None:
    say(connection, workspace, minji, "grant", "withdraw", "renew", "reconfirm_sent")

    assert consent(connection) == ("withdrawn", False, None)


def test_at_the_same_instant_the_night_stays_closed(
    connection: Connection, workspace: int, minji: int
) -> None:
    for action in ("grant", "night_withdraw", "night_grant"):
        word(connection, workspace, minji, action, at=NOON)

    assert consent(connection) == ("granted", False, NOON)


def test_of_two_who_are_one_both_must_have_opened_the_night(
    connection: Connection, workspace: int, minji: int
) -> None:
    """Whoever said nothing about it does not stand in the way; whoever closed it does."""
    parts = [customer(connection, workspace, name=name, email=None) for name in ("phone", "laptop")]
    connection.execute(
        "update customer set state = 'merged', head_id = %s, joined_at = %s where id = any(%s)",
        (minji, NOON + 50 * HOUR, parts),
    )
    say(connection, workspace, parts[0], "grant", "night_grant")
    say(connection, workspace, parts[1], "grant")
    open_night = consent(connection)

    word(connection, workspace, parts[1], "night_withdraw", at=NOON + 2 * HOUR)

    closed = consent(connection)
    assert (open_night or ())[1:] == (True, NOON)
    assert (closed or ())[1] is False


def test_a_rebuild_mends_the_night_too(connection: Connection, workspace: int, minji: int) -> None:
    say(connection, workspace, minji, "grant", "night_grant", "renew")
    whole = rebuild(connection, workspace_id=workspace)
    connection.execute("update consent set night = false")

    mended = rebuild(connection, workspace_id=workspace)

    assert (whole, [one.customer_id for one in mended]) == ([], [minji])
    assert consent(connection) == ("granted", True, NOON + 2 * HOUR)


Said = list[tuple[str, int]]
WORDS = st.lists(
    st.tuples(
        st.sampled_from(["grant", "refuse", "withdraw", "night_grant", "night_withdraw", "renew"]),
        st.integers(0, 4),
    ),
    max_size=7,
)


def law(said: Said) -> tuple[bool, bool]:
    """In plain Python: may we write, and at night?"""
    yes = max((hour for action, hour in said if action == "grant"), default=-1)
    no = max((hour for action, hour in said if action in NO), default=-1)
    opened = max((hour for action, hour in said if action == "night_grant"), default=-1)
    closed = max((hour for action, hour in said if action == "night_withdraw"), default=-1)
    return yes > no, yes > no and opened > max(closed, no)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(said=WORDS)
def test_the_night_is_the_law_in_whatever_order_words_are_heard(
    connection: Connection, workspace: int, said: Said
) -> None:
    with connection.transaction(force_rollback=True):
        (who,) = connection.execute(
            "insert into customer (workspace_id, first_seen_at, last_seen_at)"
            " values (%s, %s, %s) returning id",
            (workspace, NOON, NOON),
        ).fetchone() or (0,)
        for action, hour in said:
            word(connection, workspace, who, action, at=NOON + hour * HOUR)

        state, night, _ = consent(connection) or ("", False, None)
        assert (state == "granted", night) == law(said)
