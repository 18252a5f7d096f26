"""The page of webhooks: adding an endpoint, what it was told, sending again, and who may."""

import pytest
from tests.build import NOON
from tests.console.conftest import Client

from dangol.store.connect import Connection

URL = "https://desk.example/in"


@pytest.fixture
def desk(member: Client) -> str:
    """Add an endpoint that hears two kinds; return its secret."""
    wish = {"url": URL, "kinds": ["message.sent", "journey.converted"]}
    answer = member.put("/api/webhooks/desk", json=wish)
    assert answer.status_code == 201, answer.text
    return answer.json()["secret"]


def call(connection: Connection, *, state: str = "failed", hours_ago: int = 1) -> str:
    """A call about minji that is over; return what names it here."""
    row = connection.execute(
        "insert into webhook_call (workspace_id, endpoint_id, kind, customer_id, occurred_at, data,"
        " state, attempts, due_at, settled_at, status, answer) select workspace_id, id,"
        " 'message.sent', 7, %(now)s - make_interval(hours => %(hours)s), '{}', %(state)s, 8, null,"
        " %(now)s, 500, 'oops' from webhook_endpoint returning ref",
        {"now": NOON, "hours": hours_ago, "state": state},
    ).fetchone()
    connection.commit()
    assert row is not None
    return str(row[0])


def states(connection: Connection) -> list[str]:
    rows = connection.execute("select state::text from webhook_call order by id").fetchall()
    connection.commit()
    return [row[0] for row in rows]


def only(member: Client) -> dict[str, object]:
    (endpoint,) = member.get("/api/webhooks").json()["endpoints"]
    return endpoint


def test_a_secret_is_shown_once(member: Client, desk: str):
    endpoint = only(member)
    new = member.post("/api/webhooks/desk/secret", json={"hours": 24}).json()["secret"]

    assert desk.startswith("whsec_")
    assert new.startswith("whsec_")
    assert new != desk
    assert desk not in member.get("/api/webhooks").text
    assert endpoint["standing"] == "well"
    assert endpoint["kinds"] == ["message.sent", "journey.converted"]
    assert only(member)["previous_until"] == "2027-03-03T03:00:00Z"


@pytest.mark.parametrize(
    ("name", "url", "korean"),
    [
        ("desk", "http://desk.example/in", "https로 시작"),
        ("desk", "https://10.0.0.1/in", "공개된 주소"),
        ("desk", "https://localhost/in", "공개된 주소"),
        ("Desk", URL, "영어 소문자"),
    ],
)
def test_what_may_not_be_called_is_said_in_both_languages(
    member: Client, name: str, url: str, korean: str
):
    answer = member.put(f"/api/webhooks/{name}", json={"url": url})

    assert answer.status_code == 400
    assert answer.json()["detail"]
    assert korean in answer.json()["extra"]["message_ko"]
    assert member.get("/api/webhooks").json()["endpoints"] == []


@pytest.mark.usefixtures("desk")
def test_headers_are_named_and_never_told(member: Client):
    value = "Bearer canary-4711"

    put = member.post("/api/webhooks/desk/headers", json={"name": "X-Api-Key", "value": value})
    bad = member.post("/api/webhooks/desk/headers", json={"name": "Host", "value": value})

    assert put.json()["endpoints"][0]["header_names"] == ["X-Api-Key"]
    assert bad.status_code == 400
    assert "Authorization" in bad.json()["extra"]["message_ko"]
    assert "canary" not in put.text + bad.text
    gone = member.delete("/api/webhooks/desk/headers/X-Api-Key").json()
    assert gone["endpoints"][0]["header_names"] == []


@pytest.mark.usefixtures("desk")
def test_one_call_is_sent_again(member: Client, connection: Connection):
    ref = call(connection)
    call(connection)

    (_, told) = member.get("/api/webhooks/desk/calls?stands=failed").json()["calls"]
    again = member.post("/api/webhooks/desk/replay", json={"ref": ref}).json()

    assert told["status"] == 500
    assert told["answer"] == "oops"
    assert told["id"] == f"msg_{told['ref'].replace('-', '')}"
    assert again["calls"] == 1
    assert (again["page"]["endpoints"][0]["waiting"], states(connection)) == (
        1,
        ["waiting", "failed"],
    )


@pytest.mark.usefixtures("desk")
def test_what_failed_lately_is_sent_again(member: Client, connection: Connection):
    for state, hours_ago in (("failed", 1), ("delivered", 1), ("failed", 50)):
        call(connection, state=state, hours_ago=hours_ago)

    failed = member.post("/api/webhooks/desk/replay", json={"hours": 24}).json()["calls"]
    rest = member.post(
        "/api/webhooks/desk/replay", json={"hours": 24, "only_failed": False}
    ).json()["calls"]

    assert (failed, rest) == (1, 1)
    assert states(connection) == ["waiting", "waiting", "failed"]


@pytest.mark.usefixtures("desk")
def test_an_endpoint_says_how_it_stands(member: Client, connection: Connection):
    seen = [only(member)["standing"]]
    for change in (
        "update webhook_endpoint set failures = 2, failing_since = %(now)s",
        "update webhook_endpoint set failures = 10, rests_until = %(now)s + interval '1 minute'",
        "update webhook_endpoint set disabled_at = %(now)s, disabled_because = 'gone'",
    ):
        connection.execute(change.encode(), {"now": NOON})
        connection.commit()
        seen.append(only(member)["standing"])

    enabled = member.post("/api/webhooks/desk/enable").json()["endpoints"][0]

    assert seen == ["well", "failing", "resting", "stopped"]
    assert enabled["standing"] == "well"


@pytest.mark.usefixtures("desk")
def test_a_test_is_on_its_way(member: Client):
    page = member.post("/api/webhooks/desk/test").json()

    (told,) = member.get("/api/webhooks/desk/calls").json()["calls"]
    assert (page["endpoints"][0]["waiting"], told["kind"], told["state"]) == (1, "test", "waiting")


@pytest.mark.usefixtures("desk")
def test_an_endpoint_that_a_journey_calls_stays(member: Client, connection: Connection):
    connection.execute(
        "update journey_step set kind = 'webhook', webhook_name = 'desk', template_id = null,"
        " expires_after = null where number = 1"
    )
    connection.commit()

    kept = member.delete("/api/webhooks/desk")

    assert kept.status_code == 400
    assert "win-back" in kept.json()["extra"]["message_ko"]


@pytest.mark.usefixtures("desk")
def test_only_owners_say_where_to_and_readers_only_look(member: Client, connection: Connection):
    codes = {}
    assert only(member)["url"] == URL
    for role in ("marketer", "reader"):
        connection.execute("update member set role = %s", (role,))
        connection.commit()
        codes[role] = [
            member.put("/api/webhooks/other", json={"url": URL}).status_code,
            member.post("/api/webhooks/desk/secret", json={"hours": 1}).status_code,
            member.post("/api/webhooks/desk/headers", json={"name": "A", "value": "b"}).status_code,
            member.delete("/api/webhooks/desk/headers/A").status_code,
            member.delete("/api/webhooks/desk").status_code,
            member.post("/api/webhooks/desk/test").status_code,
            member.post("/api/webhooks/desk/enable").status_code,
            member.post("/api/webhooks/desk/replay", json={"hours": 1}).status_code,
            member.get("/api/webhooks/desk/calls").status_code,
        ]
        assert only(member)["url"] == "https://desk.example/…"

    assert codes == {
        "marketer": [403] * 5 + [200] * 4,
        "reader": [403] * 8 + [200],
    }


def test_what_is_not_there_is_not_found(member: Client):
    answers = [
        member.delete("/api/webhooks/none"),
        member.post("/api/webhooks/none/test"),
        member.post("/api/webhooks/none/enable"),
        member.post("/api/webhooks/none/secret", json={"hours": 1}),
        member.post("/api/webhooks/none/headers", json={"name": "A", "value": "b"}),
        member.post("/api/webhooks/none/replay", json={"hours": 1}),
        member.get("/api/webhooks/none/calls"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 7
