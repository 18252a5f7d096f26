"""What traits and properties there are is told by the events; runaway clients meet limits."""

from datetime import timedelta

import msgspec
import pytest
from tests.build import NOON
from tests.ingest.calls import read_call
from tests.ingest.words import arrive, parked, tick_all, told

from dangol.ingest import traits
from dangol.ingest.fault import BadPayload


def types(connection, event_name=""):
    rows = connection.execute(
        "select name, kind, count from trait_type where event_name = %s order by name, kind",
        (event_name,),
    )
    return rows.fetchall()


def surplus(connection):
    return connection.execute(
        "select event_name, reason, count from trait_surplus order by event_name, reason"
    ).fetchall()


def kept(connection):
    [(found,)] = connection.execute("select traits from customer").fetchall()
    return found


@pytest.fixture
def limits(monkeypatch):
    """Set limits low enough to reach."""

    def lower(**changed):
        monkeypatch.setattr(traits, "LIMITS", traits.LIMITS | changed)

    return lower


def test_every_kind_of_a_name_is_counted_and_nulls_are_not(connection, workspace):
    arrive(
        connection,
        workspace,
        told("1", user="minji", traits={"grade": "gold", "age": 31, "vip": True, "x": None}),
        told("2", user="jiwoo", traits={"grade": 3, "tags": ["a"], "home": {"city": "서울"}}),
        told("3", user="jiwoo", name="Viewed", properties={"price": 1200, "sku": "s1"}),
        told("4", user="minji", name="Viewed", properties={"price": "1,200"}),
    )

    tick_all(connection, workspace)

    assert types(connection) == [
        ("age", "number", 1),
        ("grade", "text", 1),
        ("grade", "number", 1),
        ("home", "object", 1),
        ("tags", "list", 1),
        ("vip", "boolean", 1),
    ]
    assert types(connection, "Viewed") == [
        ("price", "text", 1),
        ("price", "number", 1),
        ("sku", "text", 1),
    ]


def test_of_events_by_the_thousand_a_sample_is_counted_for_all_and_of_rare_ones_each(
    connection, workspace, limits
):
    limits(most_looked_at=20)
    views = [
        told(f"v{number}", user="minji", name="Viewed", properties={"price": number})
        for number in range(400)
    ]
    arrive(connection, workspace, *views, told("r", user="minji", properties={"reason": "size"}))

    tick_all(connection, workspace)

    [(name, kind, count)] = types(connection, "Viewed")
    assert (name, kind, count % 20) == ("price", "number", 0)
    assert 200 <= count <= 800
    assert types(connection, "Visited") == [("reason", "text", 1)]


def test_a_repeated_event_is_not_counted_again(connection, workspace):
    arrive(connection, workspace, told("1", user="minji", traits={"age": 31}))
    tick_all(connection, workspace)
    arrive(connection, workspace, told("1", user="minji", traits={"age": 31}))
    arrive(connection, workspace, told("2", user="minji", traits={"age": 32}))

    tick_all(connection, workspace)

    assert types(connection) == [("age", "number", 2)]


def test_first_and_last_seen_are_the_events_own_times(connection, workspace):
    hour = timedelta(hours=1)
    arrive(
        connection,
        workspace,
        told("1", user="minji", traits={"age": 31}, at=NOON - hour),
        told("2", user="minji", traits={"age": 31}, at=NOON),
    )
    tick_all(connection, workspace)
    arrive(connection, workspace, told("3", user="minji", traits={"age": 3}, at=NOON - 2 * hour))

    tick_all(connection, workspace)

    seen = connection.execute("select first_seen_at, last_seen_at from trait_type").fetchall()
    assert seen == [(NOON - 2 * hour, NOON)]


def test_a_customer_keeps_so_many_traits_and_the_rest_is_counted(connection, workspace, limits):
    limits(most_traits=3)
    arrive(connection, workspace, told("1", user="minji", traits={"a": 1, "b": 1}))
    tick_all(connection, workspace)
    arrive(
        connection,
        workspace,
        told("2", user="minji", traits={"b": 2, "c": 2, "d": 2, "e": 2}),
        told("3", user="minji", traits={"a": 3}),
    )

    tick_all(connection, workspace)

    assert kept(connection) == {"a": 3, "b": 2, "c": 2}
    assert surplus(connection) == [("", "too_many_traits", 2)]
    assert parked(connection) == []


def test_a_shop_has_so_many_names_of_traits(connection, workspace, limits):
    limits(most_names=2)
    arrive(
        connection,
        workspace,
        told("1", user="minji", traits={"b": 1}),
        told("2", user="minji", traits={"a": 1, "c": 1}),
        told("3", user="minji", traits={"b": 2, "c": 2}),
    )

    tick_all(connection, workspace)

    assert kept(connection) == {"a": 1, "b": 2}
    assert surplus(connection) == [("", "too_many_names", 2)]


def test_a_shop_has_so_many_names_of_properties_and_the_events_act(connection, workspace, limits):
    limits(most_properties=2)
    arrive(
        connection,
        workspace,
        told("1", user="minji", name="Viewed", properties={"a": 1, "b": 1, "c": 1}),
        told("2", user="minji", name="Viewed", properties={"a": 1, "d" * 300: 1}),
    )

    tick_all(connection, workspace)

    assert types(connection, "Viewed") == [("a", "number", 2), ("b", "number", 1)]
    assert surplus(connection) == [("Viewed", "too_long", 1), ("Viewed", "too_many_names", 1)]
    assert connection.execute("select count from activity").fetchone() == (2,)


def test_a_trait_too_long_to_keep_is_left_out_wherever_it_came_from(connection, workspace):
    long = {"story": ["가나다라마바사" * 20 + str(number) for number in range(200)], "k" * 256: 1}
    arrive(connection, workspace, told("1", user="minji", traits={**long, "age": 31}))

    tick_all(connection, workspace)

    assert kept(connection) == {"age": 31}
    assert surplus(connection) == [("", "too_long", 2)]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({f"t{number}": 1 for number in range(201)}, "traits holds 201 names"),
        ({"k" * 256: 1}, "names have at most 255"),
        ({"story": "x" * 8_001}, "traits.story is 'xxx"),
    ],
)
def test_a_call_that_no_customer_could_keep_is_refused_with_the_limit(given, said):
    with pytest.raises(BadPayload) as caught:
        read_call(msgspec.json.encode({"userId": "minji", "traits": given}), path_type="identify")

    assert caught.value.code == "bad_value"
    assert said in caught.value.message
