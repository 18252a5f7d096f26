"""Whose event it is, and which customers are one person."""

import pytest
from tests.build import TEST_VAULT
from tests.ingest.people import minute, people, said, sets, shared, together
from tests.ingest.words import arrive, owner, tick, tick_all, told

MINJI, JIWOO = ("user", "minji"), ("user", "jiwoo")
PHONE, LAPTOP, TABLET = ("device", "phone"), ("device", "laptop"), ("device", "tablet")
FAMILY, HOME = ("email", "family"), ("phone", "home")


@pytest.fixture
def live(connection, workspace):
    """Let events come in and act, one tick for each."""

    def lives(*events):
        for event in events:
            arrive(connection, workspace, event)
            tick_all(connection, workspace)

    return lives


def known(connection, workspace, key):
    """What is known of whoever a key leads to."""
    everybody = people(connection, workspace).items()
    return next(who for ids, who in everybody if key in {name for _, name in ids})


def test_a_known_external_id_finds_its_customer(connection, workspace):
    arrive(connection, workspace, told("m1", user="minji"))
    ((_, minji),) = tick(connection, workspace)
    arrive(connection, workspace, told("m2", user="minji"), told("m3", user="jiwoo"))

    (_, again), (_, jiwoo) = tick(connection, workspace)

    assert again == minji
    assert jiwoo != minji


def test_who_was_never_merged_is_one_row_and_stays_it(connection, workspace, live):
    live(said("m1", MINJI, PHONE), said("m2", MINJI, PHONE, ("email", "e1"), at=1))

    rows = connection.execute("select state::text, head_id, keeps_id from customer").fetchall()
    assert rows == [("active", None, None)]
    assert together(connection, workspace) == sets(["minji", "phone", "e1"])


def test_who_logs_in_keeps_what_they_did_before(connection, workspace, live):
    live(
        said("m1", PHONE, at=1, traits={"tier": "new"}, revenue=3),
        said("m2", MINJI, PHONE, at=2, revenue=4),
    )

    minji = known(connection, workspace, "minji")

    assert minji.events == ["m1", "m2"]
    assert minji.traits == {"tier": "new"}
    assert minji.seen == (minute(1), minute(2))
    assert minji.activity == [("Visited", minute(1), minute(2), 2, "7.0000")]


def test_stages_see_the_head_and_facts_stay_with_the_part(connection, workspace, live):
    live(said("m1", PHONE), said("m2", MINJI, PHONE, at=1))
    head = owner(connection, "external", "minji")

    arrive(connection, workspace, said("m3", PHONE, at=2), said("m4", MINJI, at=3))
    with connection.transaction():
        acted = tick(connection, workspace)
        parts = connection.execute("select part_id from tick_event").fetchall()

    assert acted == [("m3", head), ("m4", head)]
    assert len(set(parts)) == 2
    assert (head,) not in parts


def test_several_devices_of_one_person_are_one_customer(connection, workspace, live):
    live(
        said("m1", PHONE),
        said("m2", LAPTOP),
        said("m3", MINJI, PHONE),
        said("m4", MINJI, LAPTOP),
    )

    assert together(connection, workspace) == sets(["minji", "phone", "laptop"])


def test_a_shared_tablet_stays_with_whom_it_was_first_seen_with(connection, workspace, live):
    live(
        said("m1", TABLET, at=0),
        said("m2", MINJI, TABLET, at=1),
        said("m3", JIWOO, TABLET, at=2),
        said("m4", TABLET, at=3),
    )

    assert together(connection, workspace) == sets(["minji", "tablet"], ["jiwoo"])
    assert known(connection, workspace, "minji").events == ["m1", "m2", "m4"]


def test_a_late_event_moves_a_device_with_all_it_did(connection, workspace, live):
    live(said("m1", TABLET, at=3, revenue=5), said("m2", JIWOO, TABLET, at=2))
    assert known(connection, workspace, "jiwoo").events == ["m1", "m2"]

    live(said("m3", MINJI, TABLET, at=1))

    assert known(connection, workspace, "minji").events == ["m1", "m3"]
    assert known(connection, workspace, "jiwoo").events == ["m2"]
    assert known(connection, workspace, "jiwoo").activity == [
        ("Visited", minute(2), minute(2), 1, "0")
    ]


def test_a_guest_who_signs_up_with_the_same_address_is_the_same_person(connection, workspace, live):
    live(said("m1", FAMILY, at=1, revenue=9), said("m2", MINJI, FAMILY, at=2))

    assert together(connection, workspace) == sets(["minji", "family"])
    assert known(connection, workspace, "minji").events == ["m1", "m2"]


def test_a_family_address_reaches_both_and_identifies_nobody(connection, workspace, live):
    live(said("m1", MINJI, FAMILY), said("m2", JIWOO, FAMILY), said("m3", FAMILY))

    assert together(connection, workspace) == sets(["minji"], ["jiwoo"], ["family"])
    for name in ("minji", "jiwoo"):
        assert known(connection, workspace, name).addresses == [("email", "family", minute(0))]


def test_what_several_gave_and_nobody_used_alone_leads_to_nobody(connection, workspace, live):
    live(said("m1", MINJI, HOME), said("m2", JIWOO, HOME))

    assert shared(connection, workspace) == {("phone", "home")}


def test_a_shared_phone_never_merges_two_accounts(connection, workspace, live):
    live(said("m1", HOME), said("m2", MINJI, HOME), said("m3", JIWOO, HOME))

    assert together(connection, workspace) == sets(["minji"], ["jiwoo"], ["home"])


def test_a_visitor_who_types_a_known_address_takes_nobodys_guest_orders(
    connection, workspace, live
):
    live(said("m1", FAMILY), said("m2", MINJI, FAMILY), said("m3", LAPTOP, FAMILY))

    assert together(connection, workspace) == sets(["minji", "family"], ["laptop"])


def test_an_alias_makes_two_accounts_one(connection, workspace, live):
    live(
        said("m1", MINJI, at=1),
        said("m2", ("user", "minji.kim"), at=2),
        said("m3", ("user", "minji.kim"), ("device", "minji"), alias=True, at=3),
    )

    assert together(connection, workspace) == sets(["minji", "minji.kim"])
    assert known(connection, workspace, "minji.kim").events == ["m1", "m2", "m3"]


def test_an_alias_may_come_before_the_account_it_names(connection, workspace, live):
    live(
        said("m1", ("user", "minji.kim"), ("device", "minji"), alias=True, at=3),
        said("m2", MINJI, at=1),
    )

    assert known(connection, workspace, "minji.kim").events == ["m1", "m2"]


def test_a_withdrawal_of_any_part_outranks_another_parts_grant(connection, workspace, live):
    live(
        said("m1", FAMILY, at=1, consent="withdraw"),
        said("m2", MINJI, at=2, consent="grant"),
        said("m3", MINJI, FAMILY, at=3),
    )

    ((_, state, _),) = known(connection, workspace, "minji").consents
    assert state == "withdrawn"


def test_what_is_said_after_the_merge_is_the_whole_persons_word(connection, workspace, live):
    live(
        said("m1", FAMILY, at=1, consent="withdraw"),
        said("m2", MINJI, FAMILY, at=2),
        said("m3", MINJI, at=3, consent="grant"),
    )

    assert known(connection, workspace, "minji").consents == [("marketing", "granted", minute(3))]


def test_a_new_device_takes_back_no_consent_given_before(connection, workspace, live):
    live(
        said("m1", FAMILY, at=1, consent="withdraw"),
        said("m2", MINJI, FAMILY, at=2),
        said("m3", MINJI, at=3, consent="grant"),
        said("m4", LAPTOP, at=4),
        said("m5", MINJI, LAPTOP, at=5),
    )

    assert known(connection, workspace, "minji").consents == [("marketing", "granted", minute(3))]


def test_silence_of_a_part_refuses_nothing(connection, workspace, live):
    live(
        said("m1", LAPTOP, at=1),
        said("m2", MINJI, at=2, consent="grant"),
        said("m3", MINJI, LAPTOP, at=3),
    )

    ((_, state, _),) = known(connection, workspace, "minji").consents
    assert state == "granted"


def test_who_was_erased_is_never_merged(connection, live):
    live(said("m1", MINJI), said("m2", FAMILY))
    connection.execute(
        "update customer set state = 'erased' where id = %s",
        (owner(connection, "external", "minji"),),
    )
    connection.commit()

    live(said("m3", MINJI, FAMILY), said("m4", JIWOO, ("device", "minji"), alias=True))

    rows = connection.execute("select count(*) from customer where head_id is not null").fetchone()
    assert rows == (0,)


def test_an_address_alone_makes_and_finds_a_customer(connection, workspace):
    arrive(connection, workspace, told("m1", email="minji@shop.example", workspace=workspace))
    ((_, minji),) = tick(connection, workspace)
    arrive(connection, workspace, told("m2", email=" MINJI@shop.example ", workspace=workspace))

    ((_, again),) = tick(connection, workspace)

    assert again == minji
    sealed, wrapped = connection.execute(
        "select sealed, wrapped from address join customer_key on key_of = customer_key.customer_id"
    ).fetchone()
    assert TEST_VAULT.open_for(workspace, "email", sealed, wrapped) == "minji@shop.example"
