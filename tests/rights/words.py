"""The words of the tests about what a person may ask of us."""

from datetime import timedelta
from pathlib import Path

from tests.build import NOON, TEST_VAULT, give_consent, plan_message, unpack
from tests.ingest.words import arrive, owner, tick, told

from dangol.consent.preferences import limit_weekly, snooze, switch_topic
from dangol.consent.topics import save_topic
from dangol.rights.erasure import Tools
from dangol.rights.erasure_log import ErasureLog
from dangol.store.connect import Connection
from dangol.store.lake import Lake, flush_events

# Every table that says anything about a person by their number.
ABOUT_A_PERSON = (
    "identifier",
    "address",
    "device",
    "activity",
    "membership",
    "membership_span",
    "customer_key",
    "topic_refusal",
    "preference",
    "consent_notice",
)


def tools(folder: Path, lake: Lake) -> Tools:
    """What an erasure works with, at the tests' noon; it never really waits."""
    return Tools(
        vault=TEST_VAULT,
        lake=lake,
        log=ErasureLog(folder / "dangol.erasures"),
        clock=lambda _: NOON,
        unpack=lambda connection, _: unpack(connection),
        pause=lambda _: None,
    )


def known(connection: Connection, workspace: int, lake: Lake, *, name: str = "minji") -> int:
    """Somebody with an address, an order in the lake, another in the inbox, and a message due."""
    email = f"{name}@shop.example"
    arrive(
        connection,
        workspace,
        told(
            f"{name}-1",
            name="Order Completed",
            user=name,
            anonymous=f"{name}-phone",
            email=email,
            workspace=workspace,
            properties={"note": f"leave it with {name}'s neighbour"},
            traits={"name": name, "city": "Seoul"},
        ),
    )
    tick(connection, workspace)
    flush_events(connection, lake, workspace_id=workspace, now=NOON)
    arrive(
        connection, workspace, told(f"{name}-2", user=name, properties={"note": f"{name} again"})
    )
    tick(connection, workspace)
    number = owner(connection, "external", name)
    assert number is not None
    give_consent(connection, workspace, customer_id=number)
    plan_message(connection, workspace, customer_id=number)
    choose(connection, workspace, customer_id=number)
    return number


def choose(connection: Connection, workspace: int, *, customer_id: int) -> None:
    """Let somebody switch a topic off, and ask for a rest and two messages a week."""
    topic = save_topic(
        connection, workspace_id=workspace, name="news", title_ko="소식", title_en="News", now=NOON
    )
    at = {"workspace_id": workspace, "customer_id": customer_id, "now": NOON}
    switch_topic(connection, **at, topic_id=topic.id, wanted=False)
    snooze(connection, **at, until=NOON + timedelta(days=30))
    limit_weekly(connection, **at, messages=2)
    connection.commit()


def rows_about(connection: Connection, number: int) -> dict[str, int]:
    """Count the rows about a person, table by table."""
    return {
        table: connection.execute(
            f"select count(*) from {table} where customer_id = %s".encode(),  # noqa: S608 - ours
            (number,),
        ).fetchone()[0]
        for table in ABOUT_A_PERSON
    }
