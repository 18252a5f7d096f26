"""Who was made of several parts is forgotten as a whole; who shares an address is not."""

from tests.build import NOON, TEST_VAULT
from tests.ingest.words import arrive, owner, tick, told
from tests.rights.words import rows_about, tools

from dangol.rights.erasure import erase, list_erasures
from dangol.rights.find import find_customer
from dangol.rights.gather import Subject
from dangol.rights.restore import finish_erasures, remember_erasures
from dangol.store.connect import Connection
from dangol.store.lake import Lake, flush_events
from dangol.store.lake_check import verify_lake

EMAIL = "minji@shop.example"


def merged(connection: Connection, workspace: int, lake: Lake) -> tuple[int, int]:
    """A visitor of yesterday who logs in: their head, and the part the visitor was."""
    arrive(connection, workspace, told("m1", anonymous="phone", email=EMAIL, workspace=workspace))
    ((_, visitor),) = tick(connection, workspace)
    arrive(connection, workspace, told("m2", user="minji", email=EMAIL, workspace=workspace))
    tick(connection, workspace)
    arrive(connection, workspace, told("m3", user="minji", anonymous="phone"))
    tick(connection, workspace)
    flush_events(connection, lake, workspace_id=workspace, now=NOON)
    arrive(connection, workspace, told("m4", anonymous="phone"))
    tick(connection, workspace)
    connection.commit()
    head = owner(connection, "external", "minji")
    return head, visitor


def people(connection: Connection) -> list[int]:
    rows = connection.execute("select id from customer order by id").fetchall()
    connection.commit()
    return [number for (number,) in rows]


def held_events(lake: Lake) -> int:
    return lake.count_events()


def test_a_visitor_who_logged_in_is_forgotten_with_all_their_parts(
    connection, workspace, lake, tmp_path
):
    head, visitor = merged(connection, workspace, lake)
    assert owner(connection, "anonymous", "phone") == head
    assert held_events(lake) == 3

    done = erase(
        connection,
        tools(tmp_path, lake),
        workspace_id=workspace,
        customer_id=visitor,
        asked_by="command",
    )

    assert (done.customer_id, done.state) == (head, "done")
    assert held_events(lake) == 0
    assert connection.execute("select count(*) from identity_link").fetchone() == (0,)
    assert connection.execute("select count(*) from event").fetchone() == (0,)
    states = connection.execute("select distinct state from customer").fetchall()
    assert states == [("erased",)]
    for number in people(connection):
        assert set(rows_about(connection, number).values()) == {0}, number
    connection.commit()
    assert verify_lake(connection, lake, now=NOON).differences == ()


def test_what_is_left_of_the_parts_goes_on_where_it_was_cut_off(
    connection, workspace, lake, tmp_path
):
    head, _ = merged(connection, workspace, lake)
    put = tools(tmp_path, lake)
    erase(connection, put, workspace_id=workspace, customer_id=head, asked_by="command")
    connection.execute("update erasure set state = 'asked', done_at = null")
    connection.commit()

    assert finish_erasures(connection, put) == len(people(connection))

    assert {wish.state for wish in list_erasures(connection)} == {"done"}


def test_whoever_shares_an_address_stays_even_after_a_restore(
    connection, workspace, lake, tmp_path
):
    family = "family@shop.example"
    arrive(
        connection,
        workspace,
        told("m1", user="minji", email=family, workspace=workspace),
        told("m2", user="jiwoo", email=family, workspace=workspace),
    )
    tick(connection, workspace)
    connection.commit()
    minji, jiwoo = owner(connection, "external", "minji"), owner(connection, "external", "jiwoo")
    put = tools(tmp_path, lake)
    erase(connection, put, workspace_id=workspace, customer_id=minji, asked_by="command")
    connection.execute("delete from erasure")
    connection.commit()

    remember_erasures(connection, put)

    state = "select state from customer where id = %s"
    assert connection.execute(state, (jiwoo,)).fetchone() == ("active",)
    reached = connection.execute("select customer_id from address").fetchall()
    assert reached == [(jiwoo,)]
    connection.commit()
    found = find_customer(connection, workspace_id=workspace, vault=TEST_VAULT, who=family)
    assert found == jiwoo


def test_an_export_holds_what_every_part_did(connection, workspace, lake):
    head, visitor = merged(connection, workspace, lake)
    assert (
        find_customer(connection, workspace_id=workspace, vault=TEST_VAULT, who=f"id:{visitor}")
        == head
    )
    subject = Subject(
        connection=connection,
        lake=lake,
        vault=TEST_VAULT,
        workspace_id=workspace,
        customer_id=head,
        explain=lambda _: ("", ""),
    )

    rows = list(subject.rows("events"))

    place = [column for column, value in enumerate(rows[0]) if value == "m1"]
    assert [row[place[0]] for row in rows] == ["m1", "m2", "m3", "m4"]
    assert [row[1] for row in subject.rows("addresses")] == [EMAIL]
