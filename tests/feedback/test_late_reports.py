"""A ladder of Brand Message, text message and mail never doubles by what is told late.

Reports come twice, out of order, and after the next rung was planned; what nobody knew the end of
is found to have arrived.
"""

from datetime import datetime, timedelta

import pytest
from tests.app.test_every_channel import always, rows, send
from tests.build import NOON, TEST_VAULT, address, customer, give_consent, reach, template
from tests.channels.vendors import Vendor
from tests.journeys.test_kinds import run
from tests.journeys.test_ladder import tick as tick_at
from tests.journeys.test_ladder import unaccounted, view_cart

from dangol.feedback.reports import record_reports
from dangol.providers.vendor import Fate, FaultKind, Report, ReportKind
from dangol.store.connect import Connection
from dangol.store.vocabulary import Channel

NAME = "fake-neither"
LADDER = """
entry: {event: Cart Viewed, reentry_days: 0}
quiet_after_purchase: none
steps:
  - {name: note, kind: message, template: note, channel: kakao_brand, expires_after: 2 days,
     fallback: [note_lms, note_mail]}
"""
CHANNELS = {0: Channel.KAKAO_BRAND, 1: Channel.SMS, 2: Channel.EMAIL}
SOON = NOON + timedelta(minutes=10)
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def shop(connection: Connection, workspace: int) -> int:
    for name, channel in (("note", "kakao_brand"), ("note_lms", "sms"), ("note_mail", "email")):
        template(connection, workspace, name=name, channel=channel)
    run(connection, workspace, LADDER)
    who = customer(connection, workspace, email=None)
    for channel in ("kakao_brand", "sms"):
        reach(connection, workspace, customer_id=who, channel=channel, value=f"+82-{channel}")
    address(connection, workspace, customer_id=who, email="minji@shop.example")
    for channel in CHANNELS.values():
        give_consent(connection, workspace, customer_id=who, channel=channel)
    view_cart(connection, workspace, who)
    return workspace


def tick(connection: Connection, workspace: int, at: datetime = SOON) -> None:
    connection.commit()
    tick_at(connection, workspace, at)


def leave(
    connection: Connection, workspace: int, rung: int, vendor: Vendor | None = None, at=SOON
) -> str:
    """Hand over what stands on a rung; return what we called it, nothing where nothing left."""
    vendor = vendor or Vendor()
    send(connection, workspace, vendor, channel=CHANNELS[rung], now=at)
    return vendor.taken[0].vendor_id if vendor.taken else ""


def tell(
    connection: Connection,
    workspace: int,
    our_id: str,
    kind: ReportKind,
    *,
    event_id: str = "",
    at: datetime = SOON,
) -> None:
    fault = FaultKind.UNREACHABLE if kind is ReportKind.FAILED else None
    report = Report(
        kind=kind,
        event_id=event_id or f"{kind}:{our_id}",
        occurred_at=at,
        our_id=our_id,
        fault=fault,
    )
    with connection.transaction():
        record_reports(
            connection, [report], workspace_id=workspace, provider=NAME, vault=TEST_VAULT, now=at
        )


def ladder(connection: Connection) -> list[tuple[int, str]]:
    return [
        (rung, state)
        for rung, state in rows(connection, "select rung, state::text from message order by rung")
    ]


def left(connection: Connection) -> int:
    """How many calls a vendor has taken, and nobody found out to have failed."""
    [(count,)] = rows(
        connection,
        "select count(*) from delivery inner join message on message_id = message.id"
        " where delivery.state in ('accepted', 'unknown') and message.state = 'handed'",
    )
    return count


@pytest.fixture
def brand(connection: Connection, shop: int) -> str:
    """The Brand Message has left."""
    return leave(connection, shop, 0, at=NOON)


def test_each_failure_leads_one_rung_down(connection, shop, brand):
    tell(connection, shop, brand, ReportKind.FAILED)
    tick(connection, shop)
    text = leave(connection, shop, 1)
    tell(connection, shop, text, ReportKind.FAILED)
    tick(connection, shop)

    assert leave(connection, shop, 2)
    assert ladder(connection) == [(0, "failed"), (1, "failed"), (2, "handed")]
    assert unaccounted(connection, shop) == []


@pytest.mark.parametrize("event_ids", [("e1", "e1"), ("e1", "e2")])
def test_a_failure_told_twice_leads_down_once(connection, shop, brand, event_ids):
    for event_id in event_ids:
        tell(connection, shop, brand, ReportKind.FAILED, event_id=event_id)
        tick(connection, shop)
    leave(connection, shop, 1)
    tell(connection, shop, brand, ReportKind.FAILED, event_id=event_ids[1])
    tell(connection, shop, brand, ReportKind.FAILED, event_id="e3")
    tick(connection, shop, LATER)

    assert ladder(connection) == [(0, "failed"), (1, "handed")]
    assert not leave(connection, shop, 2, at=LATER)


@pytest.mark.parametrize("arrived", [ReportKind.DELIVERED, ReportKind.CLICKED])
def test_a_failure_told_after_it_arrived_leads_nowhere(connection, shop, brand, arrived):
    tell(connection, shop, brand, arrived)
    tell(connection, shop, brand, ReportKind.FAILED)
    tick(connection, shop)

    assert ladder(connection) == [(0, "handed")]


def test_what_arrived_before_the_tick_saw_the_failure_leads_to_nothing_that_leaves(
    connection, shop, brand
):
    tell(connection, shop, brand, ReportKind.FAILED)
    tell(connection, shop, brand, ReportKind.DELIVERED)
    tick(connection, shop)

    assert ladder(connection) == [(0, "failed"), (1, "skipped")]
    assert unaccounted(connection, shop) == []


def test_what_arrived_while_the_next_rung_waits_stops_it_at_the_door(connection, shop, brand):
    tell(connection, shop, brand, ReportKind.FAILED)
    tick(connection, shop)
    assert ladder(connection) == [(0, "failed"), (1, "allowed")]
    tell(connection, shop, brand, ReportKind.DELIVERED)

    assert not leave(connection, shop, 1)
    tick(connection, shop, LATER)

    assert ladder(connection) == [(0, "failed"), (1, "skipped")]
    assert rows(
        connection, "select stage::text, reason::text from decision where verdict = 'skip'"
    ) == [("hand_off", "already_arrived")]
    assert unaccounted(connection, shop) == []


def test_what_arrived_while_the_next_rung_sleeps_stops_it_in_the_morning(connection, shop, brand):
    night = NOON + timedelta(hours=10)
    tell(connection, shop, brand, ReportKind.FAILED, at=night)
    tick(connection, shop, night)
    assert ladder(connection) == [(0, "failed"), (1, "held")]
    tell(connection, shop, brand, ReportKind.DELIVERED, at=night)
    tick(connection, shop, NOON + timedelta(hours=21))

    assert ladder(connection) == [(0, "failed"), (1, "skipped")]


def test_what_arrived_ends_the_ladder_also_two_rungs_further_down(connection, shop, brand):
    tell(connection, shop, brand, ReportKind.FAILED)
    tick(connection, shop)
    text = leave(connection, shop, 1)
    tell(connection, shop, brand, ReportKind.DELIVERED)
    tell(connection, shop, text, ReportKind.FAILED)
    tick(connection, shop)

    assert ladder(connection) == [(0, "failed"), (1, "failed"), (2, "skipped")]
    assert not leave(connection, shop, 2)


def test_what_arrived_stops_a_rung_that_is_to_be_tried_again(connection, shop, brand):
    tell(connection, shop, brand, ReportKind.FAILED)
    tick(connection, shop)
    leave(connection, shop, 1, Vendor(answer=always(Fate.RETRYABLE, FaultKind.TRANSIENT)))
    tell(connection, shop, brand, ReportKind.DELIVERED)

    assert not leave(connection, shop, 1, at=LATER)
    assert ladder(connection) == [(0, "failed"), (1, "skipped")]


def test_the_next_rung_that_has_left_already_is_the_last(connection, shop, brand):
    """Two may have come then, which nobody can take back; there is no third."""
    tell(connection, shop, brand, ReportKind.FAILED)
    tick(connection, shop)
    leave(connection, shop, 1)
    tell(connection, shop, brand, ReportKind.DELIVERED)
    tick(connection, shop, LATER)

    assert ladder(connection) == [(0, "failed"), (1, "handed")]


@pytest.mark.parametrize(
    ("told", "ends"),
    [
        (None, [(0, "handed")]),
        (ReportKind.DELIVERED, [(0, "handed")]),
        (ReportKind.FAILED, [(0, "failed"), (1, "allowed")]),
    ],
)
def test_what_nobody_knows_the_end_of_falls_only_once_it_surely_failed(
    connection, shop, told, ends
):
    brand = leave(connection, shop, 0, Vendor(answer=always(Fate.UNKNOWN)), at=NOON)
    tick(connection, shop)
    assert ladder(connection) == [(0, "handed")]

    if told:
        tell(connection, shop, brand, told)
    tick(connection, shop)

    assert ladder(connection) == ends
    assert left(connection) == (0 if told is ReportKind.FAILED else 1)
    assert unaccounted(connection, shop) == []


def test_a_failure_of_an_unknown_call_that_then_arrived_leads_to_nothing_that_leaves(
    connection, shop
):
    brand = leave(connection, shop, 0, Vendor(answer=always(Fate.UNKNOWN)), at=NOON)
    tell(connection, shop, brand, ReportKind.FAILED)
    tick(connection, shop)
    tell(connection, shop, brand, ReportKind.DELIVERED)

    assert not leave(connection, shop, 1)
    assert ladder(connection) == [(0, "failed"), (1, "skipped")]
