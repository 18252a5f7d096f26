"""The page about sending: what a member sees of vendors, changes, takes back, and may not."""

from datetime import timedelta

import pytest
from tests.build import NOON, customer, open_shop, plan_message
from tests.channels.test_dead import CONTENT, dead_letter
from tests.console.shop import EMAIL

from dangol.app.fence import MOVED, pause
from dangol.channels.warm_up import list_warm_ups

PAGE = "/api/sending"
SMTP = "/api/sending/vendors/smtp"
WARM_UP = {"start": 200, "growth": 1.5, "goal": 1000}


@pytest.fixture
def started(connection, fence):
    """An installation whose workers have been started once."""
    fence.meet(connection)
    return fence


def vendor(page, name="smtp"):
    return next(one for one in page["vendors"] if one["name"] == name)


def waiting_message(connection, workspace, *, name, at=NOON):
    found = customer(connection, workspace, name=name, email=f"{name}@shop.example")
    message = plan_message(connection, workspace, customer_id=found, state="allowed")
    connection.execute("update message set act_at = %s where id = %s", (at, message))
    connection.commit()
    return message


def test_vendors_are_told_whether_they_are_set_or_not(member):
    page = member.get(PAGE).json()

    mail, text = vendor(page), vendor(page, "solapi")
    assert (mail["is_set"], mail["health"], mail["taken_today"]) == (True, "well", 1)
    assert (text["is_set"], text["settings"]) == (
        False,
        ["DANGOL_SOLAPI_KEY", "DANGOL_SOLAPI_SECRET"],
    )
    assert (page["shared"], page["gate"]["sends"]) == (False, True)


def test_a_vendor_that_is_no_longer_set_is_shown_with_what_it_left(member, connection):
    connection.execute("insert into provider_state (name) values ('postmark')")
    connection.commit()

    found = vendor(member.get(PAGE).json(), "postmark")

    assert (found["is_set"], found["settings"], found["channels"]) == (False, [], [])


@pytest.mark.parametrize(
    ("row", "health"),
    [
        ("slowed_to = 2", "slowed"),
        ("failures = 3, rests_until = '2027-03-02 03:01Z'", "rests"),
        ("failures = 3, rests_until = '2027-03-02 02:59Z'", "tried"),
        ("paused_because = '535 no', paused_at = '2027-03-02 02:00Z'", "paused"),
    ],
)
def test_how_a_vendor_fares_is_one_word(member, connection, row, health):
    connection.execute("insert into provider_state (name) values ('smtp')")
    connection.execute(f"update provider_state set {row}")  # noqa: S608 - of the cases above
    connection.commit()

    assert vendor(member.get(PAGE).json())["health"] == health


def test_what_waits_is_told_by_lane_with_what_has_a_moment_of_its_own(
    member, connection, workspace
):
    waiting_message(connection, workspace, name="soyeon", at=NOON - timedelta(hours=1))
    waiting_message(connection, workspace, name="yuna", at=NOON + timedelta(minutes=5))

    [lane] = member.get(PAGE).json()["lanes"]

    assert (lane["channel"], lane["purpose"]) == ("email", "marketing")
    assert (lane["waiting"], lane["later"]) == (2, 1)
    assert lane["oldest_at"] == "2027-03-02T02:00:00Z"


def test_today_is_the_shops_day_and_the_last_fault_is_the_vendors_word(
    member, connection, workspace
):
    connection.execute(
        "update delivery set settled_at = %s", (NOON.replace(hour=0) - timedelta(hours=10),)
    )
    connection.commit()
    dead_letter(connection, workspace, CONTENT, name="soyeon")

    mail = vendor(member.get(PAGE).json())

    assert (mail["taken_today"], mail["refused_today"]) == (0, 1)
    assert mail["last_fault"]["fault"] == "content"
    assert mail["last_fault"]["detail"] == "5.6.0 Not this text"


@pytest.mark.usefixtures("started")
def test_a_pause_says_why_and_who_and_is_ended_where_it_was_made(member, connection):
    empty = member.post(f"{PAGE}/pause", json={"because": "  "})
    paused = member.post(f"{PAGE}/pause", json={"because": "we move "}).json()["gate"]
    resumed = member.post(f"{PAGE}/resume", json={"overdue": "send"}).json()["gate"]

    assert empty.status_code == 400
    assert (paused["sends"], paused["by_hand"]) == (False, True)
    assert paused["because"] == f"we move ({EMAIL})"
    assert resumed["sends"]
    assert connection.execute("select paused_at from installation").fetchall() == [(None,)]


@pytest.mark.usefixtures("started")
def test_what_is_due_is_dropped_before_sending_goes_on(member, connection, workspace):
    message = waiting_message(connection, workspace, name="soyeon")
    member.post(f"{PAGE}/pause", json={"because": "we move"}).raise_for_status()

    member.post(f"{PAGE}/resume", json={"overdue": "drop-advertising"}).raise_for_status()

    assert connection.execute(
        "select expires_at from message where id = %s", (message,)
    ).fetchall() == [(NOON,)]


@pytest.mark.usefixtures("started")
def test_what_a_restore_closed_is_not_opened_from_afar(member, connection, workspace):
    message = waiting_message(connection, workspace, name="soyeon")
    pause(connection, because=MOVED)
    connection.commit()

    refused = member.post(f"{PAGE}/resume", json={"overdue": "drop"})

    assert refused.status_code == 409
    gate = member.get(PAGE).json()["gate"]
    assert (gate["sends"], gate["by_hand"], gate["because"]) == (False, False, MOVED)
    [(expires_at,)] = connection.execute(
        "select expires_at from message where id = %s", (message,)
    ).fetchall()
    assert expires_at > NOON


def test_what_never_sent_is_not_paused(member):
    assert member.post(f"{PAGE}/pause", json={"because": "we move"}).status_code == 409


def test_a_vendor_is_limited_and_let_go_on(member, connection):
    connection.execute(
        "insert into provider_state (name, failures, rests_until) values ('smtp', 4, %s)", (NOON,)
    )
    connection.commit()

    limited = vendor(member.put(f"{SMTP}/limit", json={"per_second": 2.5}).json())
    free = vendor(member.put(f"{SMTP}/limit", json={"per_second": None}).json())
    resumed = vendor(member.post(f"{SMTP}/resume").json())

    assert (limited["per_second"], free["per_second"]) == (2.5, None)
    assert (free["failures"], resumed["failures"], resumed["health"]) == (4, 0, "well")


def test_a_receivers_limit_is_set_for_all_its_domains_and_taken_away(member):
    limited = vendor(member.put(f"{SMTP}/receivers/Hanmail.net", json={"per_second": 5}).json())
    free = vendor(member.put(f"{SMTP}/receivers/daum.net", json={"per_second": None}).json())

    [receiver] = limited["receivers"]
    assert (receiver["domain"], receiver["per_second"], receiver["health"]) == (
        "daum.net",
        5,
        "well",
    )
    assert free["receivers"] == []


def test_a_warm_up_that_was_ended_comes_back_as_it_stood(member, connection):
    begun = vendor(member.put(f"{SMTP}/warm-up", json=WARM_UP).json())["warm_up"]
    connection.execute(
        "update provider_warm_up set day = '2027-03-02', days_before = 2, taken = 30"
    )
    connection.commit()
    stood = vendor(member.get(PAGE).json())["warm_up"]
    ended = vendor(member.delete(f"{SMTP}/warm-up").json())["warm_up"]
    names = ("start", "growth", "goal", "day", "taken", "on")
    back = vendor(member.put(f"{SMTP}/warm-up", json={name: stood[name] for name in names}).json())[
        "warm_up"
    ]

    assert (begun["day"], begun["days"], begun["most"], begun["taken"]) == (1, 4, 200, 0)
    assert (stood["day"], stood["most"], stood["taken"]) == (3, 450, 30)
    assert ended is None
    assert back == stood
    assert [one.most for one in list_warm_ups(connection, now=NOON)] == [450]


@pytest.mark.parametrize(
    ("path", "wish", "status"),
    [
        (f"{SMTP}/limit", {"per_second": 0}, 400),
        (f"{SMTP}/receivers/nowhere", {"per_second": 5}, 400),
        (f"{SMTP}/warm-up", {**WARM_UP, "goal": 200}, 400),
        ("/api/sending/vendors/solapi/warm-up", WARM_UP, 400),
        ("/api/sending/vendors/solapi/receivers/naver.com", {"per_second": 5}, 400),
        ("/api/sending/vendors/nobody/limit", {"per_second": 5}, 404),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(member, path, wish, status):
    before = member.get(PAGE).json()

    assert member.put(path, json=wish).status_code == status
    assert member.get(PAGE).json() == before


@pytest.mark.usefixtures("started")
def test_readers_look_and_change_nothing(member, connection):
    connection.execute("update member set role = 'reader'")
    connection.commit()

    assert change_everything(member) == [403] * 7
    assert member.get(PAGE).json()["gate"]["sends"]


@pytest.mark.usefixtures("started")
def test_one_of_several_shops_changes_nothing_of_what_all_share(member, connection):
    open_shop(connection, name="another shop")
    connection.commit()

    assert change_everything(member) == [403] * 7
    assert member.get(PAGE).json()["shared"]


def change_everything(member) -> list[int]:
    answers = [
        member.post(f"{PAGE}/pause", json={"because": "we move"}),
        member.post(f"{PAGE}/resume", json={"overdue": "drop"}),
        member.post(f"{SMTP}/resume"),
        member.put(f"{SMTP}/limit", json={"per_second": 1}),
        member.put(f"{SMTP}/receivers/naver.com", json={"per_second": 1}),
        member.put(f"{SMTP}/warm-up", json=WARM_UP),
        member.delete(f"{SMTP}/warm-up"),
    ]
    return [answer.status_code for answer in answers]
