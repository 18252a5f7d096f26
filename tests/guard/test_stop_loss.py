"""A message that too many opt out of stops by itself, and goes on when somebody says so."""

from datetime import timedelta

import pytest
from tests.build import NOON, customer, give_consent, plan_message
from tests.guard.test_rules import decide, decisions

from dangol.guard.stop_loss import list_stops, resume_message, stop_losses
from dangol.store.connect import Connection


def send(
    connection: Connection, workspace: int, *, sent: int, opt_outs: int, kind: str = "unsubscribed"
) -> None:
    """Let so many have got the journey's message an hour ago, and so many opted out of it since."""
    plan_message(
        connection,
        workspace,
        customer_id=customer(connection, workspace),
        state="handed",
        now=NOON - timedelta(hours=1),
    )
    connection.execute(
        "insert into enrollment (workspace_id, journey_id, version_id, customer_id, entry_key,"
        " state, step_number, entered_at, ended_at, end_reason) select workspace_id, journey_id,"
        " version_id, customer_id, 'more ' || n, state, step_number, entered_at, ended_at,"
        " end_reason from enrollment cross join generate_series(2, %s) as n",
        (sent,),
    )
    connection.execute(
        "insert into message (workspace_id, customer_id, enrollment_id, journey_id, version_id,"
        " step_number, visit, template_id, channel, purpose, planned_at, expires_at, state,"
        " allowed_at) select message.workspace_id, message.customer_id, enrollment.id,"
        " message.journey_id, message.version_id, 1, 1, template_id, channel, purpose, planned_at,"
        " expires_at, message.state, allowed_at from message cross join enrollment"
        " where enrollment.entry_key like 'more %'"
    )
    connection.execute(
        "insert into receipt (workspace_id, message_id, customer_id, kind, occurred_at, dedupe_key)"
        " select workspace_id, message.id, customer_id, %s, %s, message.id::text from message"
        " order by message.id limit %s",
        (kind, NOON - timedelta(minutes=5), opt_outs),
    )


@pytest.mark.parametrize("kind", ["unsubscribed", "complained"])
def test_too_many_opt_outs_stop_a_message(
    connection: Connection, workspace: int, kind: str
) -> None:
    send(connection, workspace, sent=500, opt_outs=25, kind=kind)

    over = stop_losses(connection, workspace_id=workspace, now=NOON)

    assert [(one.journey, one.sent, one.opt_outs) for one in over] == [("win-back", 500, 25)]
    [stop] = list_stops(connection)
    assert (stop.journey, stop.template) == ("win-back", "win-back note")
    assert 0.01 < stop.share_at_least < 0.05


@pytest.mark.parametrize(("sent", "opt_outs"), [(500, 5), (500, 9), (20, 2), (500, 0)])
def test_few_opt_outs_or_few_messages_stop_nothing(
    connection: Connection, workspace: int, sent: int, opt_outs: int
) -> None:
    send(connection, workspace, sent=sent, opt_outs=opt_outs)

    assert stop_losses(connection, workspace_id=workspace, now=NOON) == []
    assert list_stops(connection) == []


def test_a_stopped_message_is_stopped_once(connection: Connection, workspace: int) -> None:
    send(connection, workspace, sent=500, opt_outs=25)

    stop_losses(connection, workspace_id=workspace, now=NOON)

    assert stop_losses(connection, workspace_id=workspace, now=NOON) == []
    assert len(list_stops(connection)) == 1


def test_a_clicked_message_is_no_opt_out(connection: Connection, workspace: int) -> None:
    send(connection, workspace, sent=500, opt_outs=25, kind="clicked")

    assert stop_losses(connection, workspace_id=workspace, now=NOON) == []


def test_a_shop_may_bear_more(connection: Connection, workspace: int) -> None:
    send(connection, workspace, sent=500, opt_outs=25)
    connection.execute("update workspace set opt_out_limit = 0.1")

    assert stop_losses(connection, workspace_id=workspace, now=NOON) == []


def test_what_is_stopped_waits_and_goes_on_when_somebody_says_so(
    connection: Connection, workspace: int
) -> None:
    send(connection, workspace, sent=500, opt_outs=25)
    stop_losses(connection, workspace_id=workspace, now=NOON)
    jiwoo = customer(connection, workspace, name="jiwoo", email="jiwoo@shop.example")
    give_consent(connection, workspace, customer_id=jiwoo)
    message = plan_message(connection, workspace, customer_id=jiwoo)
    template = list_stops(connection)[0].template

    decide(connection, workspace)
    before = decisions(connection)[message]
    resume_message(
        connection, workspace_id=workspace, journey="win-back", template=template, by="me", now=NOON
    )
    decide(connection, workspace)

    assert before == ("hold", "message_stopped")
    assert decisions(connection)[message] == ("allow", "allowed")
    # The old opt-outs do not stop it again.
    assert stop_losses(connection, workspace_id=workspace, now=NOON) == []


def test_only_what_is_stopped_can_go_on(connection: Connection, workspace: int) -> None:
    with pytest.raises(LookupError, match="no stopped message"):
        resume_message(
            connection, workspace_id=workspace, journey="x", template="y", by="me", now=NOON
        )
