"""A journey that its own messages would start again is refused, and so are two by each other."""

import pytest
from tests.build import template
from tests.journeys.test_references import complaints, publish, text

from dangol.feedback.outcomes import FAILED, NAMES, SENT
from dangol.journeys.restarts import CAUSED
from dangol.store.connect import Connection
from dangol.store.vocabulary import ReceiptKind

NOTE = "  - {name: n, kind: message, template: note}"
TEXT = "  - {name: n, kind: message, template: note_sms, channel: sms}"
BY_WILL = {ReceiptKind.CLICKED, ReceiptKind.REPLIED, ReceiptKind.COMPLAINED}
REFUSAL = "lets people in again by every message that comes of it"


@pytest.fixture(autouse=True)
def templates(connection: Connection, workspace: int) -> None:
    template(connection, workspace)
    template(connection, workspace, name="note_sms", channel="sms")


def sent(more: str = "reentry_days: 0", *, event: str = "Message Sent", **where: str) -> str:
    filters = ", ".join(
        f"{{kind: property, property: {name}, is: {test}}}" for name, test in where.items()
    )
    return f"event: {event}, {more}" + (f", where: [{filters}]" if where else "")


def equals(value: str) -> str:
    return f"{{kind: equals, value: {value}}}"


@pytest.mark.parametrize("event", sorted(CAUSED))
def test_a_journey_that_begins_with_what_becomes_of_its_own_messages(
    connection: Connection, workspace: int, event: str
) -> None:
    again = text(entry=sent(event=event), steps=NOTE)

    assert complaints(connection, workspace, again) == [f"entry.reentry_days: 0 {REFUSAL}: a → a"]


@pytest.mark.parametrize(
    "entry",
    [
        sent("reentry_days: 1"),
        sent("within: 1 day"),
        sent("reentry_days: 0, first_time_only: true"),
        sent(event="Message Link Clicked"),
        sent(event="Message Replied"),
        sent(journey=equals("other")),
        sent(channel=equals("sms")),
        sent(purpose=equals("informational")),
        sent(template="{kind: one_of, values: [welcome, thanks]}"),
        sent(template="{kind: starts_with, text: welc}"),
        sent(template="{kind: contains, text: come}"),
        sent("key: template"),
    ],
)
def test_one_that_its_own_messages_do_not_start_may_begin_with_messages(
    connection: Connection, workspace: int, entry: str
) -> None:
    publish(connection, workspace, text(entry=entry, steps=NOTE))


@pytest.mark.parametrize(
    "entry",
    [
        sent(channel=equals("email")),
        sent(template="{kind: one_of, values: [welcome, note]}"),
        sent(journey="{kind: starts_with, text: a}"),
        sent(purpose="{kind: contains, text: market}"),
        sent(order_id=equals("A-1")),
    ],
)
def test_a_filter_that_its_own_messages_pass_is_no_help(
    connection: Connection, workspace: int, entry: str
) -> None:
    assert complaints(connection, workspace, text(entry=entry, steps=NOTE)) == [
        f"entry.reentry_days: 0 {REFUSAL}: a → a"
    ]


@pytest.mark.parametrize("days", ["reentry_days: 7, ", ""])
def test_a_key_that_is_another_one_of_every_message_is_no_limit(
    connection: Connection, workspace: int, days: str
) -> None:
    again = text(entry=sent(f"{days}key: message_id"), steps=NOTE)

    assert complaints(connection, workspace, again) == [f"entry.key: 'message_id' {REFUSAL}: a → a"]


def test_a_filter_that_cannot_be_asked_is_told_first(
    connection: Connection, workspace: int
) -> None:
    (told,) = complaints(connection, workspace, text(entry=sent(channel="7"), steps=NOTE))

    assert told.startswith("entry.where")


def test_a_rung_of_a_ladder_starts_it_as_well(connection: Connection, workspace: int) -> None:
    ladder = "  - {name: n, kind: message, template: note, fallback: [note_sms]}"
    again = text(entry=sent(channel=equals("sms")), steps=ladder)

    assert complaints(connection, workspace, again) == [f"entry.reentry_days: 0 {REFUSAL}: a → a"]


def test_two_journeys_that_start_each_other(connection: Connection, workspace: int) -> None:
    of_mail, of_texts = sent(channel=equals("email")), sent(channel=equals("sms"))
    publish(connection, workspace, text("b", entry=of_mail, steps=TEXT))

    found = complaints(connection, workspace, text("a", entry=of_texts, steps=NOTE))

    assert found == [f"entry.reentry_days: 0 {REFUSAL}: a → b → a"]


def test_one_that_starts_itself_by_way_of_a_journey_it_enters(
    connection: Connection, workspace: int
) -> None:
    called = text("writes", entry="call: true, reentry_days: 0", steps=NOTE)
    enters = text(entry=sent(), steps="  - {name: e, kind: enter, journey: writes}")
    once = called.replace("reentry_days: 0", "reentry_days: 1")
    publish(connection, workspace, once)
    publish(connection, workspace, enters)

    assert complaints(connection, workspace, called) == [
        f"entry.reentry_days: 0 {REFUSAL}: writes → a → writes"
    ]


def test_journeys_that_only_hear_of_messages_are_in_nobodys_way(
    connection: Connection, workspace: int
) -> None:
    hears = text("hears", entry=sent(), steps="  - {name: u, kind: update, add_tags: [mailed]}")
    publish(connection, workspace, hears)

    publish(connection, workspace, text(entry="event: A, reentry_days: 0", steps=NOTE))


def test_what_comes_of_messages_is_what_feedback_writes() -> None:
    will = {NAMES[kind] for kind in BY_WILL} | {NAMES[ReceiptKind.UNSUBSCRIBED]}

    assert {SENT, FAILED, *NAMES.values()} - will == CAUSED
