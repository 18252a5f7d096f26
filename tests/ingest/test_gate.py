"""What may not be collected leaves no trace; what may passes; and nothing is lost between."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from psycopg import sql
from tests.build import NOON, one
from tests.ingest.words import arrive, customers, tick, told

from dangol.consent.purposes import (
    STRICT,
    allow_collecting,
    find_purpose,
    install_purposes,
    save_purpose,
    stop_collecting,
)
from dangol.rights.collected import finish_collected
from dangol.store.lake import flush_events
from dangol.store.lake_check import verify_lake

CANARY = "kanarienvogel-7731"
DAY = timedelta(days=1)


@pytest.fixture
def shop(connection, workspace) -> int:
    """A shop that collects behaviour only with consent."""
    with connection.transaction():
        install_purposes(connection, workspace_id=workspace, preset="strict", now=NOON)
    return workspace


def word(action: str, collection: str = "behaviour", **fields: object) -> dict[str, object]:
    return {"collection": collection, "action": action, "source": "banner", **fields}


def acted(connection) -> list[str]:
    rows = connection.execute(
        "select name from event inner join acted_event on event.id = event_id"
        " where acted_event.customer_id is not null order by event.id"
    ).fetchall()
    connection.commit()
    return [name for (name,) in rows]


def withheld(connection) -> dict[tuple[str, str, str], int]:
    rows = connection.execute(
        "select purpose_name, kind::text, event_name, count from collection_count"
    ).fetchall()
    connection.commit()
    return {(purpose, kind, name): count for purpose, kind, name, count in rows}


def places_with(connection, text: str) -> list[str]:
    """Every table in which some row holds the text."""
    tables = connection.execute(
        "select relname from pg_class where relkind in ('r', 'p')"
        " and relnamespace = 'public'::regnamespace and not relispartition"
    ).fetchall()
    found = [
        name
        for (name,) in tables
        if connection.execute(
            sql.SQL("select exists (select from {} as t where t::text like %s)").format(
                sql.Identifier(name)
            ),
            (f"%{text}%",),
        ).fetchone()
        == (True,)
    ]
    connection.commit()
    return found


def test_without_consent_an_event_leaves_nothing_but_a_count(connection, shop, lake):
    arrive(
        connection,
        shop,
        told("m1", anonymous=CANARY, properties={"page": CANARY}, traits={"likes": CANARY}),
        told("m2", anonymous=CANARY),
    )
    assert places_with(connection, CANARY) == ["event"]

    tick(connection, shop)
    flush_events(connection, lake, workspace_id=shop, now=NOON)

    assert places_with(connection, CANARY) == []
    assert customers(connection) == 0
    assert lake.count_events() == 0
    assert withheld(connection) == {("behaviour", "anonymous", "Visited"): 2}


def test_what_a_contract_covers_is_kept_without_being_asked_for(connection, shop):
    arrive(connection, shop, told("m1", name="Order Completed", user="minji"))

    tick(connection, shop)

    assert acted(connection) == ["Order Completed"]
    assert withheld(connection) == {}


def test_a_word_counts_from_its_own_event_on(connection, shop):
    arrive(
        connection,
        shop,
        told("m1", name="Before", anonymous="d1"),
        told("m2", name="Asked", anonymous="d1", consents=[word("grant")]),
        told("m3", name="After", anonymous="d1"),
        told("m4", name="Other", anonymous="d2"),
        told("m5", name="Refused", anonymous="d1", consents=[word("refuse")], at=NOON + DAY),
        told("m6", name="Late", anonymous="d1"),
        at=NOON + 2 * DAY,
    )

    tick(connection, shop)

    assert acted(connection) == ["Asked", "After", "Consent Changed"]
    rows = connection.execute("select purpose_name, state::text from collection_consent")
    assert rows.fetchall() == [("behaviour", "refused")]


def test_a_refusal_is_recorded_and_what_came_with_it_is_not(connection, shop):
    carrier = told(
        "m1", name="Secret", anonymous="d1", properties={"x": CANARY}, consents=[word("refuse")]
    )
    arrive(connection, shop, carrier)

    tick(connection, shop)

    assert acted(connection) == ["Consent Changed"]
    assert places_with(connection, CANARY) == []
    assert withheld(connection) == {("behaviour", "emptied", "Secret"): 1}


def test_a_visitor_who_agreed_is_known_once_they_sign_in(connection, shop):
    arrive(connection, shop, told("m1", anonymous="d1", consents=[word("grant")]))
    tick(connection, shop)
    arrive(connection, shop, told("m2", name="Seen", user="minji", anonymous="d1"))

    tick(connection, shop)

    assert acted(connection) == ["Visited", "Seen"]


def test_an_old_grant_and_an_import_do_not_outvote_a_refusal(connection, shop):
    arrive(connection, shop, told("m1", user="minji", consents=[word("refuse")]))
    tick(connection, shop)
    dated = word("grant", occurred_at="2027-01-01T00:00:00Z")
    brought = word("import", imported_state="granted", occurred_at="2027-04-01T00:00:00Z")
    arrive(
        connection,
        shop,
        told("m2", name="One", user="minji", consents=[dated]),
        told("m3", name="Two", user="minji", consents=[brought]),
        told("m4", name="Three", user="minji"),
        at=NOON + 60 * DAY,
    )

    tick(connection, shop)

    assert acted(connection) == ["Consent Changed"] * 3


def test_traits_without_their_consent_are_taken_out(connection, shop):
    shopper = told(
        "m1",
        name="Order Completed",
        user="minji",
        email="minji@shop.example",
        traits={"name": "민지", "likes": CANARY},
    )
    arrive(connection, shop, shopper)

    tick(connection, shop)

    (traits,) = connection.execute("select traits from customer").fetchone()
    assert traits == {"name": "민지"}
    assert one(connection, "select count(*) from address") == 1
    assert places_with(connection, CANARY) == []
    assert withheld(connection) == {("personalisation", "traits", ""): 1}


def test_a_repeat_of_what_was_not_kept_is_counted_once(connection, shop):
    arrive(connection, shop, told("m1", anonymous="d1"))
    tick(connection, shop)
    arrive(connection, shop, told("m1", anonymous="d1"))

    tick(connection, shop)

    assert withheld(connection) == {("behaviour", "anonymous", "Visited"): 1}


def test_what_came_is_what_acted_what_repeated_and_what_was_withheld(connection, shop):
    told_all = [told(f"m{n % 20}", anonymous=f"d{n % 3}") for n in range(30)]
    arrive(connection, shop, *told_all, told("o1", name="Order Completed", user="minji"))

    tick(connection, shop)

    assert sum(withheld(connection).values()) == 20
    assert len(acted(connection)) == 1
    # The ten repeats stay in the inbox as they do without a gate, until its day is dropped.
    assert one(connection, "select count(*) from event") == 11


def test_the_longest_pattern_decides_and_no_purpose_means_kept(connection, shop):
    narrow = find_purpose(connection, workspace_id=shop, name="orders")
    names = [*narrow.event_names, "Order Wish*"]
    for each in STRICT[2:3]:
        wishes = {"name": "wishes", "event_names": names[-1:], "covers_rest": False}
        wishes["keep_events_days"] = None
        save_purpose(connection, replace(each, **wishes), workspace_id=shop, now=NOON)
    connection.commit()
    arrive(
        connection,
        shop,
        told("m1", name="Order Wished", user="minji"),
        told("m2", name="Order Completed", user="minji"),
    )

    tick(connection, shop)

    assert acted(connection) == ["Order Completed"]


def test_stop_ends_storing_and_stop_and_delete_removes_what_was_stored(
    connection, shop, lake, tmp_path
):
    arrive(
        connection,
        shop,
        told("m1", user="minji", properties={"page": CANARY}, consents=[word("grant")]),
        told("m2", name="Order Completed", user="minji"),
        told("m3", user="jiwoo", consents=[word("grant")]),
    )
    tick(connection, shop)
    flush_events(connection, lake, workspace_id=shop, now=NOON)
    assert lake.count_events() == 3
    minji = one(connection, "select customer_id from identifier where key = 'minji'")
    connection.commit()

    with connection.transaction():
        stop_collecting(
            connection,
            find_purpose(connection, workspace_id=shop, name="behaviour"),
            workspace_id=shop,
            customer_id=minji,
            source="page",
            delete=True,
            now=NOON,
        )
    arrive(connection, shop, told("m4", user="minji"))
    tick(connection, shop)
    done = finish_collected(connection, lake, clock=lambda _: NOON)

    assert done == 1
    assert lake.count_events() == 2
    bodies = {path: path.read_bytes() for path in files_of(tmp_path / "lake")}
    assert [path for path, body in bodies.items() if CANARY.encode() in body] == []
    assert places_with(connection, CANARY) == []
    assert verify_lake(connection, lake, now=NOON).differences == ()
    names = connection.execute(
        "select event_name from activity where customer_id = %s", (minji,)
    ).fetchall()
    assert names == [("Order Completed",)]


def files_of(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_saying_yes_again_opens_the_gate(connection, shop):
    arrive(connection, shop, told("m1", user="minji", consents=[word("refuse")]))
    tick(connection, shop)
    minji = one(connection, "select customer_id from identifier where key = 'minji'")
    connection.commit()
    with connection.transaction():
        allow_collecting(
            connection,
            find_purpose(connection, workspace_id=shop, name="behaviour"),
            workspace_id=shop,
            customer_id=minji,
            source="page",
            now=NOON + DAY,
        )
    arrive(connection, shop, told("m2", name="Seen", user="minji"))

    tick(connection, shop)

    assert acted(connection) == ["Consent Changed", "Seen"]
