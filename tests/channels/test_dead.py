"""Dead letters: what has not arrived is listed, and tried again only where that is safe."""

from datetime import timedelta

import pytest
from tests.build import NOON, suppress
from tests.channels.sending import (
    allowed_message,
    deliver_to,
    delivery_states,
    mail_server,
    message_state,
)

from dangol.channels.dead import find_dead, list_dead, list_retries, retry_dead, why_not
from dangol.providers.smtp.fake import Hangup, Script
from dangol.providers.vendor import FaultKind
from dangol.store.vocabulary import DeliveryState

CONTENT = Script(content="554 5.6.0 Not this text")
LOST = Script(hangup=Hangup.BEFORE_STORING)
GONE = Script(recipient="550 5.1.1 No such mailbox")


def dead_letter(connection, workspace, script: Script, **message: object):
    """A message that a vendor answered like this until it was over."""
    found = allowed_message(connection, workspace, **message)
    with mail_server(lambda _: script) as server:
        deliver_to(server, connection, workspace)
    return found


def retry(connection, workspace, *numbers: int, even_if_sent: bool = False, now=NOON):
    with connection.transaction():
        return retry_dead(
            connection,
            workspace_id=workspace,
            delivery_ids=numbers,
            asked_by="command minji",
            reason="it is mended",
            even_if_sent=even_if_sent,
            now=now,
        )


def listed(connection, workspace, **asked: object):
    with connection.transaction():
        return list_dead(connection, workspace_id=workspace, **asked)


def deliver_well(connection, workspace) -> list[str]:
    with mail_server() as server:
        deliver_to(server, connection, workspace)
    return [mail.recipient for mail in server.mails]


def test_what_failed_is_listed_with_its_reason_and_the_vendors_words(connection, workspace):
    message = dead_letter(connection, workspace, CONTENT)

    [dead] = listed(connection, workspace)

    assert (dead.message_id, dead.provider, dead.state) == (message, "smtp", "rejected")
    assert (dead.fault, dead.code, dead.detail) == ("content", "5.6.0", "5.6.0 Not this text")
    assert (dead.settled_at, dead.attempt, dead.followed) == (NOON, 1, False)


def test_what_waits_for_another_try_or_has_arrived_is_no_dead_letter(connection, workspace):
    dead_letter(connection, workspace, Script(recipient="450 4.2.0 Later"))
    allowed_message(connection, workspace, name="jiwoo")
    deliver_well(connection, workspace)

    assert listed(connection, workspace) == []


def test_the_list_is_narrowed_and_paged(connection, workspace):
    dead_letter(connection, workspace, CONTENT)
    dead_letter(connection, workspace, GONE, name="jiwoo")
    dead_letter(connection, workspace, LOST, name="soyeon")
    newest, middle, oldest = listed(connection, workspace)

    assert [newest.state, middle.fault, oldest.fault] == ["unknown", "permanent", "content"]
    assert listed(connection, workspace, state=DeliveryState.UNKNOWN) == [newest]
    assert listed(connection, workspace, fault=FaultKind.CONTENT) == [oldest]
    assert listed(connection, workspace, provider="nhn") == []
    assert listed(connection, workspace, most=1) == [newest]
    assert listed(connection, workspace, before=newest.id, most=1) == [middle]


def test_another_workspace_sees_none_of_it(connection, workspace):
    dead_letter(connection, workspace, CONTENT)
    [dead] = listed(connection, workspace)

    assert listed(connection, workspace + 1) == []
    assert retry(connection, workspace + 1, dead.id).retried == []
    with pytest.raises(LookupError, match="dangol delivery list"):
        find_dead(connection, workspace_id=workspace + 1, delivery_id=dead.id)


def test_a_mended_text_is_tried_again_and_who_asked_is_kept(connection, workspace):
    message = dead_letter(connection, workspace, CONTENT)
    [dead] = listed(connection, workspace)

    assert retry(connection, workspace, dead.id).retried == [dead.id]
    assert deliver_well(connection, workspace) == ["minji@shop.example"]

    assert delivery_states(connection, message) == ["retried", "accepted"]
    [kept] = list_retries(connection, workspace_id=workspace, delivery_id=dead.id)
    assert (kept.asked_by, kept.reason, kept.was) == ("command minji", "it is mended", "rejected")
    assert kept.asked_at == NOON
    assert listed(connection, workspace) == []


def test_what_ran_out_of_tries_is_tried_again(connection, workspace):
    message = dead_letter(
        connection,
        workspace,
        Script(recipient="450 4.2.0 Later"),
        lasts=timedelta(seconds=30),
    )
    assert message_state(connection, message) == "failed"
    [dead] = listed(connection, workspace)

    assert retry(connection, workspace, dead.id).retried == [dead.id]
    assert deliver_well(connection, workspace) == ["minji@shop.example"]


def test_a_retry_passes_the_guard_again(connection, workspace):
    message = dead_letter(connection, workspace, CONTENT)
    [dead] = listed(connection, workspace)
    suppress(connection, workspace, email="minji@shop.example")
    connection.commit()

    assert retry(connection, workspace, dead.id).retried == [dead.id]
    assert deliver_well(connection, workspace) == []
    assert message_state(connection, message) == "skipped"


@pytest.mark.parametrize("even_if_sent", [False, True])
def test_a_dead_address_is_never_tried_again(connection, workspace, even_if_sent):
    dead_letter(connection, workspace, GONE)
    [dead] = listed(connection, workspace)

    refused = retry(connection, workspace, dead.id, even_if_sent=even_if_sent).refused

    assert refused == {dead.id: "its address is dead"}
    assert deliver_well(connection, workspace) == []


@pytest.mark.parametrize("fault", ["opt_out", "unreachable", None])
def test_who_wants_no_more_or_is_not_reached_or_was_refused_is_never_tried_again(
    connection, workspace, fault
):
    dead_letter(connection, workspace, CONTENT)
    connection.execute("update delivery set fault = %s", (fault,))
    connection.commit()
    [dead] = listed(connection, workspace)

    assert retry(connection, workspace, dead.id, even_if_sent=True).retried == []


def test_what_may_have_arrived_goes_again_only_where_somebody_accepts_that(connection, workspace):
    message = dead_letter(connection, workspace, LOST)
    [dead] = listed(connection, workspace)

    [why] = retry(connection, workspace, dead.id).refused.values()
    assert "--even-if-sent" in why
    assert deliver_well(connection, workspace) == []

    assert retry(connection, workspace, dead.id, even_if_sent=True).retried == [dead.id]
    assert deliver_well(connection, workspace) == ["minji@shop.example"]
    assert delivery_states(connection, message) == ["retried", "accepted"]


def test_what_has_expired_or_was_taken_over_stays(connection, workspace):
    dead_letter(connection, workspace, CONTENT)
    [dead] = listed(connection, workspace)

    assert "expired" in why_not(dead, even_if_sent=True, now=dead.expires_at)
    connection.execute(
        "insert into message (workspace_id, customer_id, enrollment_id, journey_id, version_id,"
        " step_number, visit, rung, template_id, channel, purpose, planned_at, expires_at, act_at)"
        " select workspace_id, customer_id, enrollment_id, journey_id, version_id, step_number,"
        " visit, 1, template_id, 'sms', purpose, planned_at, expires_at, planned_at from message"
    )
    connection.commit()
    [why] = retry(connection, workspace, dead.id).refused.values()
    assert "ladder" in why


def test_the_same_is_not_tried_again_twice(connection, workspace):
    dead_letter(connection, workspace, CONTENT)
    [dead] = listed(connection, workspace)

    first = retry(connection, workspace, dead.id)
    second = retry(connection, workspace, dead.id, 4_711)

    assert first.retried == [dead.id]
    assert second.refused == {
        dead.id: "it is no dead letter here",
        4_711: "it is no dead letter here",
    }


def test_a_retry_needs_a_reason(connection, workspace):
    with pytest.raises(ValueError, match="say why"):
        retry_dead(
            connection,
            workspace_id=workspace,
            delivery_ids=[1],
            asked_by="command minji",
            reason=" ",
            even_if_sent=False,
            now=NOON,
        )
