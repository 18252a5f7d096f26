"""A turn of the delivery loop, with the real guard, a real mail server and a real database."""

import threading
from datetime import timedelta

import pytest
from psycopg.errors import LockNotAvailable
from tests.build import NOON, TEST_VAULT, suppress, template
from tests.channels.sending import (
    LEASE,
    POST,
    allowed_message,
    claim,
    deliver_to,
    delivery_states,
    mail_server,
    message_state,
)

from dangol.app.delivery import deliver
from dangol.channels.claim import recover_claims
from dangol.consent.ledger import withdraw
from dangol.consent.preferences import switch_topic
from dangol.consent.topics import save_topic
from dangol.feedback.unsubscribe import read_subscription, unsubscribe, wait_for_calls
from dangol.guard.decide import recheck_messages
from dangol.providers.smtp.fake import Hangup, Script
from dangol.providers.vendor import Fate, Outcome
from dangol.store.connect import connect
from dangol.store.crash import _handlers, handle_crashpoints
from dangol.store.vocabulary import Channel, Purpose


def for_minji(script: Script):
    return lambda recipient: script if recipient.startswith("minji") else Script()


@pytest.fixture
def at_crashpoint():
    """Run something of the test's own at a named point of the loop."""

    def run_at(name, action):
        handle_crashpoints(lambda passed: action() if passed == name else None)

    yield run_at
    del _handlers[1:]


def test_an_allowed_message_arrives_and_is_accepted(connection, workspace):
    message = allowed_message(connection, workspace)

    with mail_server() as server:
        delivered = deliver_to(server, connection, workspace)
        again = deliver_to(server, connection, workspace)

    assert (delivered.claimed, delivered.accepted) == (1, 1)
    assert again.claimed == 0
    assert [mail.recipient for mail in server.mails] == ["minji@shop.example"]
    assert delivery_states(connection, message) == ["accepted"]


def test_a_dead_mailbox_gets_a_receipt_and_is_never_written_to_again(connection, workspace):
    message = allowed_message(connection, workspace)
    allowed_message(connection, workspace, name="jiwoo")
    gone = for_minji(Script(recipient="550 5.1.1 No such mailbox"))

    with mail_server(gone) as server:
        delivered = deliver_to(server, connection, workspace)

    assert (delivered.accepted, delivered.rejected) == (1, 1)
    assert message_state(connection, message) == "failed"
    assert connection.execute("select kind, detail from receipt").fetchall() == [
        ("bounced", "5.1.1 5.1.1 No such mailbox")
    ]
    assert connection.execute("select reason from suppression").fetchall() == [("bounced",)]
    assert connection.execute(
        "select state, count(*) from address group by state order by state"
    ).fetchall() == [("reachable", 1), ("bounced", 1)]


def test_a_refused_content_suppresses_nobody(connection, workspace):
    message = allowed_message(connection, workspace)

    with mail_server(for_minji(Script(content="554 5.7.1 Spam"))) as server:
        deliver_to(server, connection, workspace)

    assert message_state(connection, message) == "failed"
    assert connection.execute("select count(*) from suppression").fetchone() == (0,)


def test_a_temporary_refusal_is_tried_again_later(connection, workspace):
    message = allowed_message(connection, workspace)

    with mail_server(for_minji(Script(recipient="451 4.3.0 Later"))) as server:
        deliver_to(server, connection, workspace)
        too_early = deliver_to(server, connection, workspace, now=NOON + timedelta(seconds=59))
        server.script = lambda _: Script()
        delivered = deliver_to(server, connection, workspace, now=NOON + timedelta(seconds=60))

    assert too_early.claimed == 0
    assert delivered.accepted == 1
    assert delivery_states(connection, message) == ["retryable", "accepted"]


@pytest.mark.parametrize("hangup", [Hangup.AFTER_STORING, Hangup.BEFORE_STORING])
def test_an_unknown_outcome_is_shown_and_never_sent_again(connection, workspace, hangup):
    message = allowed_message(connection, workspace)

    with mail_server(for_minji(Script(hangup=hangup))) as server:
        delivered = deliver_to(server, connection, workspace)
        server.script = lambda _: Script()
        recover_claims(connection, workspace_id=workspace, now=NOON + timedelta(days=1))
        connection.commit()
        later = deliver_to(server, connection, workspace, now=NOON + timedelta(days=1))

    assert delivered.unknown == 1
    assert later.claimed == 0
    assert delivery_states(connection, message) == ["unknown"]
    assert len(server.mails) <= 1


def test_a_withdrawal_between_claim_and_hand_off_stops_the_call(
    connection, workspace, dsn, at_crashpoint
):
    message = allowed_message(connection, workspace)

    def withdraw_elsewhere() -> None:
        with connect(dsn) as other, other.transaction():
            (customer,) = other.execute("select customer_id from message").fetchone()
            withdraw(
                other,
                workspace_id=workspace,
                customer_id=customer,
                channel=Channel.EMAIL,
                purpose=Purpose.MARKETING,
                source="phone",
                now=NOON,
            )

    at_crashpoint("claim.after_commit", withdraw_elsewhere)
    with mail_server() as server:
        delivered = deliver_to(server, connection, workspace)

    assert delivered.stopped == 1
    assert server.mails == []
    assert message_state(connection, message) == "skipped"
    assert delivery_states(connection, message) == ["released"]
    assert connection.execute(
        "select stage, verdict, reason from decision order by evaluation desc limit 1"
    ).fetchone() == ("hand_off", "skip", "no_consent")


def test_a_suppression_between_claim_and_hand_off_stops_the_call(
    connection, workspace, dsn, at_crashpoint
):
    allowed_message(connection, workspace)

    def suppress_elsewhere() -> None:
        with connect(dsn) as other:
            suppress(other, workspace, email="minji@shop.example")

    at_crashpoint("claim.after_commit", suppress_elsewhere)
    with mail_server() as server:
        deliver_to(server, connection, workspace)

    assert server.mails == []


class Witness:
    """A sender that lets somebody refuse while it is calling, and notes who finished first."""

    def __init__(self, refuse: threading.Thread, log: list[str]) -> None:
        self.refuse = refuse
        self.log = log

    async def send(self, messages):
        self.refuse.start()
        self.refuse.join(timeout=0.5)
        self.log.append("call over")
        return [
            Outcome(delivery_id=mail.delivery_id, fate=Fate.ACCEPTED, code="250", detail="")
            for mail in messages
        ]


def test_a_refusal_during_a_call_is_confirmed_only_when_the_call_is_over(
    connection, workspace, dsn
):
    message = allowed_message(connection, workspace)
    log: list[str] = []

    def refuse() -> None:
        with connect(dsn) as other:
            with other.transaction():
                found = unsubscribe(
                    other, workspace_id=workspace, message_id=message, source="page", now=NOON
                )
            log.append("recorded")
            assert wait_for_calls(other, subscription=found)
            log.append("confirmed")

    refusing = threading.Thread(target=refuse)
    deliver(
        connection,
        Witness(refusing, log),
        workspace_id=workspace,
        vault=TEST_VAULT,
        post=POST,
        worker="worker-1",
        clock=lambda _: NOON,
    )
    refusing.join()

    assert log == ["recorded", "call over", "confirmed"]


def test_a_topic_cannot_be_switched_off_between_the_guards_look_and_the_call(
    connection, workspace, dsn
):
    message = allowed_message(connection, workspace)
    claim(connection, workspace)
    (minji,) = connection.execute("select id from customer").fetchone()
    topic = save_topic(
        connection, workspace_id=workspace, name="news", title_ko="소식", title_en="News", now=NOON
    )
    connection.commit()
    at = {"workspace_id": workspace, "customer_id": minji, "now": NOON}
    with connection.transaction(), connect(dsn) as other:
        recheck_messages(connection, workspace_id=workspace, message_ids=[message], now=NOON)
        other.execute("set lock_timeout = '200ms'")

        with pytest.raises(LockNotAvailable):
            switch_topic(other, **at, topic_id=topic.id, wanted=False)


def test_waiting_for_a_call_that_never_ends_gives_up(connection, workspace):
    message = allowed_message(connection, workspace)
    connection.execute(
        "insert into delivery (workspace_id, message_id, customer_id, attempt, channel, provider,"
        " address_key, state, claimed_by, claimed_at, lease_until) select workspace_id, id,"
        " customer_id, 1, 'email', 'smtp', 'k', 'calling', 'w', %(now)s, %(now)s from message",
        {"now": NOON},
    )
    connection.commit()
    found = read_subscription(connection, workspace_id=workspace, message_id=message)
    connection.commit()
    pauses: list[float] = []

    assert not wait_for_calls(connection, subscription=found, pause=pauses.append)
    assert sum(pauses) == pytest.approx(30.0)


def test_a_poisoned_template_fails_its_own_messages_only(connection, workspace):
    poison = template(connection, workspace, name="poison", body_text="{% if %}")
    bad = allowed_message(connection, workspace, template_id=poison)
    good = allowed_message(
        connection, workspace, name="jiwoo", template_id=template(connection, workspace)
    )

    with mail_server() as server:
        delivered = deliver_to(server, connection, workspace)

    assert (delivered.accepted, delivered.rejected) == (1, 1)
    assert message_state(connection, bad) == "failed"
    assert delivery_states(connection, good) == ["accepted"]
    assert connection.execute(
        "select code from delivery where message_id = %s", (bad,)
    ).fetchone() == ("unwritable",)


def test_every_attempt_of_a_message_carries_the_same_message_id(connection, workspace):
    message = allowed_message(connection, workspace)

    with mail_server(for_minji(Script(content="451 4.3.0 Later"))) as server:
        deliver_to(server, connection, workspace)
        server.script = lambda _: Script()
        deliver_to(server, connection, workspace, now=NOON + timedelta(minutes=1))

    names = connection.execute(
        "select distinct provider_message_id from delivery where message_id = %s", (message,)
    ).fetchall()
    assert len(names) == 1
    assert f"Message-ID: {names[0][0]}".encode() in server.mails[0].content


def test_a_worker_that_dies_before_the_door_loses_no_message(connection, workspace, at_crashpoint):
    message = allowed_message(connection, workspace)

    def die() -> None:
        raise SystemExit

    at_crashpoint("claim.after_commit", die)
    with mail_server() as server:
        with pytest.raises(SystemExit):
            deliver_to(server, connection, workspace)
        del _handlers[1:]
        later = NOON + LEASE + timedelta(seconds=1)
        recover_claims(connection, workspace_id=workspace, now=later)
        connection.commit()
        delivered = deliver_to(server, connection, workspace, now=later)

    assert delivered.accepted == 1
    assert delivery_states(connection, message) == ["released", "accepted"]
    assert len(server.mails) == 1
