"""Why a customer did not enter a journey, and where all messages are."""

from collections import Counter
from datetime import timedelta

import pytest
from tests.build import NOON, customer, give_consent, plan_message
from tests.journeys.test_kinds import CART, ORDER, run, say, tick

from dangol.console.entry_words import HURDLES
from dangol.journeys.entry import Hurdle
from dangol.journeys.publish import set_state
from dangol.store.vocabulary import JourneyState

DAY = timedelta(days=1)
VIP = "{kind: trait, trait: grade, is: {kind: equals, value: VIP}}"
STEPS = """
steps:
  - {name: note, kind: message, template: note}
  - {name: rest, kind: wait, for: 3 days}
"""
ON_CART = f"entry: {{event: Cart Viewed}}\n{STEPS}"


@pytest.fixture
def sori(connection, workspace, shop):  # noqa: ARG001 - the shop has the template and the owner
    return customer(connection, workspace, name="sori", email="sori@shop.example")


def entry(member, who, name="cart"):
    answer = member.get(f"/api/customers/{who}/journeys/{name}/entry")
    assert answer.status_code == 200, answer.text
    return answer.json()


def hurdles(told):
    return {one["hurdle"]: one["answer"] for one in told["checks"] if one["answer"] != "passed"}


def did(connection, workspace, who, *, at=NOON, name=CART):
    """They did it once, so far; the folded activity says so."""
    connection.execute(
        "insert into activity (workspace_id, customer_id, event_name, first_at, last_at, count)"
        " values (%s, %s, %s, %s, %s, 1)",
        (workspace, who, name, at, at),
    )
    connection.commit()


def test_who_never_did_what_opens_it_is_told_what_that_is(member, connection, workspace, sori):
    run(connection, workspace, ON_CART)

    told = entry(member, sori)

    assert (told["hurdle"], told["headline"]["en"]) == ("never_happened", "Not entered")
    assert "Cart Viewed" in told["explanation"]["ko"]
    assert told["checks"][0]["says"] == {"ko": "", "en": ""}


def test_what_was_before_the_journey_opened_nothing(member, connection, workspace, sori):
    run(connection, workspace, ON_CART)
    did(connection, workspace, sori, at=NOON - 40 * DAY)

    told = entry(member, sori)

    assert told["hurdle"] == "happened_before"
    assert "2027년 1월 21일 12:00" in told["explanation"]["ko"]


def test_a_paused_journey_outranks_everything_else(member, connection, workspace, sori):
    journey = run(connection, workspace, ON_CART)
    with connection.transaction():
        set_state(connection, journey_id=journey, state=JourneyState.PAUSED, now=NOON)
    connection.commit()

    told = entry(member, sori)

    assert told["hurdle"] == "not_running"
    assert hurdles(told) == {"not_running": "stopped", "never_happened": "stopped"}


def test_the_condition_is_asked_as_they_are_now(member, connection, workspace, sori):
    run(connection, workspace, f"entry: {{event: Cart Viewed, condition: {VIP}}}\n{STEPS}")
    did(connection, workspace, sori)

    before = entry(member, sori)
    say(connection, sori, grade="VIP")
    after = entry(member, sori)

    assert before["hurdle"] == "condition"
    assert (after["hurdle"], after["headline"]["ko"]) == (None, "들어올 수 있어요")


def test_what_came_with_the_event_is_never_guessed(member, connection, workspace, sori):
    where = "[{kind: property, property: total, is: {kind: at_least, value: 5}}]"
    run(connection, workspace, f"entry: {{event: Cart Viewed, where: {where}}}\n{STEPS}")
    did(connection, workspace, sori)

    told = entry(member, sori)

    assert hurdles(told) == {"filter": "perhaps"}
    assert told["headline"]["en"] == "Not certain"


def test_who_has_been_inside_may_not_enter_again(member, connection, workspace, sori):
    run(connection, workspace, ON_CART)
    tick(connection, workspace, (sori, CART, NOON))

    told = entry(member, sori)

    assert (told["hurdle"], told["headline"]["en"]) == ("never_again", "Inside")


def test_within_the_time_of_reentry_it_is_said_when_it_is_over(member, connection, workspace, sori):
    run(
        connection,
        workspace,
        f"entry: {{event: Cart Viewed, reentry_days: 30}}\ngoal: {ORDER}\n{STEPS}",
    )
    tick(connection, workspace, (sori, CART, NOON - DAY))
    tick(connection, workspace, (sori, ORDER, NOON))

    told = entry(member, sori)

    assert (told["hurdle"], told["headline"]["en"]) == ("too_soon", "Has been inside")
    assert "31 March 2027" in told["explanation"]["en"]


def test_who_was_in_the_segment_before_the_journey_is_told_so(member, connection, workspace, shop):
    connection.execute(
        "update membership set entered_at = %s where customer_id = %s", (NOON - DAY, shop.minji)
    )
    connection.commit()
    run(connection, workspace, f"entry: {{segment: lapsed}}\n{STEPS}")

    assert entry(member, shop.minji)["hurdle"] == "in_segment_before"
    jiwoo = entry(member, shop.jiwoo)
    assert jiwoo["hurdle"] == "not_in_segment"
    assert "뜸해진 단골" in jiwoo["explanation"]["ko"]


def test_a_schedule_says_when_it_begins(member, connection, workspace, shop):
    run(
        connection,
        workspace,
        f"entry: {{schedule: {{at: '10:00', every: day, of: lapsed}}}}\n{STEPS}",
    )
    tick(connection, workspace)

    told = entry(member, shop.minji)

    assert hurdles(told) == {"schedule_ahead": "waits"}
    assert told["headline"]["ko"] == "아직 때가 아니에요"
    assert entry(member, shop.jiwoo)["hurdle"] == "not_in_segment"


def test_a_date_that_nobody_knows_is_named(member, connection, workspace, sori):
    run(connection, workspace, f"entry: {{date: {{trait: birthday, yearly: true}}}}\n{STEPS}")

    before = entry(member, sori)
    say(connection, sori, birthday="1990-05-05")

    assert before["hurdle"] == "no_day"
    assert "birthday" in before["explanation"]["en"]
    assert hurdles(entry(member, sori)) == {"day_ahead": "waits"}


def test_whether_its_advertising_would_reach_them_is_told_beside_it(
    member, connection, workspace, shop, sori
):
    run(connection, workspace, ON_CART)
    give_consent(connection, workspace, customer_id=sori)

    assert entry(member, sori)["reach"] == [
        {"channel": "email", "consent": "granted", "address": "reachable"}
    ]
    assert entry(member, shop.jiwoo)["reach"][0]["consent"] is None
    assert entry(member, shop.hana)["reach"][0]["address"] == "suppressed"


def test_the_share_without_advertising_is_the_guards(member, connection, workspace, sori):
    run(connection, workspace, ON_CART)
    before = entry(member, sori)["held_out"]
    connection.execute("update workspace set holdout_permille = 1000")
    connection.commit()

    assert (before, entry(member, sori)["held_out"]) == (False, True)


def test_a_customer_of_another_shop_is_nobodys(member, connection, workspace, shop):
    run(connection, workspace, ON_CART)

    assert member.get("/api/customers/999999/journeys/cart/entry").status_code == 404
    assert member.get(f"/api/customers/{shop.minji}/journeys/none/entry").status_code == 404


def test_every_message_is_listed_with_every_reason(member, shop):
    told = member.get(f"/api/customers/{shop.jiwoo}/messages").json()

    (message,) = told["messages"]
    assert (message["id"], message["verdict"]) == (shop.unasked, "skip")
    assert (message["reasons"], message["looks"]) == (["no_consent"], 1)
    assert told["next_cursor"] is None


def test_messages_are_listed_page_by_page_and_each_once(member, connection, workspace, shop):
    made = [
        plan_message(connection, workspace, customer_id=shop.jiwoo, entry_key=f"n{number}")
        for number in range(60)
    ]
    path = f"/api/customers/{shop.jiwoo}/messages"

    first = member.get(path).json()
    second = member.get(path, params={"cursor": first["next_cursor"]}).json()

    listed = [one["id"] for one in (*first["messages"], *second["messages"])]
    assert listed == sorted([shop.unasked, *made], reverse=True)
    assert second["next_cursor"] is None


def test_the_fates_sum_to_the_audience_and_so_do_the_journeys(member, connection, shop):
    told = member.get("/api/fates").json()

    (messages,) = connection.execute("select count(*) from message").fetchone()
    assert told["audience"] == sum(one["messages"] for one in told["fates"]) == messages
    assert sum(one["messages"] for one in told["journeys"]) == messages
    assert Counter({one["reason"]: one["messages"] for one in told["fates"]}) == Counter(
        allowed=1, no_consent=1, suppressed=1
    )
    assert shop.sent


def test_of_a_journey_only_its_own_messages_count(member, shop):
    (journey,) = member.get("/api/fates").json()["journeys"]

    assert member.get("/api/fates", params={"journey": journey["name"]}).json()["audience"] == 3
    assert member.get("/api/fates", params={"journey": "none"}).json()["fates"] == []
    assert shop.sent


def test_every_hurdle_has_words():
    assert set(HURDLES) == set(Hurdle)


def test_a_condition_about_what_is_gone_is_said_to_be_unknown(member, connection, workspace, sori):
    run(connection, workspace, f"entry: {{event: Cart Viewed, condition: {VIP}}}\n{STEPS}")
    did(connection, workspace, sori)
    connection.execute('update journey_version set entry_condition = \'{"kind": "gone"}\'')
    connection.commit()

    told = entry(member, sori)

    assert hurdles(told) == {"condition": "perhaps"}
    assert "확인할 수 없어요" in told["explanation"]["ko"]


def test_a_journey_that_was_never_published_says_so(member, connection, workspace, sori):
    connection.execute(
        "insert into journey (workspace_id, name, title_ko, title_en, created_at)"
        " values (%s, 'idea', '생각', 'Idea', %s)",
        (workspace, NOON),
    )
    connection.commit()

    told = entry(member, sori, "idea")

    assert (told["hurdle"], told["checks"]) == ("not_running", [])
    assert told["explanation"]["en"].startswith("The journey has never been published")


@pytest.mark.parametrize(
    ("rules", "days", "enters"),
    [
        ("", 0, False),
        (", reentry_days: 3", 2, False),
        (", reentry_days: 3", 4, True),
        (", reentry_days: 0", 0, True),
        (f", reentry_days: 0, condition: {VIP}", 0, False),
    ],
)
def test_what_is_told_is_what_the_tick_then_does(
    member, connection, workspace, sori, rules, days, enters
):
    steps = "steps:\n  - {name: done, kind: exit}\n"
    journey = run(connection, workspace, f"entry: {{event: Cart Viewed{rules}}}\n{steps}")
    at = NOON - days * DAY
    connection.execute(
        "insert into enrollment (workspace_id, journey_id, version_id, customer_id, entry_key,"
        " state, step_number, entered_at, ended_at, end_reason) select workspace_id, id,"
        " version_id, %s, 'earlier', 'ended', 1, %s, %s, 'exited' from journey where id = %s",
        (sori, at, at, journey),
    )
    did(connection, workspace, sori, at=NOON)

    told = entry(member, sori)
    tick(connection, workspace, (sori, CART, NOON))

    (entered,) = connection.execute(
        "select count(*) - 1 from enrollment where journey_id = %s", (journey,)
    ).fetchone()
    assert ((told["hurdle"] is None), entered) == (enters, int(enters))
