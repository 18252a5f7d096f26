"""What vendors tell afterwards: in any order, twice, about messages of ours and of nobody's."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from tests.app.test_every_channel import always, rows, send, waiting
from tests.build import NOON, TEST_VAULT
from tests.channels.sending import delivery_states, message_state
from tests.channels.vendors import Vendor

from dangol.feedback import vendor_reports
from dangol.feedback.reports import Told, record_parked, record_reports
from dangol.feedback.told import take_told
from dangol.providers.vendor import Fate, FaultKind, Idempotency, Report, ReportKind
from dangol.store.connect import Connection
from dangol.store.vocabulary import Channel, ConsentSource

LATER = NOON + timedelta(minutes=5)
NAME = "fake-neither"


@pytest.fixture
def sent(connection: Connection, workspace: int) -> tuple[int, str]:
    """A message that its vendor took, and what we called it."""
    vendor = Vendor()
    message = waiting(connection, workspace)
    send(connection, workspace, vendor)
    return message, vendor.taken[0].vendor_id


def report(kind: ReportKind, our_id: str = "", *, event_id: str = "e1", **said: object) -> Report:
    return Report(kind=kind, event_id=event_id, occurred_at=NOON, our_id=our_id, **said)


def tell(connection: Connection, workspace: int, *reports: Report) -> Told:
    with connection.transaction():
        return record_reports(
            connection,
            reports,
            workspace_id=workspace,
            provider=NAME,
            vault=TEST_VAULT,
            now=LATER,
            currency="KRW",
        )


def receipts(connection: Connection) -> Sequence[tuple]:
    return rows(connection, "select kind::text from receipt order by id")


def test_the_same_report_twice_is_one_receipt(connection, workspace, sent):
    _, our_id = sent
    delivered = report(ReportKind.DELIVERED, our_id, cost=8.4)

    first = tell(connection, workspace, delivered, delivered)
    again = tell(connection, workspace, delivered)

    assert (first.receipts, again.receipts) == (1, 0)
    assert receipts(connection) == [("delivered",)]
    assert [
        (float(cost), currency)
        for cost, currency in rows(connection, "select cost, currency from delivery")
    ] == [(8.4, "KRW")]


@pytest.mark.parametrize("fault", [FaultKind.UNREACHABLE, FaultKind.PERMANENT, None])
def test_what_will_not_arrive_has_failed(connection, workspace, sent, fault):
    message, our_id = sent

    tell(connection, workspace, report(ReportKind.FAILED, our_id, fault=fault, code="3018"))

    assert message_state(connection, message) == "failed"
    assert delivery_states(connection, message) == ["accepted"]
    assert receipts(connection) == [("bounced",)]
    dead = rows(connection, "select reason::text from suppression")
    assert dead == ([("bounced",)] if fault is FaultKind.PERMANENT else [])


@pytest.mark.parametrize("at_once", [True, False])
def test_what_ever_arrived_does_not_fail_in_whatever_order_that_is_told(
    connection, workspace, sent, at_once
):
    message, our_id = sent
    failed = report(ReportKind.FAILED, our_id, event_id="e2", fault=FaultKind.UNREACHABLE)
    delivered = report(ReportKind.DELIVERED, our_id)

    if at_once:
        tell(connection, workspace, failed, delivered)
    else:
        tell(connection, workspace, delivered)
        tell(connection, workspace, failed)

    assert message_state(connection, message) == "handed"


def test_a_delivery_told_after_the_failure_is_kept_as_a_receipt(connection, workspace, sent):
    message, our_id = sent

    tell(connection, workspace, report(ReportKind.FAILED, our_id, fault=FaultKind.UNREACHABLE))
    tell(connection, workspace, report(ReportKind.DELIVERED, our_id, event_id="e2"))

    assert message_state(connection, message) == "failed"
    assert receipts(connection) == [("bounced",), ("delivered",)]


def test_a_report_settles_what_was_unknown(connection, workspace):
    vendor = Vendor(answer=always(Fate.UNKNOWN))
    arrived, lost = (waiting(connection, workspace, name=name) for name in ("minji", "jiwoo"))
    send(connection, workspace, vendor)
    ids = {message.recipient: message.vendor_id for message in vendor.taken}

    tell(
        connection,
        workspace,
        report(ReportKind.DELIVERED, ids["+82-minji"]),
        report(ReportKind.FAILED, ids["+82-jiwoo"], event_id="e2", fault=FaultKind.UNREACHABLE),
    )

    assert delivery_states(connection, arrived) == ["accepted"]
    assert (delivery_states(connection, lost), message_state(connection, lost)) == (
        ["rejected"],
        "failed",
    )


def test_what_arrived_is_not_repeated_under_its_key(connection, workspace):
    vendor = Vendor(kind=Idempotency.KEYED, answer=always(Fate.UNKNOWN))
    message = waiting(connection, workspace)
    send(connection, workspace, vendor)

    tell(connection, workspace, report(ReportKind.DELIVERED, vendor.taken[0].vendor_id))
    again = send(connection, workspace, vendor, now=LATER)

    assert again.claimed == 0
    assert delivery_states(connection, message) == ["accepted"]
    assert message_state(connection, message) == "handed"


@pytest.mark.parametrize(
    ("kind", "reason"),
    [(ReportKind.OPTED_OUT, "unsubscribed"), (ReportKind.COMPLAINED, "complained")],
)
def test_whoever_refuses_or_complains_has_refused_once(connection, workspace, sent, kind, reason):
    _, our_id = sent

    first = tell(connection, workspace, report(kind, our_id))
    again = tell(connection, workspace, report(kind, our_id, event_id="e2"))

    assert (first.refused, again.refused) == (1, 0)
    assert rows(connection, "select reason::text from suppression") == [(reason,)]
    assert rows(connection, "select state::text from consent") == [("withdrawn",)]
    withdrawn = "select count(*) from consent_entry where action = 'withdraw'"
    assert rows(connection, withdrawn) == [(1,)]


def test_a_report_of_nobodys_message_is_parked_without_its_recipient(connection, workspace):
    told = tell(
        connection,
        workspace,
        report(ReportKind.DELIVERED, vendor_id="V1", recipient="+821012345678"),
    )

    assert told == Told(parked=1)
    [(kept,)] = rows(connection, "select report::text from parked_report")
    assert "8210" not in kept


@pytest.mark.usefixtures("sent")
def test_a_report_that_came_before_our_own_note_is_recorded_later(connection, workspace):
    tell(connection, workspace, report(ReportKind.DELIVERED, vendor_id="V1"))
    connection.execute("update delivery set provider_message_id = 'V1'")

    with connection.transaction():
        told = record_parked(
            connection, workspace_id=workspace, provider=NAME, vault=TEST_VAULT, now=LATER
        )

    assert told.receipts == 1
    assert receipts(connection) == [("delivered",)]
    assert rows(connection, "select 1 from parked_report") == []


def test_a_name_of_another_shop_or_of_another_purpose_is_nobodys(connection, workspace, sent):
    _, our_id = sent

    with connection.transaction():
        other = record_reports(
            connection,
            [report(ReportKind.DELIVERED, our_id)],
            workspace_id=workspace + 1,
            provider=NAME,
            vault=TEST_VAULT,
            now=LATER,
        )

    assert other == Told(parked=1)
    assert tell(connection, workspace, report(ReportKind.DELIVERED, our_id[:-2] + "xx")).parked == 1


def test_a_message_id_of_a_mail_names_its_message_too(connection, workspace, sent):
    _, our_id = sent

    told = tell(connection, workspace, report(ReportKind.OPENED, f"<{our_id}@bounce.shop.example>"))

    assert told.receipts == 1


def test_what_callbacks_have_kept_has_its_consequences_once(connection, workspace, sent):
    _, our_id = sent
    told = vendor_reports.Told(
        provider=NAME,
        reports=[report(ReportKind.DELIVERED, our_id), report(ReportKind.DELIVERED, event_id="e2")],
        names=vendor_reports.Names.NUMBER,
        channels=(Channel.SMS,),
        kind=ConsentSource.FEEDBACK,
        source="reported",
    )
    at = {"workspace_id": workspace, "vault": TEST_VAULT, "now": LATER}

    with connection.transaction():
        vendor_reports.take_reports(connection, told, **at)
        taken = [take_told(connection, batch=10, **at) for _ in range(2)]

    assert taken == [2, 0]
    assert receipts(connection) == [("delivered",)]
    assert rows(connection, "select count(*) from vendor_report where taken_at is null") == [(0,)]


def test_the_graver_reason_not_to_write_stands(connection, workspace, sent):
    _, our_id = sent

    def why_after(kind: ReportKind, event_id: str, **said: object) -> list[tuple]:
        tell(connection, workspace, report(kind, our_id, event_id=event_id, **said))
        return rows(connection, "select reason::text from suppression")

    assert why_after(ReportKind.OPTED_OUT, "e1") == [("unsubscribed",)]
    assert why_after(ReportKind.COMPLAINED, "e2") == [("complained",)]
    assert why_after(ReportKind.OPTED_OUT, "e3") == [("complained",)]
    dead = {"fault": FaultKind.PERMANENT, "code": "5.1.1"}
    assert why_after(ReportKind.FAILED, "e4", **dead) == [("bounced",)]
    assert why_after(ReportKind.COMPLAINED, "e5") == [("bounced",)]
    connection.execute("update suppression set reason = 'manual'")
    connection.commit()
    assert why_after(ReportKind.FAILED, "e6", **dead) == [("manual",)]
