"""What stays of a contact is under its customer's own key."""

from datetime import timedelta

import pytest
from tests.build import NOON, TEST_VAULT
from tests.ingest.words import arrive, owner, tick, told

from dangol.ingest.reseal import seal_contacts
from dangol.store.connect import Connection


def opened(connection: Connection, workspace: int) -> dict[tuple[str, int], str]:
    """Open every identifier and address with the key it names; by table and customer."""
    rows = connection.execute(
        "select 'identifier', customer_id, kind::text, sealed, wrapped from identifier"
        " join customer_key using (customer_id) where sealed is not null and key_of = customer_id"
        " union all select 'address', customer_id, channel::text, sealed, wrapped from address"
        " join customer_key using (customer_id) where key_of = customer_id"
    )
    return {
        (table, who): TEST_VAULT.open_for(workspace, kind, sealed, wrapped)
        for table, who, kind, sealed, wrapped in rows
    }


def test_contacts_that_stay_are_sealed_under_their_customers_own_key(connection, workspace):
    arrive(connection, workspace, told("m1", user="minji", email="minji@shop.example"))

    tick(connection, workspace)

    minji = owner(connection, "external", "minji")
    assert opened(connection, workspace) == {
        ("identifier", minji): "minji@shop.example",
        ("address", minji): "minji@shop.example",
    }


def test_a_customer_known_by_an_address_alone_has_it_sealed_too(connection, workspace):
    arrive(connection, workspace, told("m1", email="minji@shop.example"))

    [(_, minji)] = tick(connection, workspace)

    assert set(opened(connection, workspace)) == {("identifier", minji), ("address", minji)}


def test_two_who_give_one_address_in_one_tick_seal_it_each_under_their_own_key(
    connection, workspace
):
    arrive(
        connection,
        workspace,
        told("m1", user="minji", email="family@shop.example"),
        told("m2", user="jiwoo", email="family@shop.example"),
    )

    [(_, minji), (_, jiwoo)] = tick(connection, workspace)

    assert minji != jiwoo
    assert opened(connection, workspace) == {
        ("address", minji): "family@shop.example",
        ("address", jiwoo): "family@shop.example",
    }


def test_a_customer_who_comes_back_costs_no_sealing(connection, workspace):
    arrive(connection, workspace, told("m1", user="minji", email="minji@shop.example"))
    tick(connection, workspace)
    before = connection.execute("select sealed, key_of from address").fetchall()
    arrive(
        connection,
        workspace,
        told("m2", user="minji", email="minji@shop.example", at=NOON + timedelta(hours=1)),
    )

    tick(connection, workspace)

    assert connection.execute("select sealed, key_of from address").fetchall() == before
    assert connection.execute("select changed_at from address").fetchone() == (
        NOON + timedelta(hours=1),
    )
    assert connection.execute("select count(*) from customer_key").fetchone() == (1,)


def test_a_new_address_is_sealed_under_the_key_the_customer_has(connection, workspace):
    arrive(connection, workspace, told("m1", user="minji", email="old@shop.example"))
    tick(connection, workspace)
    arrive(
        connection,
        workspace,
        told("m2", user="minji", email="new@shop.example", at=NOON + timedelta(hours=1)),
    )

    tick(connection, workspace)

    minji = owner(connection, "external", "minji")
    assert opened(connection, workspace)["address", minji] == "new@shop.example"
    assert connection.execute("select count(*) from customer_key").fetchone() == (1,)


def test_without_the_customers_key_nothing_of_theirs_can_be_opened(connection, workspace):
    arrive(connection, workspace, told("m1", user="minji", email="minji@shop.example"))
    tick(connection, workspace)

    connection.execute("delete from customer_key")

    [(sealed,)] = connection.execute("select sealed from address").fetchall()
    with pytest.raises(Exception, match=r"cannot be opened|not sealed by us|master key"):
        TEST_VAULT.open(workspace, "email", sealed)


def test_events_without_contacts_make_no_key(connection, workspace):
    arrive(connection, workspace, told("m1", user="minji"))

    tick(connection, workspace)

    assert connection.execute("select count(*) from customer_key").fetchone() == (0,)
    assert seal_contacts(connection, workspace_id=workspace, vault=TEST_VAULT) == 0


def test_a_number_is_the_address_of_text_messages_and_of_kakao(connection, workspace):
    arrive(connection, workspace, told("m1", user="minji", phone="+821012345678"))
    tick(connection, workspace)
    arrive(
        connection,
        workspace,
        told("m2", user="minji", phone="+821012345678", at=NOON + timedelta(hours=1)),
    )

    tick(connection, workspace)

    rows = connection.execute(
        "select channel::text, sealed, wrapped from address join customer_key"
        " on key_of = customer_key.customer_id order by address.channel"
    ).fetchall()
    assert [
        (channel, TEST_VAULT.open_for(workspace, "phone", sealed, wrapped))
        for channel, sealed, wrapped in rows
    ] == [(channel, "+821012345678") for channel in ("sms", "kakao_alimtalk", "kakao_brand")]
