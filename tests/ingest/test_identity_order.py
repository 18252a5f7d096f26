"""Whatever arrives first, and however the ticks cut it: the same people, knowing the same."""

from decimal import Decimal
from itertools import count

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.build import NOON, open_shop
from tests.ingest.people import people, said, shared
from tests.ingest.words import arrive, tick_all

from dangol.ingest.event import Event
from dangol.ingest.merging import merge_customers, unmerge_customer
from dangol.store.connect import Connection

NUMBERS = count()


@st.composite
def sightings(draw: st.DrawFn) -> list[Event]:
    """A small history: a few people, devices, shared contacts, accounts put together."""
    return [draw(sighting(f"m{number}")) for number in range(draw(st.integers(2, 8)))]


@st.composite
def sighting(draw: st.DrawFn, message_id: str) -> Event:
    user = draw(st.sampled_from([None, "u1", "u2", "u3"]))
    alias = user is not None and draw(st.integers(0, 4)) == 0
    device = draw(st.sampled_from(["a1", "u1", "u2", "u3"] if alias else [None, "a1", "a2"]))
    email, phone = draw(st.sampled_from([None, "e1", "e2"])), draw(st.sampled_from([None, "p1"]))
    if user is device is email is phone is None:
        device = "a1"
    ids = {"user": user, "device": device, "email": email, "phone": phone}
    return said(
        message_id,
        *((kind, key) for kind, key in ids.items() if key is not None),
        at=draw(st.integers(0, 5)),
        alias=alias,
        consent=draw(st.sampled_from([None, None, "grant", "withdraw", "refuse", "import"])),
        traits=draw(
            st.dictionaries(
                st.sampled_from(["tier", "country", "timezone"]),
                st.sampled_from(["KR", "Asia/Seoul", "gold"]),
                max_size=2,
            )
        ),
        revenue=draw(st.sampled_from([None, Decimal(7), Decimal("0.5")])),
    )


def outcome(connection: Connection, events: list[Event], *, batch: int) -> object:
    """Live through a history; return everything that is known afterwards."""
    workspace = live_through(connection, events, batch=batch)
    return people(connection, workspace), shared(connection, workspace)


def live_through(connection: Connection, events: list[Event], *, batch: int) -> int:
    """Live through a history in a shop of its own, and return it."""
    workspace = open_shop(connection, name=f"shop {next(NUMBERS)}")
    arrive(connection, workspace, *events)
    tick_all(connection, workspace, batch=batch)
    return workspace


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(events=sightings(), data=st.data())
def test_no_order_and_no_cut_changes_who_is_who_and_what_is_known(connection, events, data):
    expected = outcome(connection, events, batch=len(events))

    for _ in range(2):
        order = data.draw(st.permutations(events))
        batch = data.draw(st.integers(1, len(events)))
        assert outcome(connection, order, batch=batch) == expected


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(events=sightings(), batch=st.integers(1, 4))
def test_every_event_is_somebodys_and_nobody_has_it_twice(connection, events, batch):
    everybody, _ = outcome(connection, events, batch=batch)

    told = sorted(message for person in everybody.values() for message in person.events)
    assert told == sorted(event.message_id for event in events)
    counted = sum(row[3] for person in everybody.values() for row in person.activity)
    assert counted == len(events)
    revenue = sum(Decimal(row[4]) for person in everybody.values() for row in person.activity)
    assert revenue == sum(event.revenue or 0 for event in events)


def test_what_somebody_does_after_their_device_acted_alone_is_theirs(connection):
    login = said("m1", ("user", "u1"), ("device", "a1"))
    alone, again = (said(message_id, ("device", "a1")) for message_id in ("m2", "m3"))
    later = [said(f"later {number}", ("user", "u1")) for number in range(3)]

    everybody, _ = outcome(connection, [login, alone, *later, again], batch=1)

    [person] = everybody.values()
    assert [row[3] for row in person.activity] == [6]


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(events=sightings(), data=st.data())
def test_a_merge_by_hand_and_its_undoing_leave_everybody_as_they_were(connection, events, data):
    workspace = live_through(connection, events, batch=3)
    before = people(connection, workspace), shared(connection, workspace)
    heads = [
        head
        for (head,) in connection.execute(
            "select id from customer where workspace_id = %s and state = 'active' order by id",
            (workspace,),
        )
    ]
    assume(len(heads) > 1)
    one_id, other_id = data.draw(st.permutations(heads))[:2]
    connection.commit()

    with connection.transaction():
        head = merge_customers(
            connection, workspace_id=workspace, one_id=one_id, other_id=other_id, now=NOON
        )
    # There need not be fewer people: an address of both may now be shared, and stand for itself.
    whose = connection.execute(
        "select distinct coalesce(head_id, id) from customer where id in (%s, %s)",
        (one_id, other_id),
    )
    assert whose.fetchall() == [(head,)]
    connection.commit()
    with connection.transaction():
        unmerge_customer(
            connection,
            workspace_id=workspace,
            customer_id=other_id if head == one_id else one_id,
            now=NOON,
        )

    assert (people(connection, workspace), shared(connection, workspace)) == before
