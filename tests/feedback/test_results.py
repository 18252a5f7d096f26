"""What messages cost and brought: counted with what came last, told from the holdout."""

from datetime import timedelta

import pytest
from tests.app.test_every_channel import rows, send, waiting
from tests.build import NOON, TEST_VAULT, customer, enrollment, one
from tests.channels.vendors import Vendor

from dangol.channels.prices import Price, PricedKind, kind_of, set_price
from dangol.feedback.reports import record_reports
from dangol.feedback.results import (
    By,
    HeldOut,
    Result,
    attribute_conversions,
    compare_held_out,
    count_results,
)
from dangol.providers.vendor import Outgoing, Report, ReportKind, TextNote

NAME = "fake-neither"
HOUR = timedelta(hours=1)
EVENING = NOON + 8 * HOUR


def price(connection, kind: PricedKind = PricedKind.LMS, won: float = 8.4) -> None:
    set_price(connection, Price(provider=NAME, kind=kind, price=won, currency="KRW"))
    connection.commit()


def sent(connection, workspace, name: str = "minji", *, at=NOON) -> int:
    """A text message that was taken at a time."""
    message = waiting(connection, workspace, name=name)
    send(connection, workspace, Vendor())
    connection.execute("update delivery set settled_at = %s where message_id = %s", (at, message))
    connection.commit()
    return message


def convert(connection, message: int, *, at, event: str | None = "o-1", revenue=39_000) -> None:
    """Let the goal of a message's journey be reached."""
    connection.execute(
        "insert into conversion (enrollment_id, workspace_id, journey_id, version_id, customer_id,"
        " message_id, occurred_at, revenue, currency) select enrollment_id, workspace_id,"
        " journey_id, version_id, customer_id, %s, %s, %s, 'KRW' from message where id = %s",
        (event, at, revenue, message),
    )
    connection.commit()


def click(connection, message: int, *, at, confidence: float = 1) -> None:
    connection.execute(
        "insert into receipt (workspace_id, message_id, customer_id, kind, occurred_at,"
        " human_confidence, dedupe_key) select workspace_id, id, customer_id, 'clicked', %s, %s,"
        " %s from message where id = %s",
        (at, confidence, f"click:{message}:{at}", message),
    )
    connection.commit()


def beside(connection, message: int, *, journey: str, at) -> int:
    """Another message to the same customer, of another journey."""
    other = one(
        connection,
        "insert into journey (workspace_id, name, title_ko, title_en, state, version_id,"
        " created_at) select workspace_id, %(name)s, '-', '-', state, version_id, created_at"
        " from journey limit 1 returning id",
        name=journey,
    )
    workspace, who = connection.execute(
        "select workspace_id, customer_id from message where id = %s", (message,)
    ).fetchone()
    inside = enrollment(connection, workspace, journey_id=other, customer_id=who, entry_key="b")
    made = one(
        connection,
        "insert into message (workspace_id, customer_id, enrollment_id, journey_id, version_id,"
        " step_number, visit, template_id, channel, purpose, planned_at, expires_at, state)"
        " select workspace_id, customer_id, %(inside)s, %(journey)s, version_id, step_number,"
        " visit, template_id, channel, purpose, planned_at, expires_at, 'handed' from message"
        " where id = %(id)s returning id",
        inside=inside,
        journey=other,
        id=message,
    )
    connection.execute(
        "insert into delivery (workspace_id, message_id, customer_id, attempt, channel, provider,"
        " address_key, state, claimed_by, claimed_at, lease_until, settled_at) select workspace_id,"
        " %s, customer_id, 1, channel, provider, address_key, state, claimed_by, claimed_at,"
        " lease_until, %s from delivery where message_id = %s",
        (made, at, message),
    )
    connection.commit()
    return made


def attribute(connection, workspace) -> int:
    with connection.transaction():
        return attribute_conversions(connection, workspace_id=workspace, now=EVENING, batch=100)


def results(connection, workspace, by: By = By.JOURNEY) -> list[Result]:
    found = count_results(
        connection,
        workspace_id=workspace,
        by=by,
        since=NOON - timedelta(days=1),
        until=NOON + timedelta(days=1),
    )
    connection.commit()
    return found


def credited(connection, workspace) -> dict[str, int]:
    return {str(one.journey): one.conversions for one in results(connection, workspace)}


def test_what_a_message_costs_stands_beside_its_delivery(connection, workspace):
    price(connection)
    sent(connection, workspace)
    price(connection, won=9)
    sent(connection, workspace, "jiwoo")

    assert rows(connection, "select cost::float, currency from delivery order by id") == [
        (8.4, "KRW"),
        (9.0, "KRW"),
    ]
    (found,) = results(connection, workspace, By.CHANNEL)
    assert (found.channel, found.sent, found.cost) == ("sms", 2, 17.4)


def test_a_message_without_a_price_costs_nothing_known(connection, workspace):
    price(connection, PricedKind.EMAIL)
    sent(connection, workspace)

    assert rows(connection, "select cost from delivery") == [(None,)]


def test_what_the_vendor_tells_takes_the_place_of_the_price(connection, workspace):
    price(connection)
    vendor = Vendor()
    waiting(connection, workspace)
    send(connection, workspace, vendor)
    report = Report(
        kind=ReportKind.DELIVERED,
        event_id="e",
        occurred_at=NOON,
        our_id=vendor.taken[0].vendor_id,
        cost=7.1,
    )
    with connection.transaction():
        record_reports(
            connection,
            [report],
            workspace_id=workspace,
            provider=NAME,
            vault=TEST_VAULT,
            now=NOON,
        )

    assert rows(connection, "select cost::float, currency from delivery") == [(7.1, "KRW")]


@pytest.mark.parametrize(
    ("text", "title", "kind"),
    [
        ("가" * 45, "", PricedKind.SMS),
        ("가" * 45 + "a", "", PricedKind.LMS),
        ("짧아요", "제목", PricedKind.LMS),
    ],
)
def test_a_long_text_is_another_kind(text, title, kind):
    note = TextNote(text=text, title=title)

    assert (
        kind_of(Outgoing(delivery_id=1, vendor_id="", sender="", recipient="", content=note))
        is kind
    )


def test_a_conversion_belongs_to_the_message_that_came_last(connection, workspace):
    first = sent(connection, workspace)
    second = beside(connection, first, journey="later", at=NOON + HOUR)
    for message in (first, second):
        convert(connection, message, at=NOON + 2 * HOUR)

    assert attribute(connection, workspace) == 2
    assert attribute(connection, workspace) == 0
    # The order is one, of however many journeys it was the goal.
    assert credited(connection, workspace) == {"later": 1, "win-back": 0}
    (_, found) = sorted(results(connection, workspace), key=lambda one: one.conversions)
    assert found.revenue == {"KRW": 39_000}


def test_a_persons_click_outranks_what_arrived_later(connection, workspace):
    first = sent(connection, workspace)
    second = beside(connection, first, journey="later", at=NOON + HOUR)
    click(connection, first, at=NOON + timedelta(minutes=10))
    for message in (first, second):
        convert(connection, message, at=NOON + 2 * HOUR)

    attribute(connection, workspace)

    assert credited(connection, workspace) == {"later": 0, "win-back": 1}


def test_a_machines_click_outranks_nothing(connection, workspace):
    first = sent(connection, workspace)
    second = beside(connection, first, journey="later", at=NOON + HOUR)
    click(connection, first, at=NOON + timedelta(minutes=10), confidence=0.1)
    for message in (first, second):
        convert(connection, message, at=NOON + 2 * HOUR)

    attribute(connection, workspace)

    assert credited(connection, workspace) == {"later": 1, "win-back": 0}


def test_what_came_after_the_order_has_no_part_in_it(connection, workspace):
    message = sent(connection, workspace, at=NOON + 3 * HOUR)
    click(connection, message, at=NOON + 3 * HOUR)
    convert(connection, message, at=NOON + 2 * HOUR)

    attribute(connection, workspace)

    (found,) = results(connection, workspace)
    assert (found.conversions, found.unattributed, found.revenue) == (0, 1, {})


def test_what_a_conversion_cost_is_said(connection, workspace):
    price(connection)
    message = sent(connection, workspace)
    sent(connection, workspace, "jiwoo")
    convert(connection, message, at=NOON + HOUR)
    attribute(connection, workspace)

    (found,) = results(connection, workspace, By.MONTH)

    assert (found.month, found.cost, found.cost_per_conversion) == ("2027-03", 16.8, 16.8)


def test_the_holdout_is_compared_by_itself(connection, workspace):
    connection.execute("update workspace set holdout_permille = 500")
    first = sent(connection, workspace)
    (journey,) = rows(connection, "select id from journey")[0]
    for number in range(40):
        who = customer(connection, workspace, name=f"c{number}", email=None)
        enrollment(connection, workspace, journey_id=journey, customer_id=who)
    convert(connection, first, at=NOON + HOUR)

    (found,) = compare_held_out(
        connection, workspace_id=workspace, since=NOON - HOUR, until=NOON + HOUR
    )

    assert found.held_out + found.others == 41
    assert found.held_out > 5
    assert found.held_out_converted + found.others_converted == 1
    assert found.lift is not None


def test_without_a_holdout_nothing_is_compared(connection, workspace):
    sent(connection, workspace)

    assert (
        compare_held_out(connection, workspace_id=workspace, since=NOON - HOUR, until=EVENING) == []
    )


@pytest.mark.parametrize(
    ("ours", "theirs", "low", "high"),
    [
        # Newcombe (1998), table II: method 10.
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
    ],
)
def test_what_the_holdout_tells_lies_between_two_figures(ours, theirs, low, high):
    found = HeldOut(
        journey="win-back",
        others=ours[1],
        others_converted=ours[0],
        held_out=theirs[1],
        held_out_converted=theirs[0],
    )

    assert found.interval == pytest.approx((low, high), abs=5e-5)
    assert found.tells is (low > 0)


def test_an_empty_side_tells_nothing():
    found = HeldOut(
        journey="win-back", others=9, others_converted=1, held_out=0, held_out_converted=0
    )

    assert (found.lift, found.interval, found.tells) == (None, None, False)
