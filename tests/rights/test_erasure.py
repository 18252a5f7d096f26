"""Who asks to be forgotten is forgotten, whatever dies in between."""

import psycopg
import pytest
from tests.build import NOON, TEST_VAULT, give_consent, plan_message
from tests.build import customer as make_customer
from tests.channels.sending import claim
from tests.ingest.words import arrive, owner, tick, told
from tests.rights.words import ABOUT_A_PERSON, known, rows_about, tools

from dangol.channels.hand_over import begin_calls
from dangol.consent.chain import chain_everything, verify_chain
from dangol.consent.evidence import Evidence, seal_evidence
from dangol.consent.ledger import Origin, rebuild, withdraw
from dangol.guard.decide import recheck_messages
from dangol.rights.erasure import BusyError, as_logged, ask, erase, list_erasures
from dangol.rights.restore import finish_erasures, remember_erasures
from dangol.store import crash
from dangol.store.connect import Connection, connect
from dangol.store.lake import Lake, flush_events
from dangol.store.vocabulary import Channel, Purpose

POINTS = (
    "erase.before_asked",
    "erase.after_asked",
    "erase.after_noted",
    "erase.between_inboxes",
    "erase.before_cleared",
    "erase.after_cleared",
    "forget.after_delta",
    "erase.after_forgotten",
    "erase.after_done",
)
NOTHING = dict.fromkeys(ABOUT_A_PERSON, 0)


class Killed(Exception):  # noqa: N818 - what happened to the process
    """Stands for kill -9 at a named point."""


def events_of(lake: Lake, number: int) -> int:
    return lake.event_dataset().to_table().column("customer_id").to_pylist().count(number)


def everything(connection: Connection, number: int, lake: Lake) -> tuple[object, ...]:
    """What is left of a person, everywhere."""
    erasure = connection.execute("select state from erasure").fetchall()
    state, traits = connection.execute(
        "select state, traits from customer where id = %s", (number,)
    ).fetchone()
    inbox = connection.execute("select message_id from event order by message_id").fetchall()
    messages = connection.execute(
        "select state, reason from message join decision on decision.message_id = message.id"
        " where message.customer_id = %s",
        (number,),
    ).fetchall()
    connection.commit()
    left = rows_about(connection, number)
    return erasure, state, traits, inbox, messages, left, events_of(lake, number)


FORGOTTEN = ([("done",)], "erased", {}, [], [("skipped", "erased")], NOTHING, 0)


def test_nothing_is_left_of_who_is_forgotten(connection, workspace, lake, tmp_path):
    minji = known(connection, workspace, lake)

    done = erase(
        connection,
        tools(tmp_path, lake),
        workspace_id=workspace,
        customer_id=minji,
        asked_by="command",
    )

    assert (done.state, done.done_at) == ("done", NOON)
    assert everything(connection, minji, lake) == FORGOTTEN


def test_nobody_else_is_touched(connection, workspace, lake, tmp_path):
    minji = known(connection, workspace, lake)
    jiwoo = known(connection, workspace, lake, name="jiwoo")
    flush_events(connection, lake, workspace_id=workspace, now=NOON)
    before = rows_about(connection, jiwoo)

    erase(
        connection,
        tools(tmp_path, lake),
        workspace_id=workspace,
        customer_id=minji,
        asked_by="command",
    )

    assert rows_about(connection, jiwoo) == before
    assert events_of(lake, jiwoo) == 2
    assert connection.execute("select message_id from event order by 1").fetchall() == [
        ("jiwoo-1",),
        ("jiwoo-2",),
    ]
    assert connection.execute(
        "select state from message where customer_id = %s", (jiwoo,)
    ).fetchall() == [("planned",)]


@pytest.mark.parametrize("point", POINTS)
def test_an_erasure_that_is_killed_anywhere_ends_the_same(
    connection, workspace, lake, tmp_path, monkeypatch, point
):
    minji = known(connection, workspace, lake)
    asked = {"workspace_id": workspace, "customer_id": minji, "asked_by": "command"}

    def die(name: str) -> None:
        if name == point:
            raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(crash, "_handlers", [die])
        with pytest.raises(Killed):
            erase(connection, tools(tmp_path, lake), **asked)
    connection.rollback()
    if not list_erasures(connection):
        ask(connection, vault=TEST_VAULT, now=NOON, **asked)
    finish_erasures(connection, tools(tmp_path, lake))

    assert everything(connection, minji, lake) == FORGOTTEN
    assert [str(wish.customer_id) for wish in tools(tmp_path, lake).log.wishes()] == [str(minji)]


def test_asked_twice_it_is_one_wish(connection, workspace, lake, tmp_path):
    minji = known(connection, workspace, lake)
    asked = {"workspace_id": workspace, "customer_id": minji, "asked_by": "command"}

    first = erase(connection, tools(tmp_path, lake), **asked)

    assert erase(connection, tools(tmp_path, lake), **asked).ref == first.ref
    assert len(list_erasures(connection)) == 1


def test_who_is_nobody_cannot_be_forgotten(connection, workspace, lake, tmp_path):
    with pytest.raises(LookupError, match="Customer 99 is not known here"):
        erase(
            connection,
            tools(tmp_path, lake),
            workspace_id=workspace,
            customer_id=99,
            asked_by="command",
        )


def test_what_was_sent_once_does_not_bring_them_back(connection, workspace, lake, tmp_path):
    minji = known(connection, workspace, lake)
    erase(
        connection,
        tools(tmp_path, lake),
        workspace_id=workspace,
        customer_id=minji,
        asked_by="command",
    )

    arrive(connection, workspace, told("minji-1", user="minji", email="minji@shop.example"))

    assert tick(connection, workspace) == []
    assert owner(connection, "external", "minji") is None


def test_what_waits_in_the_inbox_is_forgotten_too(connection, workspace, lake, tmp_path):
    minji = known(connection, workspace, lake)
    arrive(
        connection, workspace, told("late-1", user="minji"), told("late-2", anonymous="minji-phone")
    )
    arrive(connection, workspace, told("late-3", email="minji@shop.example", workspace=workspace))

    erase(
        connection,
        tools(tmp_path, lake),
        workspace_id=workspace,
        customer_id=minji,
        asked_by="command",
    )

    assert tick(connection, workspace) == []
    assert connection.execute("select count(*) from customer").fetchone() == (1,)


def test_who_comes_back_by_themselves_is_somebody_new(connection, workspace, lake, tmp_path):
    minji = known(connection, workspace, lake)
    erase(
        connection,
        tools(tmp_path, lake),
        workspace_id=workspace,
        customer_id=minji,
        asked_by="command",
    )

    arrive(connection, workspace, told("new-1", user="minji", email="minji@shop.example"))
    [(_, again)] = tick(connection, workspace)

    assert again != minji
    assert rows_about(connection, minji) == NOTHING


def test_the_ledger_of_consents_still_folds_to_the_same_and_no_hash_changes(
    connection, workspace, lake, tmp_path
):
    minji = known(connection, workspace, lake)
    with connection.transaction():
        sealed = seal_evidence(
            connection,
            workspace_id=workspace,
            customer_id=minji,
            vault=TEST_VAULT,
            evidence=Evidence(address="203.0.113.7", program="Firefox"),
        )
        withdraw(
            connection,
            workspace_id=workspace,
            customer_id=minji,
            channel=Channel.EMAIL,
            purpose=Purpose.MARKETING,
            source="page",
            now=NOON,
            origin=Origin(evidence=sealed),
        )
    chain_everything(connection, workspace_id=workspace, now=NOON)
    before = connection.execute("select * from consent_entry").fetchall()

    erase(
        connection,
        tools(tmp_path, lake),
        workspace_id=workspace,
        customer_id=minji,
        asked_by="command",
    )

    assert connection.execute("select * from consent_entry").fetchall() == before
    assert rebuild(connection, workspace_id=workspace) == []
    assert [*verify_chain(connection, workspace_id=workspace)] == [None, None]
    assert connection.execute("select from customer_key").fetchall() == []


def test_what_a_sender_has_claimed_is_taken_back(connection, workspace, lake, tmp_path):
    minji = known(connection, workspace, lake)
    message = plan_message(
        connection, workspace, customer_id=minji, entry_key="claimed", state="allowed"
    )
    [claimed] = claim(connection, workspace)

    erase(
        connection,
        tools(tmp_path, lake),
        workspace_id=workspace,
        customer_id=minji,
        asked_by="command",
    )

    with connection.transaction():
        begun = begin_calls(
            connection, delivery_ids=[claimed.delivery_id], now=NOON, lease=NOON - NOON
        )
    assert begun == []
    assert connection.execute("select state from message where id = %s", (message,)).fetchone() == (
        "skipped",
    )


def test_a_call_that_is_under_way_is_waited_for(connection, workspace, lake, tmp_path):
    minji = make_customer(connection, workspace)
    plan_message(connection, workspace, customer_id=minji, state="allowed")
    [claimed] = claim(connection, workspace)
    with connection.transaction():
        begin_calls(connection, delivery_ids=[claimed.delivery_id], now=NOON, lease=NOON - NOON)
    asked = {"workspace_id": workspace, "customer_id": minji, "asked_by": "command"}

    with pytest.raises(BusyError, match="Nothing else will be sent"):
        erase(connection, tools(tmp_path, lake), **asked)
    left = rows_about(connection, minji)
    connection.execute("update delivery set state = 'accepted', settled_at = %s", (NOON,))
    connection.commit()

    assert left["address"] == 1
    assert finish_erasures(connection, tools(tmp_path, lake)) == 1
    assert rows_about(connection, minji) == NOTHING


def test_nobody_is_erased_between_the_guards_look_and_the_call(dsn, connection, workspace):
    minji = make_customer(connection, workspace)
    give_consent(connection, workspace, customer_id=minji)
    message = plan_message(connection, workspace, customer_id=minji, state="allowed")
    with connect(dsn) as door, door.transaction():
        assert recheck_messages(door, workspace_id=workspace, message_ids=[message], now=NOON)

        with pytest.raises(psycopg.errors.LockNotAvailable):
            connection.execute("select from customer where id = %s for update nowait", (minji,))


def test_a_restored_copy_forgets_again_who_was_forgotten(connection, workspace, lake, tmp_path):
    minji = known(connection, workspace, lake)
    jiwoo = known(connection, workspace, lake, name="jiwoo")
    erasing = tools(tmp_path, lake)
    erasing.log.append(*logged_elsewhere(connection, workspace, minji))

    assert remember_erasures(connection, erasing) == 2

    assert rows_about(connection, minji) == NOTHING
    assert events_of(lake, minji) == 0
    assert rows_about(connection, jiwoo)["identifier"] == 3
    assert remember_erasures(connection, erasing) == 0


def test_a_copy_that_gave_the_number_to_another_leaves_that_one_alone(
    connection, workspace, lake, tmp_path
):
    minji = known(connection, workspace, lake)
    erasing = tools(tmp_path, lake)
    erasing.log.append(*logged_elsewhere(connection, workspace, minji))
    connection.execute("update identifier set key = 'jiwoo' || kind")
    connection.execute("update address set key = 'jiwooemail'")
    connection.execute("delete from event")
    connection.commit()

    remember_erasures(connection, erasing)

    assert rows_about(connection, minji)["identifier"] == 3
    assert events_of(lake, minji) == 1
    assert [erasure.customer_id for erasure in list_erasures(connection)] == [None]


def test_a_copy_from_before_they_came_drops_what_waits_of_them(
    connection, workspace, lake, tmp_path
):
    minji = known(connection, workspace, lake)
    erasing = tools(tmp_path, lake)
    wish = logged_elsewhere(connection, workspace, minji)
    arrive(connection, workspace, told("other", user="jiwoo"), told("theirs", user="minji"))
    connection.execute("truncate customer, acted_event cascade")
    connection.commit()
    erasing.log.append(*wish)

    remember_erasures(connection, erasing)

    assert connection.execute("select message_id from event").fetchall() == [("other",)]
    assert events_of(lake, minji) == 0


def test_an_older_copy_of_the_lake_forgets_again_too(connection, workspace, lake, tmp_path):
    minji = known(connection, workspace, lake)
    events = lake.event_dataset().to_table()
    erasing = tools(tmp_path, lake)
    erase(connection, erasing, workspace_id=workspace, customer_id=minji, asked_by="command")
    older = Lake(tmp_path / "older")
    older.append_events(events, workspace_id=workspace, step=1)

    remember_erasures(connection, tools(tmp_path, older))

    assert events_of(older, minji) == 0


def test_a_log_cut_off_by_a_crash_is_read_and_written_on(connection, workspace, lake, tmp_path):
    minji = known(connection, workspace, lake)
    erasing = tools(tmp_path, lake)
    erasing.log.path.write_bytes(b'{"ref": "cut o')

    erase(connection, erasing, workspace_id=workspace, customer_id=minji, asked_by="command")

    assert [wish.customer_id for wish in erasing.log.wishes()] == [minji]


def logged_elsewhere(connection, workspace, number):
    """What the log says after an erasure that this database has never seen."""
    with connection.transaction(force_rollback=True):
        *_, wish = ask(
            connection,
            vault=TEST_VAULT,
            now=NOON,
            workspace_id=workspace,
            customer_id=number,
            asked_by="command",
        )
    assert list_erasures(connection) == []
    return [as_logged(wish)]
