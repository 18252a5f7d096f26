from datetime import timedelta

import pytest
from tests.build import NOON, customer, give_consent, plan_message
from tests.console.shop import hand_over

from dangol.console.why import ASKED, explain_message
from dangol.console.words import HEADLINES, REASONS
from dangol.guard.decide import decide_messages
from dangol.store.vocabulary import DecisionReason, MessageState


def why(client, customer_id, message_id):
    return client.get(f"/api/customers/{customer_id}/messages/{message_id}/why").json()


def outcomes(story):
    return {rule["reason"]: rule["outcome"] for rule in story["rules"]}


def test_who_never_agreed_is_told_apart_in_plain_words(member, shop):
    story = why(member, shop.jiwoo, shop.unasked)

    assert story["headline"] == {"ko": "보내지 않았어요", "en": "Not sent"}
    assert "동의" in story["explanation"]["ko"]
    assert outcomes(story)["suppressed"] == "passed"
    assert outcomes(story)["no_consent"] == "decided"
    assert outcomes(story)["over_cap"] == "passed"


def test_all_that_spoke_against_it_is_told(connection, workspace, shop):
    message = plan_message(
        connection, workspace, customer_id=shop.jiwoo, entry_key="both", now=NOON
    )
    connection.execute("update message set expires_at = act_at where id = %s", (message,))
    decide_messages(connection, workspace_id=workspace, now=NOON, batch=10)

    story = explain(connection, workspace, shop.jiwoo, message)

    told = {rule.reason: rule.outcome for rule in story.rules if rule.outcome != "passed"}
    assert told == {"no_consent": "decided", "expired": "also"}


def test_who_got_it_came_past_every_question(member, shop):
    story = why(member, shop.minji, shop.sent)

    assert story["headline"]["en"] == "Sent"
    assert set(outcomes(story).values()) == {"passed"}
    assert [one["state"] for one in story["deliveries"]] == ["accepted"]


def test_a_refusal_by_the_mail_server_outranks_the_permission(connection, workspace, shop):
    connection.execute("update delivery set state = 'rejected'")

    story = explain(connection, workspace, shop.minji, shop.sent)

    assert story.headline.en == "Refused by the mail server"
    assert "refused" in story.explanation.en


def test_an_uncertain_attempt_is_called_uncertain(connection, workspace, shop):
    connection.execute("update delivery set state = 'unknown'")

    assert explain(connection, workspace, shop.minji, shop.sent).headline.ko == (
        "보냈는지 확실하지 않아요"
    )


def test_waiting_says_until_when_in_the_shops_time(connection, workspace):
    night = NOON + timedelta(hours=11)
    sori = customer(connection, workspace, name="sori", email="sori@shop.example")
    give_consent(connection, workspace, customer_id=sori)
    message = plan_message(connection, workspace, customer_id=sori, now=night)
    decide_messages(connection, workspace_id=workspace, now=night, batch=10)

    story = explain(connection, workspace, sori, message)

    assert story.headline.ko == "3월 3일 08:00까지 기다리고 있어요"
    assert story.headline.en == "Waiting until 08:00 on 3 March"
    assert "21:00" in story.explanation.en


def test_the_cap_names_its_numbers(connection, workspace):
    sori = customer(connection, workspace, name="sori", email="sori@shop.example")
    give_consent(connection, workspace, customer_id=sori)
    for number in range(3):
        earlier = plan_message(
            connection, workspace, customer_id=sori, entry_key=str(number), state="handed"
        )
        hand_over(connection, workspace, message=earlier, customer_id=sori)
    message = plan_message(connection, workspace, customer_id=sori, entry_key="one too many")
    decide_messages(connection, workspace_id=workspace, now=NOON, batch=10)

    story = explain(connection, workspace, sori, message)

    assert "7일 동안 3통" in story.explanation.ko


def test_a_planned_message_says_that_it_waits_for_its_check(connection, workspace):
    sori = customer(connection, workspace, name="sori")
    message = plan_message(connection, workspace, customer_id=sori)

    story = explain(connection, workspace, sori, message)

    assert story.headline.ko == "아직 확인하기 전이에요"
    assert story.rules == []


def test_a_message_of_somebody_else_is_not_explained(member, shop):
    answer = member.get(f"/api/customers/{shop.minji}/messages/{shop.unasked}/why")

    assert answer.status_code == 404


def test_every_reason_and_every_state_has_words():
    assert set(REASONS) == set(DecisionReason)
    assert set(HEADLINES) == set(MessageState)
    assert set(ASKED) == set(DecisionReason) - {DecisionReason.ALLOWED, DecisionReason.MERGED}


@pytest.mark.parametrize("reason", DecisionReason)
def test_words_mention_only_what_is_known(reason):
    known = dict.fromkeys(("until", "cap_messages", "cap_days", "quiet_from", "quiet_until"), "x")

    for text in (REASONS[reason].explanation, REASONS[reason].advice):
        assert text.ko.format(**known)
        assert text.en.format(**known)


def explain(connection, workspace, customer_id, message_id):
    story = explain_message(
        connection,
        workspace_id=workspace,
        customer_id=customer_id,
        message_id=message_id,
        time_zone="Asia/Seoul",
    )
    assert story is not None
    return story
