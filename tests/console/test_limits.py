"""The page of limits: what a member sees, changes, takes back, and may not."""

import pytest
from tests.build import NOON
from tests.console.shop import EMAIL

from dangol.consent.topics import save_topic

CAP = {"messages": 1, "days": 30, "channel": "sms", "topic": "coupons"}


@pytest.fixture
def topic(connection, workspace, shop):  # noqa: ARG001 - the topic is the shop's
    with connection.transaction():
        save_topic(
            connection,
            workspace_id=workspace,
            name="coupons",
            title_ko="쿠폰",
            title_en="Coupons",
            now=NOON,
        )
    connection.commit()


@pytest.fixture
def stopped(connection, workspace, shop):  # noqa: ARG001 - the journey is the shop's
    """The shop's note, of whose receivers too many opted out."""
    connection.execute(
        "insert into journey_stop (workspace_id, journey_id, template_id, sent, opt_outs,"
        " share_at_least, opt_out_limit, stopped_at)"
        " select %s, journey.id, template.id, 200, 9, 0.021, 0.01, %s from journey, template",
        (workspace, NOON),
    )
    connection.commit()


def test_limits_are_shown_and_changed_whole(member, connection):
    limits = member.get("/api/limits").json()["limits"]
    wish = {**limits, "daily_messages": 1, "quiet_from": "20:30", "opt_out_limit": 0.005}

    changed = member.put("/api/limits", json=wish)

    assert changed.status_code == 200, changed.text
    assert changed.json()["limits"] == wish == member.get("/api/limits").json()["limits"]
    row = connection.execute("select daily_messages, quiet_from::text from workspace").fetchone()
    assert row == (1, "20:30:00")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cap_messages", 0),
        ("sunset_messages", 1),
        ("send_time_hours", 25),
        ("holdout_permille", 1001),
        ("opt_out_limit", 1),
        ("quiet_from", "25:00"),
        ("cap_days", 2**31),
    ],
)
def test_a_limit_that_cannot_be_changes_nothing(member, name, value):
    before = member.get("/api/limits").json()

    answer = member.put("/api/limits", json={**before["limits"], name: value})

    assert answer.status_code == 400
    assert member.get("/api/limits").json() == before


@pytest.mark.usefixtures("topic")
def test_a_cap_is_set_removed_and_put_back_as_it_was(member):
    kept = member.post("/api/limits/caps", json=CAP).json()["caps"]
    path = "/api/limits/caps/30?channel=sms&topic=coupons"
    removed = member.delete(path).json()["caps"]
    back = member.post("/api/limits/caps", json=kept[0]).json()["caps"]

    assert (kept, removed, back) == ([CAP], [], [CAP])


def test_a_cap_about_no_topic_of_the_shop_is_refused(member):
    assert member.post("/api/limits/caps", json={**CAP, "topic": "none"}).status_code == 404
    assert member.post("/api/limits/caps", json={"messages": 0, "days": 7}).status_code == 400
    assert member.delete("/api/limits/caps/30").status_code == 404


@pytest.mark.usefixtures("stopped")
def test_a_stopped_message_goes_on_and_who_said_so_is_kept(member, connection):
    (stop,) = member.get("/api/limits").json()["stops"]
    wish = {"journey": stop["journey"], "template": stop["template"]}

    after = member.post("/api/limits/stops/resume", json=wish).json()
    again = member.post("/api/limits/stops/resume", json=wish)

    assert (stop["sent"], stop["opt_outs"], stop["refused_because"]) == (200, 9, None)
    assert after["stops"] == []
    assert again.status_code == 404
    assert connection.execute("select resumed_by from journey_stop").fetchall() == [
        (f"member {EMAIL}",)
    ]


def test_templates_say_what_they_are_about_and_worth(member, connection):
    connection.execute("update template set expected_value = 1200.50, last_chance = true")
    connection.commit()

    (template,) = member.get("/api/limits").json()["templates"]

    assert (template["topic"], template["expected_value"]) == ("", "1200.50")
    assert (template["last_chance"], template["similar_goods"]) == (True, False)


@pytest.mark.usefixtures("topic", "stopped")
def test_readers_look_and_change_nothing(member, connection):
    connection.execute("update member set role = 'reader'")
    connection.commit()
    page = member.get("/api/limits").json()
    stop = page["stops"][0]

    answers = [
        member.put("/api/limits", json=page["limits"]),
        member.post("/api/limits/caps", json=CAP),
        member.delete("/api/limits/caps/30"),
        member.post(
            "/api/limits/stops/resume",
            json={"journey": stop["journey"], "template": stop["template"]},
        ),
    ]

    assert [answer.status_code for answer in answers] == [403] * 4
    assert member.get("/api/limits").json() == page
