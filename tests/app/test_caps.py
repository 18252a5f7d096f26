"""Limits on a channel or a topic, on the command line and over HTTP."""

import json

import pytest
from tests.app.test_customer import opened  # noqa: F401 - a fixture
from tests.app.test_topics import NEWS, client, keys  # noqa: F401 - fixtures
from tests.build import open_shop

from dangol.app.cli import main
from dangol.guard.caps import list_caps
from dangol.store.vocabulary import ApiKeyScope

WEEKLY = {"messages": 2, "days": 7, "channel": "sms", "topic": None}
MONTHLY = {"messages": 1, "days": 30, "channel": None, "topic": "new-arrivals"}


def test_a_server_sets_changes_lists_and_removes_limits(client, keys):  # noqa: F811
    read = {"auth": (keys[ApiKeyScope.JOURNEYS_READ], "")}
    write = {"auth": (keys[ApiKeyScope.JOURNEYS_WRITE], "")}
    client.post("/v1/topics", json=NEWS, **write)

    for cap in (MONTHLY, {**WEEKLY, "messages": 5}, WEEKLY):
        assert client.post("/v1/caps", json=cap, **write).json() == cap
    listed = client.get("/v1/caps", **read).json()["caps"]
    removed = client.delete("/v1/caps/7", params={"channel": "sms"}, **write)

    assert listed == [MONTHLY, WEEKLY]
    assert removed.status_code == 204
    assert client.get("/v1/caps", **read).json()["caps"] == [MONTHLY]


@pytest.mark.parametrize(
    ("cap", "named"),
    [
        ({"messages": 0, "days": 7}, "messages"),
        ({"messages": 1, "days": 7, "topic": "nothing"}, "There is no topic 'nothing'"),
    ],
)
def test_a_limit_that_cannot_be_is_refused(client, keys, cap, named):  # noqa: F811
    answer = client.post("/v1/caps", json=cap, auth=(keys[ApiKeyScope.JOURNEYS_WRITE], ""))

    assert answer.status_code == 400
    assert named in json.dumps(answer.json())


@pytest.mark.parametrize("which", ["8", "7?channel=sms", "7?topic=nothing"])
def test_a_limit_that_is_not_there_cannot_be_removed(client, keys, which):  # noqa: F811
    write = {"auth": (keys[ApiKeyScope.JOURNEYS_WRITE], "")}
    client.post("/v1/caps", json={"messages": 1, "days": 7}, **write)

    answer = client.delete(f"/v1/caps/{which}", **write)

    assert answer.status_code == 400
    assert "dangol guard cap list" in answer.json()["message"]


def test_only_a_key_that_may_write_sets_limits(client, keys):  # noqa: F811
    answer = client.post("/v1/caps", json=WEEKLY, auth=(keys[ApiKeyScope.JOURNEYS_READ], ""))

    assert answer.status_code == 403


@pytest.mark.usefixtures("opened")
def test_the_command_line_sets_lists_and_removes_limits(capsys):
    assert main(["guard", "cap", "set", "--messages", "2", "--days", "7", "--channel", "sms"]) == 0
    assert main(["guard", "cap", "list"]) == 0
    assert "at most 2 in 7 days, sms, about everything" in capsys.readouterr().out
    assert main(["guard", "cap", "remove", "--days", "7", "--channel", "sms"]) == 0
    assert main(["guard", "cap", "list"]) == 0
    assert "There are no limits" in capsys.readouterr().out
    assert main(["guard", "cap", "remove", "--days", "7"]) != 0
    assert main(["guard", "cap", "set", "--days", "7"]) != 0


def test_each_shop_has_its_own_limits(client, keys, connection):  # noqa: F811
    other = open_shop(connection, name="other")
    client.post("/v1/caps", json=WEEKLY, auth=(keys[ApiKeyScope.JOURNEYS_WRITE], ""))

    assert list_caps(connection, workspace_id=other) == []
