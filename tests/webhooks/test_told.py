"""What happens to customers is told, as it happens, to who wants to hear."""

import pytest
from tests.build import (
    NOON,
    customer,
    enrollment,
    give_consent,
    journey,
    open_shop,
    plan_message,
)

from dangol.guard.decide import decide_messages
from dangol.webhooks.endpoints import KINDS


def told(desk) -> list[tuple[str, dict[str, object]]]:
    rows = desk.connection.execute(
        "select kind::text, data from webhook_call order by id"
    ).fetchall()
    desk.connection.commit()
    return rows


def send(desk, message: int, *, state: str) -> None:
    desk.connection.execute(
        "insert into delivery (workspace_id, message_id, customer_id, attempt, channel, provider,"
        " address_key, state, claimed_by, claimed_at, lease_until, calling_at) select"
        " workspace_id, id, customer_id, 1, 'email', 'smtp', 'key', 'calling', 'me', %(now)s,"
        " %(now)s, %(now)s from message where id = %(id)s",
        {"now": NOON, "id": message},
    )
    desk.connection.execute(
        "update delivery set state = %s, settled_at = %s, code = '250' where message_id = %s",
        (state, NOON, message),
    )
    desk.connection.commit()


def test_a_consent_is_told(desk):
    minji = customer(desk.connection, desk.workspace)
    desk.add()

    give_consent(desk.connection, desk.workspace, customer_id=minji)

    [(kind, data)] = told(desk)
    assert kind == "consent.changed"
    assert data["customer"] == {"id": minji, "external_id": "minji"}
    assert (data["action"], data["channel"], data["purpose"]) == ("grant", "email", "marketing")


@pytest.mark.parametrize(
    ("state", "kind"), [("accepted", "message.sent"), ("rejected", "message.failed")]
)
def test_a_message_s_hand_over_is_told(desk, state, kind):
    minji = customer(desk.connection, desk.workspace)
    desk.add(kinds=("message.sent", "message.failed"))
    message = plan_message(desk.connection, desk.workspace, customer_id=minji, state="handed")

    send(desk, message, state=state)

    [(said, data)] = told(desk)
    assert said == kind
    assert data["message"] == {
        "id": message,
        "channel": "email",
        "purpose": "marketing",
        "template": "win-back note",
        "journey": "win-back",
    }


def test_a_skip_is_told_with_its_reason(desk):
    minji = customer(desk.connection, desk.workspace)
    desk.add(kinds=("message.skipped",))
    message = plan_message(desk.connection, desk.workspace, customer_id=minji)

    with desk.connection.transaction():
        _ = decide_messages(desk.connection, workspace_id=desk.workspace, now=NOON, batch=10)

    [(kind, data)] = told(desk)
    assert (kind, data["message"]["id"]) == ("message.skipped", message)
    assert data["reason"] in {"no_address", "no_consent"}


def test_what_became_of_a_message_is_told(desk):
    minji = customer(desk.connection, desk.workspace)
    desk.add()
    message = plan_message(desk.connection, desk.workspace, customer_id=minji, state="handed")
    desk.connection.execute("delete from webhook_call")
    names = [kind.value for kind in KINDS if kind.value.startswith("message.")][3:]

    for name in names:
        desk.connection.execute(
            "insert into receipt (workspace_id, message_id, customer_id, kind, occurred_at,"
            " dedupe_key) values (%s, %s, %s, %s, %s, %s)",
            (desk.workspace, message, minji, name.partition(".")[2], NOON, name),
        )

    assert [kind for kind, _ in told(desk)] == names


def test_an_entry_a_conversion_and_an_end_are_told(desk):
    minji = customer(desk.connection, desk.workspace)
    desk.add(kinds=("journey.entered", "journey.ended", "journey.converted"))
    win_back = journey(desk.connection, desk.workspace)
    inside = enrollment(desk.connection, desk.workspace, journey_id=win_back, customer_id=minji)
    desk.connection.execute(
        "update enrollment set state = 'active', ended_at = null, end_reason = null"
    )
    desk.connection.execute(
        "insert into conversion (enrollment_id, workspace_id, journey_id, version_id, customer_id,"
        " occurred_at, revenue, currency) select id, workspace_id, journey_id, version_id,"
        " customer_id, %s, 39000, 'KRW' from enrollment",
        (NOON,),
    )
    desk.connection.execute(
        "update enrollment set state = 'ended', ended_at = %s, end_reason = 'goal_met'", (NOON,)
    )
    # What was over is not over again.
    desk.connection.execute("update enrollment set planned = 2")

    (entered, entry), (converted, conversion), (ended, end) = told(desk)
    assert (entered, entry["journey"], entry["enrollment"]) == (
        "journey.entered",
        "win-back",
        inside,
    )
    assert (converted, conversion["revenue"], conversion["currency"]) == (
        "journey.converted",
        39000,
        "KRW",
    )
    assert (ended, end["reason"]) == ("journey.ended", "goal_met")


def test_nobody_is_told_what_they_did_not_ask_for(desk):
    minji = customer(desk.connection, desk.workspace)
    desk.add(kinds=("message.clicked",))
    desk.add("given-up")
    desk.connection.execute(
        "update webhook_endpoint set disabled_at = %s, disabled_because = 'gone'"
        " where name = 'given-up'",
        (NOON,),
    )

    give_consent(desk.connection, desk.workspace, customer_id=minji)

    assert told(desk) == []


def test_about_who_wants_to_be_forgotten_nothing_is_planned(desk):
    minji = customer(desk.connection, desk.workspace)
    desk.add()
    desk.connection.execute("update customer set state = 'erased' where id = %s", (minji,))

    give_consent(desk.connection, desk.workspace, customer_id=minji)

    assert told(desk) == []


def test_another_shop_s_endpoint_hears_nothing_of_ours(desk):
    minji = customer(desk.connection, desk.workspace)
    ours, desk.workspace = desk.workspace, open_shop(desk.connection, name="다른 상점")
    desk.add()

    give_consent(desk.connection, ours, customer_id=minji)

    assert told(desk) == []


def test_where_nobody_listens_the_tick_s_tables_keep_nothing_aside(connection):
    """A transition table of a million people's moves would cost as much as their messages."""
    rows = connection.execute(
        "select tgname from pg_trigger where tgname like '%%_tells%%' and tgenabled = 'D'"
    ).fetchall()

    assert {name for (name,) in rows} == {
        "decision_tells",
        "enrollment_tells_of_entries",
        "enrollment_tells_of_ends",
        "conversion_tells",
    }
