"""The page of results: what messages came to, in the shop's days and won, and what they cost."""

import csv
import io
from datetime import timedelta

import pytest
from tests.build import NOON
from tests.console.conftest import Client

from dangol.store.connect import Connection

PRICE = {"provider": "solapi", "kind": "lms", "price": 26.5}
DAYS = "first=2027-03-02&last=2027-03-02"


def convert(connection: Connection, *, revenue: int, currency: str = "KRW", key: str = "o") -> None:
    """An order that is counted with the shop's only message that left."""
    connection.execute(
        "insert into attribution (workspace_id, goal_key, occurred_at, revenue, currency,"
        " journey_id, message_id, template_id, channel, clicked, sent_at) select workspace_id, %s,"
        " %s, %s, %s, journey_id, id, template_id, channel, false, %s from message"
        " where state = 'handed'",
        (key, NOON, revenue, currency, NOON),
    )
    connection.commit()


def test_results_are_told_of_journeys_and_of_their_messages(member: Client, connection: Connection):
    connection.execute("update delivery set cost = 26.5, currency = 'KRW'")
    convert(connection, revenue=39_000)
    convert(connection, revenue=20, currency="USD", key="p")

    page = member.get("/api/results").json()

    (journey,) = page["journeys"]
    (message,) = journey["messages"]
    assert (page["first"], page["last"], page["today"]) == (
        "2027-02-01",
        "2027-03-02",
        "2027-03-02",
    )
    assert (journey["name"], message["template"]) == ("win-back", "note")
    assert page["total"] == journey["figures"] == message["figures"]
    assert message["figures"] == {
        "sent": 1,
        "failed": 0,
        "delivered": 0,
        "opened": 1,
        "clicked": 0,
        "replied": 0,
        "complained": 0,
        "unsubscribed": 0,
        "cost": 26.5,
        "conversions": 2,
        "cost_per_conversion": 13.25,
        "revenue": 39_000,
        "other_revenue": {"USD": 20},
    }


def test_days_are_the_shops(member: Client, connection: Connection):
    # A minute to midnight of 2 March in Seoul.
    connection.execute("update delivery set settled_at = %s", (NOON + timedelta(minutes=719),))
    connection.commit()

    same = member.get(f"/api/results?{DAYS}").json()
    later = member.get("/api/results?first=2027-03-03&last=2027-03-03").json()

    assert (same["total"]["sent"], later["total"]["sent"]) == (1, 0)


@pytest.mark.parametrize("days", ["first=2027-03-03", "first=2007-03-03&last=2027-03-02"])
def test_days_that_are_none_are_refused_in_both_languages(member: Client, days: str):
    answer = member.get(f"/api/results?{days}")

    assert answer.status_code == 400
    assert "choose" in answer.json()["detail"]
    assert "기간" in answer.json()["extra"]["message_ko"]


def test_a_holdout_too_small_to_tell_says_so(member: Client, connection: Connection):
    connection.execute("update workspace set holdout_permille = 500")
    connection.commit()

    page = member.get("/api/results").json()

    (journey,) = page["journeys"]
    assert page["held_out"] == 500
    assert journey["comparison"]["held_out"] + journey["comparison"]["others"] == 3
    assert journey["comparison"]["tells"] is False


def test_whoever_came_by_themselves_is_told_apart(member: Client, connection: Connection):
    connection.execute(
        "insert into attribution (workspace_id, goal_key, occurred_at, journey_id)"
        " select workspace_id, 'alone', %s, id from journey",
        (NOON,),
    )
    connection.commit()

    (journey,) = member.get("/api/results").json()["journeys"]

    assert (journey["unattributed"], journey["figures"]["conversions"]) == (1, 0)


@pytest.mark.parametrize(
    ("language", "heading"), [("ko", "사람이 열람"), ("en", "opened by a person")]
)
def test_the_table_is_for_spreadsheets(
    member: Client, connection: Connection, language: str, heading: str
):
    connection.execute("update template set name = '=1+1'")
    connection.commit()

    answer = member.get(f"/api/results/table?language={language}&{DAYS}")

    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert 'filename="results-2027-03-02-2027-03-02.csv"' in answer.headers["content-disposition"]
    assert rows[0][5] == heading
    assert rows[1][:3] == ["win-back", "'=1+1", "1"]
    assert {len(row) for row in rows} == {15}


def test_a_price_is_entered_changed_and_taken_back(member: Client):
    entered = member.put("/api/results/prices", json=PRICE).json()
    changed = member.put("/api/results/prices", json={**PRICE, "price": 30}).json()
    undone = member.put("/api/results/prices", json=PRICE).json()
    removed = member.delete("/api/results/prices/solapi/lms").json()

    assert entered["prices"] == undone["prices"] == [PRICE]
    assert changed["prices"] == [{**PRICE, "price": 30}]
    assert removed["prices"] == []
    assert entered["vendors"] == [
        {"provider": "smtp", "kinds": ["email"]},
        {"provider": "solapi", "kinds": ["alimtalk", "sms", "lms"]},
    ]


def test_a_price_that_cannot_be_is_refused(member: Client):
    answers = [
        member.put("/api/results/prices", json={**PRICE, "price": -1}),
        member.put("/api/results/prices", json={**PRICE, "price": 1_000_000}),
        member.put("/api/results/prices", json={**PRICE, "kind": "push"}),
        member.put("/api/results/prices", json={**PRICE, "provider": "nobody"}),
        member.delete("/api/results/prices/solapi/lms"),
    ]

    assert [answer.status_code for answer in answers] == [400, 400, 404, 404, 404]


@pytest.mark.usefixtures("shop")
def test_readers_see_results_and_enter_no_price(member: Client, connection: Connection):
    connection.execute("update member set role = 'reader'")
    connection.commit()

    assert member.get("/api/results").status_code == 200
    assert member.get("/api/results/table?language=ko").status_code == 200
    assert member.put("/api/results/prices", json=PRICE).status_code == 403
    assert member.delete("/api/results/prices/solapi/lms").status_code == 403
