"""Faults of other senders, each lived through by ours: what they lost, sent twice, or hid.

Numbers are those of the projects' own issues; listmonk#1801, a restored copy, is not among them.
"""

import re
import tomllib
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import psycopg
import pytest
from tests.app.test_every_channel import always, send, waiting
from tests.build import NOON
from tests.channels.sending import (
    LEASE,
    allowed_message,
    deliver_to,
    delivery_states,
    mail_server,
    message_state,
)
from tests.channels.vendors import KEY_LASTS, Vendor, outcome, provider
from tests.conftest import REPOSITORY

from dangol.channels.claim import recover_claims
from dangol.channels.rates import resume_provider
from dangol.providers.smtp.fake import Hangup, Script
from dangol.providers.vendor import Fate, FaultKind, Idempotency
from dangol.store.connect import Connection, connect, connect_bare
from dangol.store.crash import _handlers, handle_crashpoints
from dangol.store.migrate import migrate, read_migration, shipped_migrations

SOURCE = REPOSITORY / "src/dangol"
MANY = 24
AUDIENCE = [f"c{number}" for number in range(6)]
LATER = NOON + LEASE + timedelta(minutes=1)
# Outside of functions, whose lines are indented.
TAKES_AWAY = re.compile(r"^(?:drop|truncate|delete)\b.*", re.MULTILINE)
# Where a fault is lived through in a test that is about more than that.
ELSEWHERE = {
    "Mautic#7226: one 554 aborts the batch, again and again": [
        "tests/app/test_every_channel.py::test_a_poison_recipient_holds_up_nobody",
        "tests/providers/test_smtp_trouble.py::test_a_poisonous_recipient_holds_nobody_up",
        "tests/app/test_delivery.py::test_a_poisoned_template_fails_its_own_messages_only",
    ],
    "Mautic#6405: an opt-out leaves what is queued": [
        "tests/app/test_delivery.py::test_a_withdrawal_between_claim_and_hand_off_stops_the_call",
        "tests/optouts/test_slice.py::test_no_call_begins_after_an_opt_out_is_confirmed",
    ],
    "Mautic#2320: who is not to be written to is, by another path": [
        "tests/app/test_delivery.py::test_a_suppression_between_claim_and_hand_off_stops_the_call",
    ],
    "listmonk#1931: done before all is sent": [
        "tests/guard/test_conservation.py::test_the_audience_is_the_sum_of_its_fates",
    ],
    "murmur#141: a replay within the window is taken for a failure": [
        "tests/app/test_every_channel.py::test_a_lost_call_to_a_vendor_with_keys_is_made_again",
    ],
    "dittofeed: no vendor is told our key": [
        "tests/app/test_every_channel.py::test_every_attempt_of_a_note_is_the_same_to_the_byte",
        "tests/app/test_delivery.py::test_every_attempt_of_a_message_carries_the_same_message_id",
    ],
    "any of them, by killing": [
        "tests/crash/test_delivery.py::test_no_class_of_vendor_gets_anything_twice_or_never",
    ],
}


@pytest.fixture
def dies_at():
    """Let whoever works die at a named point, once."""

    def arm(point: str) -> None:
        def die(name: str) -> None:
            if name == point:
                del _handlers[1:]
                raise SystemExit

        handle_crashpoints(die)

    yield arm
    del _handlers[1:]


def recover(connection: Connection, workspace: int, *, now: datetime, keyed: bool = False) -> None:
    lasts = {provider(Idempotency.KEYED).name: KEY_LASTS} if keyed else {}
    with connection.transaction():
        recover_claims(connection, workspace_id=workspace, now=now, keyed=lasts)


def tally(connection: Connection) -> dict[str, int]:
    rows = connection.execute("select state::text, count(*) from message group by state").fetchall()
    connection.commit()
    return dict(rows)


def names_of(vendor: Vendor) -> list[str]:
    return sorted(message.recipient.removeprefix("+82-") for message in vendor.taken)


def test_what_was_fetched_when_a_worker_died_is_not_passed_over(connection, workspace, dies_at):
    """listmonk#3022: the cursor moves when a batch is fetched, and the fetched are never sent."""
    vendor = Vendor()
    for name in AUDIENCE:
        waiting(connection, workspace, name=name)

    dies_at("claim.after_commit")
    with pytest.raises(SystemExit):
        send(connection, workspace, vendor, batch=3)
    recover(connection, workspace, now=LATER)
    send(connection, workspace, vendor, now=LATER)

    assert names_of(vendor) == AUDIENCE


def test_who_goes_on_after_a_pause_begins_where_it_ended(connection, workspace):
    """listmonk#2313, #2070: paused by an error and resumed, it starts from the top."""
    vendor = Vendor()
    for name in AUDIENCE:
        waiting(connection, workspace, name=name)

    send(connection, workspace, vendor, batch=2)
    vendor.answer = always(Fate.RETRYABLE, FaultKind.CONFIGURATION, code="401")
    send(connection, workspace, vendor, batch=2)
    vendor.answer = outcome
    with connection.transaction():
        resume_provider(connection, name=provider().name)
    send(connection, workspace, vendor, now=LATER)

    assert names_of(vendor) == AUDIENCE


def test_nothing_counts_as_sent_that_is_not(connection, workspace, dies_at):
    """listmonk#2168 and five more: finished, says the campaign, and a third got nothing."""
    vendor = Vendor()
    for name in AUDIENCE:
        waiting(connection, workspace, name=name)

    send(connection, workspace, vendor, batch=2)
    dies_at("calling.after_commit")
    with pytest.raises(SystemExit):
        send(connection, workspace, vendor, batch=2)
    recover(connection, workspace, now=LATER)

    assert tally(connection) == {"handed": 4, "allowed": 2}
    assert names_of(vendor) == AUDIENCE[:2]
    states = connection.execute("select state::text from delivery order by id").fetchall()
    assert [state for (state,) in states] == ["accepted"] * 2 + ["unknown"] * 2


def test_no_migration_takes_anything_away():
    """listmonk#3195: what could not be asked counts as not there, and everything is made anew."""
    texts = [read_migration(name).lower() for name in shipped_migrations()]

    assert [found for text in texts for found in TAKES_AWAY.findall(text)] == []


def test_migrating_again_keeps_every_row(connection, workspace, dsn):
    """listmonk#3195: an installer that is run twice."""
    message = waiting(connection, workspace)

    with connect_bare(dsn) as again:
        assert migrate(again) == []

    assert message_state(connection, message) == "allowed"


def test_who_cannot_read_what_was_installed_installs_nothing(connection, workspace, dsn):
    """listmonk#3195: any error of the question is taken for a missing table."""
    message = waiting(connection, workspace)
    connection.execute("alter table migration rename column name to title")
    connection.commit()

    with connect_bare(dsn) as again, pytest.raises(psycopg.errors.UndefinedColumn):
        migrate(again)

    assert message_state(connection, message) == "allowed"


@pytest.mark.parametrize("point", ["vendor.taken", "send.after_accept", "record.before_commit"])
@pytest.mark.parametrize("kind", list(Idempotency))
def test_a_death_between_call_and_record_sends_nothing_twice(
    connection, workspace, dies_at, point, kind
):
    """dittofeed: the result is recorded after the call; a death in between repeats it."""
    vendor = Vendor(kind=kind)
    message = waiting(connection, workspace)
    keyed = kind is Idempotency.KEYED

    dies_at(point)
    with pytest.raises(SystemExit):
        send(connection, workspace, vendor)
    connection.rollback()
    recover(connection, workspace, now=LATER, keyed=keyed)
    again = send(connection, workspace, vendor, now=LATER)

    assert len(vendor.taken) == 1
    assert again.claimed == keyed
    assert delivery_states(connection, message) == (
        ["retryable", "accepted"] if keyed else ["unknown"]
    )


def test_two_that_run_at_once_share_the_work(connection, workspace, dsn):
    """Mautic#2215: two runs read the same spool, and the same Message-ID leaves twice."""
    vendor = Vendor()
    for number in range(MANY):
        waiting(connection, workspace, name=f"c{number}")

    def work(_: int) -> int:
        with connect(dsn) as own:
            return sum(send(own, workspace, vendor, batch=2).accepted for _ in range(MANY))

    with ThreadPoolExecutor(2) as workers:
        accepted = sum(workers.map(work, range(2)))

    assert accepted == len(vendor.taken) == MANY
    assert len({message.vendor_id for message in vendor.taken}) == accepted


def test_the_database_refuses_a_second_message_of_one_decision(connection, workspace):
    """Mautic#3669 and six more: the same mail twice, kept apart by code alone."""
    waiting(connection, workspace)
    columns = (
        "workspace_id, customer_id, enrollment_id, journey_id, version_id, step_number, visit,"
        " template_id, channel, purpose, planned_at, expires_at, state, act_at, allowed_at"
    )

    with pytest.raises(psycopg.errors.UniqueViolation):
        connection.execute(f"insert into message ({columns}) select {columns} from message")  # noqa: S608


@pytest.mark.parametrize("state", ["claimed", "calling", "accepted", "rejected", "unknown"])
def test_the_database_refuses_a_second_attempt_beside_one_that_counts(connection, workspace, state):
    """Mautic#2004: whatever a worker believes, one message is with one vendor at most."""
    waiting(connection, workspace)
    send(connection, workspace, Vendor())
    values = (
        "workspace_id, message_id, customer_id, attempt + 1, channel, provider, address_key,"
        f" '{state}', claimed_by, claimed_at, lease_until,"
        + ("null" if state in {"claimed", "calling"} else "settled_at")
    )

    with pytest.raises(psycopg.errors.UniqueViolation):
        connection.execute(
            "insert into delivery (workspace_id, message_id, customer_id, attempt, channel,"  # noqa: S608
            " provider, address_key, state, claimed_by, claimed_at, lease_until, settled_at)"
            f" select {values} from delivery"
        )


def test_a_mail_server_that_breaks_off_after_it_took_the_mail_gets_no_second(connection, workspace):
    """Devlane#374: a time-out after acceptance, and the job goes back into the queue."""
    message = allowed_message(connection, workspace)

    with mail_server(lambda _: Script(hangup=Hangup.AFTER_STORING)) as server:
        deliver_to(server, connection, workspace)
        server.script = lambda _: Script()
        recover(connection, workspace, now=LATER)
        deliver_to(server, connection, workspace, now=LATER)

    assert len(server.mails) == 1
    assert delivery_states(connection, message) == ["unknown"]


def test_there_is_no_way_around_the_guard():
    """Mautic#2320: sending by hand asks nobody. Here only the delivery loop reaches a vendor."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))
    [door] = [
        contract
        for contract in project["tool"]["importlinter"]["contracts"]
        if contract["name"].startswith("One door")
    ]

    folders = {path.parent.name for path in SOURCE.glob("*/__init__.py")}
    barred = {module.removeprefix("dangol.") for module in door["source_modules"]}

    assert door["forbidden_modules"] == ["dangol.providers.*.sender"]
    assert folders - barred == {"app", "channels", "providers", "store"}


def test_a_replay_that_the_vendor_swallows_is_a_success(connection, workspace):
    """murmur#141: the same key within the window is swallowed, and the sender gives it up."""
    vendor = Vendor(kind=Idempotency.KEYED, answer=always(Fate.UNKNOWN))
    message = waiting(connection, workspace)

    send(connection, workspace, vendor)
    vendor.answer = outcome
    send(connection, workspace, vendor, now=NOON + KEY_LASTS - timedelta(minutes=1))

    assert len(vendor.taken) == 1
    assert message_state(connection, message) == "handed"
    assert delivery_states(connection, message) == ["retryable", "accepted"]


@pytest.mark.parametrize("test", [test for tests in ELSEWHERE.values() for test in tests])
def test_what_is_lived_through_elsewhere_is(test):
    path, name = test.split("::")

    assert f"def {name}(" in (REPOSITORY / path).read_text("utf-8")
