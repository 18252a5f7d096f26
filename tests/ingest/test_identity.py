"""Whose event it is."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.build import TEST_VAULT
from tests.ingest.words import arrive, customers, forget_everybody, owner, tick, tick_all, told


def test_a_known_external_id_finds_its_customer(connection, workspace):
    arrive(connection, workspace, told("m1", user="minji"))
    ((_, minji),) = tick(connection, workspace)
    arrive(connection, workspace, told("m2", user="minji"), told("m3", user="jiwoo"))

    (_, again), (_, jiwoo) = tick(connection, workspace)

    assert again == minji
    assert jiwoo != minji


def test_who_logs_in_keeps_what_they_did_before(connection, workspace):
    arrive(connection, workspace, told("m1", anonymous="a1"))
    ((_, visitor),) = tick(connection, workspace)
    arrive(connection, workspace, told("m2", anonymous="a1", user="minji"))

    ((_, minji),) = tick(connection, workspace)

    assert minji == visitor
    assert owner(connection, "external", "minji") == visitor


def test_an_anonymous_id_belongs_to_whom_it_first_comes_with(connection, workspace):
    arrive(
        connection,
        workspace,
        told("m1", anonymous="a1"),
        told("m2", anonymous="a1", user="minji"),
        told("m3", anonymous="a1", user="jiwoo"),
    )

    (_, visit), (_, minji), (_, jiwoo) = tick(connection, workspace)

    assert visit == minji
    assert jiwoo != minji
    assert owner(connection, "anonymous", "a1") == minji


def test_a_second_login_on_the_same_device_takes_nobodys_customer(connection, workspace):
    arrive(connection, workspace, told("m1", anonymous="a1"))
    tick(connection, workspace)
    arrive(
        connection,
        workspace,
        told("m2", anonymous="a1", user="minji"),
        told("m3", anonymous="a1", user="jiwoo"),
    )

    (_, minji), (_, jiwoo) = tick(connection, workspace)

    assert minji != jiwoo
    assert owner(connection, "anonymous", "a1") == minji


def test_several_devices_of_one_person_are_one_customer(connection, workspace):
    arrive(
        connection,
        workspace,
        told("m1", anonymous="phone", user="minji"),
        told("m2", anonymous="laptop", user="minji"),
    )
    tick(connection, workspace)
    arrive(connection, workspace, told("m3", anonymous="phone"), told("m4", anonymous="laptop"))

    (_, first), (_, second) = tick(connection, workspace)

    assert first == second
    assert customers(connection) == 1


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


def test_a_shared_address_reaches_both_and_belongs_to_the_first(connection, workspace):
    arrive(
        connection,
        workspace,
        told("m1", user="minji", email="family@shop.example"),
        told("m2", user="jiwoo", email="family@shop.example"),
    )

    (_, minji), (_, jiwoo) = tick(connection, workspace)

    assert minji != jiwoo
    reached = connection.execute("select customer_id from address order by 1").fetchall()
    assert reached == [(minji,), (jiwoo,)]
    assert connection.execute(
        "select customer_id from identifier where kind = 'email'"
    ).fetchall() == [(minji,)]


people = st.lists(
    st.tuples(
        st.sampled_from([None, "u1", "u2", "u3"]), st.sampled_from([None, "a1", "a2", "a3"])
    ).filter(any),
    min_size=1,
    max_size=8,
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seen=people, batch=st.integers(1, 8))
def test_an_external_id_is_one_customer_in_whatever_order_and_company_it_comes(
    connection, workspace, seen, batch
):
    events = [told(f"m{n}", user=u, anonymous=a) for n, (u, a) in enumerate(seen)]
    forget_everybody(connection)

    arrive(connection, workspace, *events)
    tick_all(connection, workspace, batch=batch)

    whose = dict(connection.execute("select message_id, customer_id from acted_event").fetchall())
    by_user: dict[str, set[int]] = {}
    for one_event in events:
        if one_event.user_id is not None:
            by_user.setdefault(one_event.user_id, set()).add(whose[one_event.message_id])
    assert len(whose) == len(events)
    assert all(len(found) == 1 for found in by_user.values())
    assert len(set.union(set(), *by_user.values())) == len(by_user)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(order=st.permutations(range(6)), batch=st.integers(1, 6))
def test_devices_that_only_ever_come_with_their_owner_do_not_depend_on_order(
    connection, workspace, order, batch
):
    seen = [("u1", "a1"), (None, "a1"), ("u1", "a1"), ("u2", "a2"), (None, "a2"), (None, "a3")]
    events = [told(f"m{n}", user=u, anonymous=a) for n, (u, a) in enumerate(seen)]
    forget_everybody(connection)

    arrive(connection, workspace, *(events[n] for n in order))
    tick_all(connection, workspace, batch=batch)

    assert customers(connection) == 3
    assert owner(connection, "anonymous", "a1") == owner(connection, "external", "u1")
    assert owner(connection, "anonymous", "a2") == owner(connection, "external", "u2")
