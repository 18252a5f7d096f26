"""Nobody is silently skipped: every message is in exactly one place, and a decision says why."""

from collections import Counter
from datetime import datetime, time, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql
from tests.build import NOON, customer, give_consent, journey, plan_message, suppress

from dangol.guard.decide import decide_messages, recheck_messages
from dangol.store.connect import Connection

# In an order their references allow.
EMPTIED = (
    "decision",
    "message",
    "enrollment",
    "journey_step",
    "journey_version",
    "journey",
    "template",
    "suppression",
    "consent",
    "address",
    "identifier",
    "customer",
)
HOURS = st.integers(0, 96)
PEOPLE = st.fixed_dictionaries(
    {
        "consent": st.booleans(),
        "address": st.booleans(),
        "suppressed": st.booleans(),
        "zone": st.sampled_from([None, "Asia/Seoul", "America/New_York", "nowhere"]),
        "planned": st.lists(HOURS, max_size=6),
    }
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    people=st.lists(PEOPLE, min_size=1, max_size=4),
    looks=st.lists(HOURS, min_size=1, max_size=6),
    quiet=st.tuples(st.integers(0, 23), st.integers(0, 23)),
    batch=st.integers(1, 5),
)
def test_the_audience_is_the_sum_of_its_fates(
    connection: Connection,
    workspace: int,
    people: list[dict[str, object]],
    looks: list[int],
    quiet: tuple[int, int],
    batch: int,
) -> None:
    empty(connection)
    connection.execute(
        "update workspace set quiet_from = %s, quiet_until = %s", tuple(map(time, quiet))
    )
    journey(connection, workspace)
    audience = sum(invite(connection, workspace, n, person) for n, person in enumerate(people))

    for hour in sorted(looks):
        look(connection, workspace, now=NOON + timedelta(hours=hour), batch=batch)
        assert_conserved(connection, audience=audience)


def empty(connection: Connection) -> None:
    connection.rollback()
    connection.execute("update journey set version_id = null")
    for table in EMPTIED:
        connection.execute(sql.SQL("delete from {}").format(sql.Identifier(table)))
    connection.commit()


def invite(connection: Connection, workspace: int, number: int, person: dict[str, object]) -> int:
    """Make one customer and their messages; return how many."""
    email = f"{number}@shop.example"
    made = customer(
        connection,
        workspace,
        name=f"person {number}",
        email=email if person["address"] else None,
        time_zone=person["zone"],
    )
    if person["consent"]:
        give_consent(connection, workspace, customer_id=made)
    if person["suppressed"]:
        suppress(connection, workspace, email=email)
    for entry, hour in enumerate(person["planned"]):
        plan_message(
            connection,
            workspace,
            customer_id=made,
            entry_key=f"{entry}",
            now=NOON + timedelta(hours=hour),
        )
    return len(person["planned"])


def look(connection: Connection, workspace: int, *, now: datetime, batch: int) -> None:
    """Judge what is due, and hand over what is allowed, with the second look."""
    with connection.transaction():
        decide_messages(connection, workspace_id=workspace, now=now, batch=batch)
    with connection.transaction():
        handed = connection.execute(
            "update message set state = 'handed', act_at = null where state = 'allowed'"
            " returning id"
        ).fetchall()
        recheck_messages(
            connection, workspace_id=workspace, message_ids=[each for (each,) in handed], now=now
        )


def assert_conserved(connection: Connection, *, audience: int) -> None:
    states = Counter(
        state for (state,) in connection.execute("select state from message").fetchall()
    )
    fates = Counter(
        verdict
        for (verdict,) in connection.execute(
            "select distinct on (message_id) verdict from decision"
            " order by message_id, evaluation desc"
        ).fetchall()
    )
    over = connection.execute(
        "select count(*) from message a where (select count(*) from message b where b.customer_id"
        " = a.customer_id and b.allowed_at between a.allowed_at and a.allowed_at"
        " + interval '7 days' - interval '1 second') > 3"
    ).fetchone()
    assert states.total() == audience
    assert (states["handed"], states["held"], states["skipped"]) == (
        fates["allow"],
        fates["hold"],
        fates["skip"],
    )
    assert fates.total() + states["planned"] == audience
    assert over == (0,)
