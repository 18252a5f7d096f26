"""What became of messages comes in as events, once each, where the shop wants them."""

from datetime import timedelta

import pytest
from tests.app.phones import NUMBER, phone_customer, phone_message
from tests.app.test_every_channel import rows, send, waiting
from tests.build import NOON, TEST_VAULT, one, template
from tests.channels.vendors import Vendor, outcome
from tests.journeys.words import publish

from dangol.app.tick import run_tick
from dangol.app.vendor_desks import DESKS
from dangol.feedback.hits import Hit, record_hit
from dangol.feedback.outcomes import write_outcomes
from dangol.feedback.reports import record_reports
from dangol.feedback.told import take_told
from dangol.feedback.vendor_reports import take_reports
from dangol.providers.vendor import Fate, FaultKind, Report, ReportKind
from dangol.store.migrate import ensure_event_partitions
from dangol.store.vocabulary import ReceiptKind

PERSON = "Mozilla/5.0 (Linux; Android 15) Chrome/140 Mobile"
NAME = "fake-neither"
LATER = NOON + timedelta(minutes=5)


@pytest.fixture
def eager(connection, workspace) -> int:
    """A shop that wants events of messages."""
    connection.execute("update workspace set message_events = true")
    ensure_event_partitions(connection, days=[NOON.date()])
    connection.commit()
    return workspace


def write(connection, workspace, *, now=LATER) -> int:
    with connection.transaction():
        return write_outcomes(connection, workspace_id=workspace, now=now, batch=100)


def names(connection) -> list[str]:
    return [name for (name,) in rows(connection, "select name from event order by id")]


def tell(connection, workspace, our_id: str, kind: ReportKind, **said: object) -> None:
    report = Report(kind=kind, event_id=f"{kind}{said}", occurred_at=NOON, our_id=our_id, **said)
    with connection.transaction():
        record_reports(
            connection,
            [report],
            workspace_id=workspace,
            provider=NAME,
            vault=TEST_VAULT,
            now=NOON,
        )


def open_mail(connection, workspace, message: int, agent: str = PERSON) -> None:
    hit = Hit(
        workspace_id=workspace,
        message_id=message,
        kind=ReceiptKind.OPENED,
        link_id=None,
        method="GET",
        user_agent=agent,
    )
    with connection.transaction():
        record_hit(connection, hit=hit, now=NOON)


def test_a_shop_that_does_not_want_them_pays_for_none(connection, workspace):
    vendor = Vendor()
    waiting(connection, workspace)
    send(connection, workspace, vendor)
    tell(connection, workspace, vendor.taken[0].vendor_id, ReportKind.DELIVERED)

    assert one(connection, "select count(*) from untold_outcome") == 0


def test_each_thing_that_became_of_a_message_is_one_event(connection, eager):
    vendor = Vendor()
    message = waiting(connection, eager)
    send(connection, eager, vendor)
    our_id = vendor.taken[0].vendor_id
    tell(connection, eager, our_id, ReportKind.DELIVERED)
    tell(connection, eager, our_id, ReportKind.DELIVERED)
    open_mail(connection, eager, message)
    tell(connection, eager, our_id, ReportKind.REPLIED, detail="왜 아직 안 왔나요?")

    assert write(connection, eager) == 4
    assert write(connection, eager) == 0
    assert names(connection) == [
        "Message Sent",
        "Message Delivered",
        "Message Opened",
        "Message Replied",
    ]
    assert rows(
        connection,
        "select properties ->> 'reply', properties ->> 'channel', properties ->> 'message_id'"
        " from event where name = 'Message Replied'",
    ) == [("complaint", "sms", str(message))]
    # What the person wrote is nowhere.
    assert (
        one(connection, "select count(*) from event where properties::text like '%%왔나요%%'") == 0
    )
    assert rows(connection, "select detail, reply from receipt where kind = 'replied'") == [
        ("", "complaint")
    ]


def test_what_no_vendor_takes_has_failed(connection, eager):
    waiting(connection, eager)
    refusing = Vendor(
        answer=lambda message: outcome(
            message, Fate.REJECTED, fault=FaultKind.UNREACHABLE, code="3018"
        )
    )
    send(connection, eager, refusing)

    write(connection, eager)

    assert rows(connection, "select name, properties ->> 'reason' from event") == [
        ("Message Failed", "3018")
    ]


def test_a_machine_opens_nothing_and_a_person_is_waited_for(connection, eager):
    message = waiting(connection, eager)
    send(connection, eager, Vendor())
    write(connection, eager)
    open_mail(connection, eager, message, agent="Barracuda scan")
    open_mail(connection, eager, message)

    assert write(connection, eager, now=NOON + timedelta(seconds=1)) == 0
    assert write(connection, eager) == 2
    assert names(connection) == ["Message Sent", "Message Opened"]


def test_the_tick_takes_them_like_any_other_event(connection, eager):
    waiting(connection, eager)
    send(connection, eager, Vendor())
    write(connection, eager)

    run_tick(connection, workspace_id=eager, vault=TEST_VAULT, now=LATER, batch=100)

    assert rows(connection, "select event_name, count::integer from activity") == [
        ("Message Sent", 1)
    ]


def test_a_journey_can_be_for_whoever_answers_with_a_complaint(connection, eager):
    template(connection, eager, name="sorry")
    publish(
        connection,
        eager,
        {
            "name": "make-good",
            "title": {"ko": "사과", "en": "Make good"},
            "entry": {
                "event": "Message Replied",
                "where": [
                    {
                        "kind": "property",
                        "property": "reply",
                        "is": {"kind": "equals", "value": "complaint"},
                    }
                ],
            },
            "steps": [{"kind": "message", "name": "sorry", "template": "sorry"}],
        },
        now=NOON,
    )
    for name, said in (("minji", "정말 실망했어요"), ("jiwoo", "고마워요")):
        vendor = Vendor()
        waiting(connection, eager, name=name)
        send(connection, eager, vendor)
        tell(connection, eager, vendor.taken[0].vendor_id, ReportKind.REPLIED, detail=said)
    write(connection, eager)

    run_tick(connection, workspace_id=eager, vault=TEST_VAULT, now=LATER, batch=100)

    assert rows(
        connection,
        "select identifier.key from enrollment inner join journey on journey_id = journey.id"
        " inner join identifier on enrollment.customer_id = identifier.customer_id"
        " where journey.name = 'make-good' and identifier.kind = 'external'",
    ) == [("minji",)]


def test_about_who_is_forgotten_nothing_comes_in(connection, eager):
    waiting(connection, eager)
    send(connection, eager, Vendor())
    connection.execute("update customer set state = 'erased'")
    connection.commit()

    assert write(connection, eager) == 1
    assert names(connection) == []


def answer(connection, workspace, text: str, *, at=LATER, event_id: str = "mo:1") -> None:
    """Let somebody write to the shop's number, as a vendor tells it: from where, and what."""
    report = Report(
        kind=ReportKind.REPLIED,
        event_id=event_id,
        occurred_at=at,
        recipient=NUMBER,
        detail=text,
    )
    with connection.transaction():
        told = DESKS["bizgo"].told("bizgo", [report])
        take_reports(connection, told, workspace_id=workspace, vault=TEST_VAULT, now=at)
    with connection.transaction():
        take_told(connection, workspace_id=workspace, vault=TEST_VAULT, now=at, batch=10)


@pytest.fixture
def texted(connection, workspace) -> int:
    """A text message that has arrived."""
    minji = phone_customer(connection, workspace)
    message = phone_message(connection, workspace, customer_id=minji)
    send(connection, workspace, Vendor())
    return message


def replies(connection) -> list[tuple]:
    return rows(connection, "select message_id, kind::text, reply::text, detail from receipt")


def test_an_answer_to_our_number_answers_the_last_message_that_went_there(
    connection, workspace, texted
):
    answer(connection, workspace, "이 제품 재고 있나요?")
    answer(connection, workspace, "이 제품 재고 있나요?")

    assert replies(connection) == [(texted, "replied", "question", "")]


@pytest.mark.usefixtures("texted")
def test_an_answer_a_month_later_answers_nothing(connection, workspace):
    answer(connection, workspace, "고마워요", at=NOON + timedelta(days=30))

    assert replies(connection) == []


@pytest.mark.usefixtures("texted")
def test_an_answer_that_refuses_is_no_reply(connection, workspace):
    answer(connection, workspace, "수신거부")

    assert replies(connection) == []
    assert set(rows(connection, "select state::text from consent")) == {("withdrawn",)}


@pytest.mark.usefixtures("texted")
def test_an_answer_from_a_stranger_is_nobodys(connection, workspace):
    connection.execute("update address set key = 'other'")
    connection.commit()

    answer(connection, workspace, "고마워요")

    assert replies(connection) == []
