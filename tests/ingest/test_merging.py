"""Merging by hand, what moves with people, and how it is given back."""

from datetime import timedelta

import pytest
from tests.build import (
    NOON,
    customer,
    enrollment,
    give_consent,
    journey,
    one,
    plan_message,
)
from tests.ingest.people import minute, people, said, sets, together
from tests.ingest.words import arrive, owner, tick_all

from dangol.consent.ledger import withdraw
from dangol.consent.preferences import limit_weekly, read_wishes, snooze, switch_topic
from dangol.consent.topics import save_topic
from dangol.ingest.merging import MergeFault, merge_customers, unmerge_customer
from dangol.store.vocabulary import Channel, Purpose


@pytest.fixture
def pair(connection, workspace):
    """Two customers with a history of their own, whom nothing connects."""
    arrive(
        connection,
        workspace,
        said("m1", ("user", "minji"), ("email", "e1"), at=1, traits={"tier": "gold"}, revenue=5),
        said("m2", ("device", "phone"), at=2),
        said("m3", ("user", "minji"), ("device", "phone"), at=3, consent="grant"),
        said("m4", ("user", "mj"), ("email", "e2"), at=4, traits={"tier": "new"}, revenue=7),
        said("m5", ("user", "mj"), at=5, consent="refuse"),
    )
    tick_all(connection, workspace)
    return owner(connection, "external", "minji"), owner(connection, "external", "mj")


def merge(connection, workspace, *pair, now=NOON):
    connection.commit()
    with connection.transaction():
        return merge_customers(
            connection, workspace_id=workspace, one_id=pair[0], other_id=pair[1], now=now
        )


def unmerge(connection, workspace, part, now=NOON):
    connection.commit()
    with connection.transaction():
        return unmerge_customer(connection, workspace_id=workspace, customer_id=part, now=now)


def points(connection, customer_id):
    """How many rows of each kind point at a customer."""
    return {
        table: one(
            connection,
            f"select count(*) from {table} where customer_id = %(customer_id)s",  # noqa: S608
            customer_id=customer_id,
        )
        for table in ("enrollment", "message", "delivery", "decision", "receipt", "membership")
    }


def test_two_customers_merged_by_hand_are_one(connection, workspace, pair):
    head = merge(connection, workspace, *pair)

    assert head == min(pair)
    assert together(connection, workspace) == sets(["minji", "phone", "mj", "e1", "e2"])
    (merged,) = people(connection, workspace).values()
    assert merged.traits == {"tier": "new"}
    assert merged.activity == [("Visited", minute(1), minute(5), 5, "12.0000")]
    assert merged.addresses == [("email", "e2", minute(4))]
    assert [state for _, state, _ in merged.consents] == ["refused"]


def test_an_unmerge_restores_both_exactly(connection, workspace, pair):
    before = people(connection, workspace)
    head = merge(connection, workspace, *pair)
    part = max(pair)

    left = unmerge(connection, workspace, part)

    assert left == head
    assert people(connection, workspace) == before


def test_a_head_has_the_strictest_of_its_parts_wishes(connection, workspace, pair):
    news, sales = (
        save_topic(
            connection, workspace_id=workspace, name=name, title_ko=name, title_en=name, now=NOON
        ).id
        for name in ("news", "sales")
    )
    for one_id, topic, days, weekly in ((pair[0], news, 3, 3), (pair[1], sales, 9, 1)):
        at = {"workspace_id": workspace, "customer_id": one_id, "now": NOON}
        switch_topic(connection, **at, topic_id=topic, wanted=False)
        snooze(connection, **at, until=NOON + timedelta(days=days))
        limit_weekly(connection, **at, messages=weekly)
    head, part = min(pair), max(pair)
    part_before = read_wishes(connection, workspace_id=workspace, customer_id=part)

    merge(connection, workspace, *pair)

    wishes = read_wishes(connection, workspace_id=workspace, customer_id=head)
    assert wishes.refused == {news, sales}
    assert wishes.snoozed_until == NOON + timedelta(days=9)
    assert wishes.weekly_messages == 1

    unmerge(connection, workspace, part)

    assert read_wishes(connection, workspace_id=workspace, customer_id=part) == part_before


def test_what_happened_while_merged_stays_with_whose_event_it_was(connection, workspace, pair):
    merge(connection, workspace, *pair)
    arrive(connection, workspace, said("m6", ("user", "mj"), at=6, revenue=1))
    tick_all(connection, workspace)

    unmerge(connection, workspace, max(pair))

    by_keys = {
        frozenset(key for _, key in ids): known
        for ids, known in people(connection, workspace).items()
    }
    assert by_keys[frozenset({"mj", "e2"})].events == ["m4", "m5", "m6"]
    assert by_keys[frozenset({"minji", "phone", "e1"})].events == ["m1", "m2", "m3"]


def test_undone_evidence_never_joins_again_by_itself(connection, workspace):
    arrive(
        connection,
        workspace,
        said("m1", ("device", "phone"), at=1),
        said("m2", ("user", "minji"), ("device", "phone"), at=2),
    )
    tick_all(connection, workspace)
    part = one(
        connection,
        "select part_id from customer_merge where kind = 'anonymous' and undone_at is null",
    )

    unmerge(connection, workspace, part)
    arrive(connection, workspace, said("m3", ("user", "minji"), ("device", "phone"), at=0))
    tick_all(connection, workspace)

    assert together(connection, workspace) == sets(["minji"], ["phone"])


def test_a_member_may_change_their_mind_twice(connection, workspace, pair):
    merge(connection, workspace, *pair)
    unmerge(connection, workspace, max(pair))

    merge(connection, workspace, *pair)

    assert together(connection, workspace) == sets(["minji", "phone", "mj", "e1", "e2"])


def test_a_visitor_can_be_merged_with_a_guest(connection, workspace):
    arrive(connection, workspace, said("m1", ("device", "phone")), said("m2", ("email", "e1")))
    tick_all(connection, workspace)
    pair = owner(connection, "anonymous", "phone"), owner(connection, "email", "e1")

    merge(connection, workspace, *pair)

    assert together(connection, workspace) == sets(["phone", "e1"])


def test_messages_and_all_about_them_follow_and_come_back(connection, workspace):
    minji = customer(connection, workspace, name="minji")
    mj = customer(connection, workspace, name="mj", email="mj@shop.example")
    message = plan_message(connection, workspace, customer_id=mj, state="handed")
    connection.execute(
        "insert into decision (message_id, evaluation, workspace_id, customer_id, stage, verdict,"
        " reason, reasons, decided_at) values (%s, 1, %s, %s, 'planning', 'allow', 'allowed',"
        " '{allowed}', %s)",
        (message, workspace, mj, NOON),
    )
    connection.execute(
        "insert into delivery (workspace_id, message_id, customer_id, attempt, channel, provider,"
        " address_key, state, claimed_by, claimed_at, lease_until, settled_at) values"
        " (%s, %s, %s, 1, 'email', 'smtp', 'key', 'accepted', 'worker', %s, %s, %s)",
        (workspace, message, mj, NOON, NOON, NOON),
    )
    connection.execute(
        "insert into receipt (workspace_id, message_id, customer_id, kind, occurred_at, dedupe_key)"
        " values (%s, %s, %s, 'opened', %s, 'open')",
        (workspace, message, mj, NOON),
    )
    segment = one(
        connection,
        "insert into segment (workspace_id, name, title_ko, title_en, created_at)"
        " values (%(workspace)s, 's', 's', 's', %(now)s) returning id",
        workspace=workspace,
        now=NOON,
    )
    connection.execute(
        "insert into membership (workspace_id, segment_id, customer_id, entered_at)"
        " values (%s, %s, %s, %s)",
        (workspace, segment, mj, NOON),
    )
    all_of_it = dict.fromkeys(
        ("enrollment", "message", "delivery", "decision", "receipt", "membership"), 1
    )
    assert points(connection, mj) == all_of_it

    merge(connection, workspace, minji, mj)
    assert points(connection, minji) == all_of_it
    assert points(connection, mj) == dict.fromkeys(all_of_it, 0)

    unmerge(connection, workspace, mj)
    assert points(connection, mj) == all_of_it
    assert points(connection, minji) == dict.fromkeys(all_of_it, 0)


def test_of_two_runs_of_a_journey_the_older_stays_until_they_are_told_apart(connection, workspace):
    minji = customer(connection, workspace, name="minji")
    mj = customer(connection, workspace, name="mj", email="mj@shop.example")
    running = journey(connection, workspace)
    for who, entered in ((minji, NOON), (mj, NOON - timedelta(hours=1))):
        enrollment(
            connection,
            workspace,
            journey_id=running,
            customer_id=who,
            entry_key=f"e{who}",
            now=entered,
        )
    connection.execute(
        "update enrollment set state = 'waiting', wake_at = %s, ended_at = null, end_reason = null",
        (NOON + timedelta(days=1),),
    )

    def states():
        return connection.execute(
            "select entry_key, customer_id, state::text, end_reason::text from enrollment"
            " order by entry_key"
        ).fetchall()

    before = states()
    merge(connection, workspace, minji, mj)
    assert states() == [
        (f"e{minji}", minji, "ended", "merged"),
        (f"e{mj}", minji, "waiting", None),
    ]

    unmerge(connection, workspace, mj)
    assert states() == before


def test_what_the_enrollment_that_a_merge_ends_had_planned_is_skipped_with_its_reason(
    connection, workspace
):
    minji = customer(connection, workspace, name="minji")
    mj = customer(connection, workspace, name="mj", email="mj@shop.example")
    running = journey(connection, workspace)
    kept, dropped = (
        plan_message(
            connection,
            workspace,
            customer_id=who,
            journey_id=running,
            entry_key=f"e{who}",
            state="allowed",
            now=entered,
        )
        for who, entered in ((minji, NOON - timedelta(days=1)), (mj, NOON))
    )
    connection.execute("update enrollment set state = 'active', ended_at = null, end_reason = null")

    merge(connection, workspace, minji, mj)

    states = dict(connection.execute("select id, state::text from message").fetchall())
    assert states == {kept: "allowed", dropped: "skipped"}
    decided = connection.execute(
        "select message_id, customer_id, stage::text, verdict::text, reason::text from decision"
    ).fetchall()
    assert decided == [(dropped, minji, "hand_off", "skip", "merged")]


def test_an_unsubscribe_of_a_part_is_the_heads(connection, workspace):
    minji = customer(connection, workspace, name="minji")
    mj = customer(connection, workspace, name="mj", email="mj@shop.example")
    give_consent(connection, workspace, customer_id=minji)
    merge(connection, workspace, minji, mj)

    with connection.transaction():
        withdraw(
            connection,
            workspace_id=workspace,
            customer_id=mj,
            channel=Channel.EMAIL,
            purpose=Purpose.MARKETING,
            source="unsubscribe page",
            now=NOON,
        )

    rows = connection.execute("select customer_id, state::text from consent").fetchall()
    assert rows == [(minji, "withdrawn")]


def test_a_merge_can_be_undone_for_thirty_days(connection, workspace, pair):
    merge(connection, workspace, *pair)

    with pytest.raises(MergeFault, match="can be undone for 30 days"):
        unmerge(connection, workspace, max(pair), now=NOON + timedelta(days=31))

    unmerge(connection, workspace, max(pair), now=NOON + timedelta(days=30))


@pytest.mark.parametrize("which", ["itself", "nobody", "erased", "a stranger's"])
def test_what_cannot_be_merged_is_refused_with_a_reason(connection, workspace, pair, which):
    minji, mj = pair
    if which == "erased":
        connection.execute("update customer set state = 'erased' where id = %s", (mj,))
    if which == "a stranger's":
        connection.execute("update customer set workspace_id = 4711 where id = %s", (mj,))
    other = {"itself": minji, "nobody": 4711}.get(which, mj)

    with pytest.raises(MergeFault, match=f"{other}"):
        merge(connection, workspace, minji, other)


def test_who_is_nobodys_part_cannot_be_unmerged(connection, workspace, pair):
    merge(connection, workspace, *pair)

    with pytest.raises(MergeFault, match="is part of no other"):
        unmerge(connection, workspace, min(pair))
