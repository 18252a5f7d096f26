"""The log of decisions over HTTP: nobody is missing from it."""

from datetime import timedelta

import pytest
from litestar.testing import TestClient
from tests.app.test_topics import client, keys  # noqa: F401 - fixtures
from tests.build import NOON, customer, give_consent, open_shop, plan_message, suppress

from dangol.guard.decide import decide_messages
from dangol.store.connect import Connection
from dangol.store.vocabulary import ApiKeyScope


@pytest.fixture
def read(keys):  # noqa: F811 - it is the fixture
    return {"auth": (keys[ApiKeyScope.JOURNEYS_READ], "")}


@pytest.fixture
def crowd(connection: Connection, workspace: int) -> list[int]:
    """Seven customers with a message each: one allowed, three skipped, one held, two not judged."""
    made: list[int] = []
    for number in range(7):
        name = f"c{number}"
        found = customer(connection, workspace, name=name, email=f"{name}@shop.example")
        if number != 1:
            give_consent(connection, workspace, customer_id=found)
        later = NOON + timedelta(hours=1) if number > 4 else NOON
        plan_message(connection, workspace, customer_id=found, now=later)
        made.append(found)
    suppress(connection, workspace, email="c1@shop.example")
    suppress(connection, workspace, email="c2@shop.example")
    connection.execute("update message set expires_at = act_at where customer_id = %s", made[3:4])
    connection.execute(
        "update customer set time_zone = 'America/New_York' where id = %s", made[4:5]
    )
    with connection.transaction():
        decide_messages(connection, workspace_id=workspace, now=NOON, batch=10)
    connection.commit()
    return made


def ask(client: TestClient, read: dict[str, object], **params: object) -> dict:  # noqa: F811
    answer = client.get("/v1/decisions", params=params, **read)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.usefixtures("crowd")
def test_totals_are_the_audience(client, read, connection):  # noqa: F811
    log = ask(client, read, totals=True)

    (audience,) = connection.execute("select count(*) from message").fetchone()
    told = {(one["state"], one["reason"]): one["messages"] for one in log["totals"]}
    assert log["audience"] == audience == sum(told.values())
    assert told == {
        ("planned", None): 2,
        ("held", "quiet_hours"): 1,
        ("skipped", "suppressed"): 2,
        ("skipped", "expired"): 1,
        ("allowed", "allowed"): 1,
    }


@pytest.mark.usefixtures("crowd")
def test_pages_have_every_decision_once(client, read):  # noqa: F811
    seen: list[int] = []
    after = None
    while True:
        page = ask(client, read, limit=2, **({"after": after} if after else {}))
        seen += [one["message"] for one in page["decisions"]]
        after = page["next"]
        if after is None:
            break

    assert len(seen) == len(set(seen)) == 5
    assert seen == sorted(seen)


def test_every_reason_is_told_in_both_languages(client, read, crowd):  # noqa: F811
    (one,) = ask(client, read, customer=crowd[1])["decisions"]

    assert [spoken["reason"] for spoken in one["reasons"]] == ["suppressed", "no_consent"]
    assert one["reasons"][1]["en"] == "You have not agreed to promotions."
    assert "광고" in one["reasons"][1]["ko"]


@pytest.mark.usefixtures("crowd")
def test_it_asks_for_one_message_one_journey_and_a_day(client, read):  # noqa: F811
    first = ask(client, read)["decisions"][0]["message"]

    assert len(ask(client, read, message=first)["decisions"]) == 1
    assert len(ask(client, read, journey="win-back")["decisions"]) == 5
    assert ask(client, read, journey="another", totals=True)["audience"] == 0
    later = (NOON + timedelta(minutes=1)).isoformat()
    assert ask(client, read, since=later, totals=True)["audience"] == 2


@pytest.mark.parametrize(
    ("params", "named"),
    [({"after": "x"}, "after is 'x'"), ({"since": "2027-03-02T00:00:00"}, "add its zone")],
)
def test_what_cannot_be_asked_is_named(client, read, params, named):  # noqa: F811
    answer = client.get("/v1/decisions", params=params, **read)

    assert answer.status_code == 400
    assert named in answer.json()["message"]


def test_why_a_message_came_or_not_is_told(client, read, crowd, connection):  # noqa: F811
    (message,) = connection.execute(
        "select id from message where customer_id = %s", (crowd[1],)
    ).fetchone()
    connection.commit()

    why = client.get(f"/v1/messages/{message}/why", **read).json()

    assert why["headline"]["en"] == "Not sent"
    assert {rule["reason"]: rule["outcome"] for rule in why["rules"]}["no_consent"] == "also"
    assert client.get("/v1/messages/999999/why", **read).status_code == 404


@pytest.mark.usefixtures("crowd")
def test_another_shops_messages_are_not_told(client, read, connection):  # noqa: F811
    connection.commit()
    other = open_shop(connection, name="other")
    theirs = customer(connection, other, name="jiwoo", email="jiwoo@shop.example")
    message = plan_message(connection, other, customer_id=theirs)

    assert ask(client, read, customer=theirs, totals=True)["audience"] == 0
    assert client.get(f"/v1/messages/{message}/why", **read).status_code == 404
