"""A message that reached nobody goes down its ladder; one that nobody wanted does not."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from tests.build import (
    NOON,
    TEST_VAULT,
    address,
    customer,
    event,
    give_consent,
    reach,
    suppress,
    template,
)
from tests.journeys.test_kinds import run

from dangol.app.clock import STATEMENTS
from dangol.app.tick import tick_until_done
from dangol.store.connect import Connection

DAY = timedelta(days=1)
JOURNEY = """
entry: {event: Cart Viewed, reentry_days: 0}
steps:
  - {name: note, kind: message, template: note, expires_after: 2 days,
     fallback: [note_sms, note_push]}
"""


@pytest.fixture
def shop(connection: Connection, workspace: int) -> int:
    for name, channel in (("note", "email"), ("note_sms", "sms"), ("note_push", "push")):
        template(connection, workspace, name=name, channel=channel)
    run(connection, workspace, JOURNEY)
    return workspace


def person(
    connection: Connection,
    workspace: int,
    *,
    reached_by: Sequence[str] = ("email", "sms", "push"),
    agreed_to: Sequence[str] = ("email", "sms", "push"),
    name: str = "minji",
) -> int:
    """Somebody with addresses on these channels, who agreed to advertising on those."""
    who = customer(connection, workspace, name=name, email=None)
    for channel in reached_by:
        if channel == "email":
            address(connection, workspace, customer_id=who, email=f"{name}@shop.example")
        else:
            reach(connection, workspace, customer_id=who, channel=channel)
    for channel in agreed_to:
        give_consent(connection, workspace, customer_id=who, channel=channel)
    return who


def view_cart(connection: Connection, workspace: int, who: int, at: datetime = NOON) -> None:
    event(connection, workspace, name="Cart Viewed", customer_id=who, occurred_at=at)
    connection.commit()
    tick(connection, workspace, at)


def tick(connection: Connection, workspace: int, at: datetime = NOON) -> None:
    tick_until_done(connection, workspace_id=workspace, vault=TEST_VAULT, now=at, batch=100)


def rungs(connection: Connection) -> list[tuple[int, str, str, int]]:
    """Return each message: its rung, channel, state and how many rungs it has left."""
    with connection.transaction():
        return connection.execute(
            "select rung, channel::text, state::text, rungs_left from message order by visit, rung"
        ).fetchall()


def settle(connection: Connection, state: str) -> None:
    """What a vendor, or the guard at the door, made of the message that was allowed."""
    connection.execute(
        "update message set state = %s, act_at = null where state = 'allowed'", (state,)
    )
    connection.commit()


def unaccounted(connection: Connection, workspace: int) -> list[tuple]:
    with connection.transaction():
        return connection.execute(
            STATEMENTS["find_unaccounted"], {"workspace_id": workspace}
        ).fetchall()


def test_what_reaches_somebody_ends_the_ladder(connection: Connection, shop: int) -> None:
    view_cart(connection, shop, person(connection, shop))

    assert rungs(connection) == [(0, "email", "allowed", 2)]


def test_a_ladder_is_gone_down_within_one_tick(connection: Connection, shop: int) -> None:
    view_cart(connection, shop, person(connection, shop, reached_by=("push",)))

    assert rungs(connection) == [
        (0, "email", "skipped", 0),
        (1, "sms", "skipped", 0),
        (2, "push", "allowed", 0),
    ]
    assert unaccounted(connection, shop) == []


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        ("delete from address where channel = 'email'", "no_address"),
        ("update address set state = 'bounced' where channel = 'email'", "no_address"),
        ("delete from consent where channel = 'email'", "no_consent"),
        (
            "update consent set confirmed_at = '2024-01-01' where channel = 'email'",
            "renewal_overdue",
        ),
        (None, "suppressed"),
    ],
)
def test_what_is_wrong_with_a_channel_leads_to_the_next(
    connection: Connection, shop: int, spoil: str | None, reason: str
) -> None:
    who = person(connection, shop)
    if spoil is None:
        suppress(connection, shop, email="minji@shop.example")
    else:
        connection.execute(spoil.encode())
    view_cart(connection, shop, who)

    assert rungs(connection) == [(0, "email", "skipped", 0), (1, "sms", "allowed", 1)]
    row = connection.execute("select reason from decision order by message_id limit 1").fetchone()
    assert row == (reason,)
    assert unaccounted(connection, shop) == []


@pytest.mark.parametrize(
    ("kakao", "purpose"), [("kakao_alimtalk", "informational"), ("kakao_brand", "marketing")]
)
def test_what_kakao_does_not_let_go_out_leads_to_the_next(
    connection: Connection, workspace: int, kakao: str, purpose: str
) -> None:
    for name, channel in (("note", kakao), ("note_sms", "sms"), ("note_push", "push")):
        template(connection, workspace, name=name, channel=channel, purpose=purpose)
    connection.execute("update template set vendor_code = 'ORDER_1' where name = 'note'")
    connection.execute(
        "insert into vendor_template (provider, channel, code, name, body_text, buttons, state,"
        " comment, since) values ('nhn', %s, 'ORDER_1', 'note', '', '[]', 'stopped', '', %s)",
        (kakao, NOON),
    )
    by_kakao = JOURNEY.replace("template: note,", f"template: note, channel: {kakao},")
    run(connection, workspace, by_kakao)
    reached = (kakao, "sms", "push")
    agreed = reached if purpose == "marketing" else ()
    view_cart(
        connection, workspace, person(connection, workspace, reached_by=reached, agreed_to=agreed)
    )

    assert rungs(connection) == [(0, kakao, "skipped", 0), (1, "sms", "allowed", 1)]
    row = connection.execute("select reason from decision order by message_id limit 1").fetchone()
    assert row == ("template_unapproved",)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (
            (
                "insert into preference (workspace_id, customer_id, snoozed_until, changed_at)"
                " select workspace_id, id, '2027-03-09', '2027-03-02' from customer"
            ),
            "snoozed",
        ),
        ("update workspace set holdout_permille = 1000", "holdout"),
        (
            (
                "insert into preference (workspace_id, customer_id, weekly_messages, changed_at)"
                " select workspace_id, id, 1, '2027-03-02' from customer"
            ),
            "over_wish",
        ),
        ("update workspace set cap_messages = 1", "over_cap"),
    ],
)
def test_who_wants_quiet_is_not_pressed_on_another_channel(
    connection: Connection, shop: int, spoil: str, reason: str
) -> None:
    who = person(connection, shop)
    connection.execute(spoil.encode())
    if reason in {"over_wish", "over_cap"}:
        view_cart(connection, shop, who)
        settle(connection, "handed")
    view_cart(connection, shop, who, NOON + timedelta(hours=1))

    assert rungs(connection)[-1] == (0, "email", "skipped", 0)
    row = connection.execute(
        "select reason from decision order by message_id desc, evaluation desc limit 1"
    ).fetchone()
    assert row == (reason,)


def test_what_no_vendor_took_falls_within_the_time_of_the_first(
    connection: Connection, shop: int
) -> None:
    view_cart(connection, shop, person(connection, shop))
    settle(connection, "failed")
    later = NOON + timedelta(hours=3)
    tick(connection, shop, later)

    assert rungs(connection) == [(0, "email", "failed", 0), (1, "sms", "allowed", 1)]
    [(planned_at, expires_at)] = connection.execute(
        "select planned_at, expires_at from message where rung = 1"
    ).fetchall()
    assert (planned_at, expires_at) == (later, NOON + 2 * DAY)


def test_what_is_no_longer_worth_sending_falls_no_further(
    connection: Connection, shop: int
) -> None:
    view_cart(connection, shop, person(connection, shop))
    settle(connection, "failed")
    tick(connection, shop, NOON + 2 * DAY)

    assert rungs(connection) == [(0, "email", "failed", 0)]


def test_a_failed_rung_counts_against_no_limit(connection: Connection, shop: int) -> None:
    connection.execute("update workspace set daily_messages = 1, cap_messages = 1")
    view_cart(connection, shop, person(connection, shop))
    settle(connection, "failed")
    tick(connection, shop, NOON + timedelta(hours=1))

    assert rungs(connection)[-1] == (1, "sms", "allowed", 1)


def test_every_visit_to_a_step_has_a_ladder_of_its_own(connection: Connection, shop: int) -> None:
    who = person(connection, shop, reached_by=("sms",))
    view_cart(connection, shop, who)
    view_cart(connection, shop, who, NOON + DAY)

    assert [(rung, channel) for rung, channel, *_ in rungs(connection)] == [
        (0, "email"),
        (0, "email"),
        (1, "sms"),
        (1, "sms"),
    ]
    assert unaccounted(connection, shop) == []


def test_a_rung_without_what_stands_above_it_is_found_out(
    connection: Connection, shop: int
) -> None:
    view_cart(connection, shop, person(connection, shop, reached_by=("sms",)))
    connection.execute("update message set state = 'handed' where rung = 0")

    assert ("ladder", 1) in [(law, count) for law, _, _, count in unaccounted(connection, shop)]


def test_a_message_without_a_ladder_is_never_looked_at(
    connection: Connection, workspace: int
) -> None:
    template(connection, workspace)
    run(connection, workspace, JOURNEY.replace("fallback: [note_sms, note_push]", ""))
    view_cart(connection, workspace, person(connection, workspace, reached_by=()))

    assert rungs(connection) == [(0, "email", "skipped", 0)]
