"""Why a customer did or did not get a message."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from dangol.console.answers import (
    DecisionView,
    DeliveryView,
    MessageView,
    RuleOutcome,
    Text,
    Why,
)
from dangol.console.desk import STATEMENTS
from dangol.console.rows import fetch_all, fetch_one
from dangol.console.words import ATTEMPTS, DELIVERED, HEADLINES, NOT_LOOKED_AT, REASONS, Words
from dangol.guard.decide import REASON_OF
from dangol.store.connect import Connection
from dangol.store.vocabulary import DecisionReason, MessageState

# In the order the guard asks; the first yes decides.
ASKED: Final = tuple(REASON_OF.values())[:-1]


def explain_message(
    connection: Connection,
    *,
    workspace_id: int,
    customer_id: int,
    message_id: int,
    time_zone: str,
) -> Why | None:
    """Return the whole story of one message, or None where the customer has no such message."""
    at = {"workspace_id": workspace_id, "customer_id": customer_id, "message_id": message_id}
    message = fetch_one(connection, STATEMENTS["read_message"], MessageView, at)
    if message is None:
        return None
    decisions = fetch_all(connection, STATEMENTS["list_decisions"], DecisionView, at)
    deliveries = fetch_all(connection, STATEMENTS["list_deliveries"], DeliveryView, at)
    facts = facts_of(message, decisions, zone=ZoneInfo(time_zone))
    words = choose_words(decisions, deliveries)
    return Why(
        message=message,
        headline=fill(choose_headline(message, deliveries), *facts),
        explanation=fill(words.explanation, *facts),
        advice=fill(words.advice, *facts),
        rules=judge_rules(decisions),
        decisions=decisions,
        deliveries=deliveries,
    )


def say_why(
    connection: Connection,
    message_id: int,
    *,
    workspace_id: int,
    customer_id: int,
    time_zone: str,
) -> tuple[str, str]:
    """Return why a message was or was not sent, in Korean and in English."""
    why = explain_message(
        connection,
        workspace_id=workspace_id,
        customer_id=customer_id,
        message_id=message_id,
        time_zone=time_zone,
    )
    if why is None:
        return "", ""
    return (
        f"{why.headline.ko}. {why.explanation.ko}",
        f"{why.headline.en}. {why.explanation.en}",
    )


def choose_headline(message: MessageView, deliveries: Sequence[DeliveryView]) -> Text:
    settled = DELIVERED.get(deliveries[-1].state) if deliveries else None
    over = message.state in (MessageState.HANDED, MessageState.FAILED)
    return settled if settled and over else HEADLINES[message.state]


def choose_words(decisions: Sequence[DecisionView], deliveries: Sequence[DeliveryView]) -> Words:
    """Return the words for what settled the message last: the guard, or else the vendor."""
    if not decisions:
        return NOT_LOOKED_AT
    reason = decisions[-1].reason
    if reason is DecisionReason.ALLOWED and deliveries:
        return ATTEMPTS.get(deliveries[-1].state, REASONS[reason])
    return REASONS[reason]


def judge_rules(decisions: Sequence[DecisionView]) -> list[RuleOutcome]:
    """Return every question in order, with what it came to in the last decision."""
    last = decisions[-1] if decisions else None
    # A merge does not ask the guard.
    if last is None or last.reason is DecisionReason.MERGED:
        return []
    return [
        RuleOutcome(
            reason=reason,
            question=REASONS[reason].question,
            outcome="decided"
            if reason is last.reason
            else "also"
            if reason in last.reasons
            else "passed",
        )
        for reason in ASKED
    ]


def facts_of(
    message: MessageView, decisions: Sequence[DecisionView], *, zone: ZoneInfo
) -> tuple[dict[str, str], dict[str, str]]:
    """Return what the sentences may mention, in Korean and in English, in the shop's zone."""
    until = decisions[-1].hold_until if decisions else None
    local = (until or message.act_at or message.planned_at).astimezone(zone)
    common = {
        "cap_messages": str(message.cap_messages),
        "cap_days": str(message.cap_days),
        "quiet_from": message.quiet_from,
        "quiet_until": message.quiet_until,
    }
    return {**common, "until": korean_time(local)}, {**common, "until": english_time(local)}


def korean_time(local: datetime) -> str:
    return f"{local.month}월 {local.day}일 {local:%H:%M}"


def english_time(local: datetime) -> str:
    return f"{local:%H:%M} on {local.day} {local:%B}"


def fill(text: Text, korean: dict[str, str], english: dict[str, str]) -> Text:
    return Text(ko=text.ko.format(**korean), en=text.en.format(**english))
