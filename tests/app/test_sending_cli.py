"""Whether anything is sent, on the command line and over HTTP."""

import json

import pytest
from tests.app.test_customer import opened  # noqa: F401 - a fixture
from tests.app.test_topics import client, keys  # noqa: F401 - fixtures

from dangol.app.cli import main
from dangol.store.connect import connect
from dangol.store.vocabulary import ApiKeyScope


@pytest.mark.usefixtures("opened")
def test_sending_is_paused_shown_and_resumed(capsys):
    assert main(["migrate"]) == 0
    assert main(["sending", "status"]) == 0
    assert main(["sending", "pause", "--because", "we move"]) == 0
    capsys.readouterr()
    assert main(["sending", "status", "--json"]) == 1
    assert json.loads(capsys.readouterr().out) == {
        "sends": False,
        "because": "we move",
        "overdue": [],
    }
    assert main(["sending", "status"]) == 1
    assert "dangol sending resume" in capsys.readouterr().out
    assert main(["sending", "resume"]) == 0
    assert main(["sending", "status"]) == 0


@pytest.mark.usefixtures("opened")
def test_a_pause_needs_a_reason(capsys):
    assert main(["sending", "pause", "--because", " "]) == 1
    assert "say why" in capsys.readouterr().err


def test_a_server_is_told_whether_anything_is_sent(client, keys, dsn):  # noqa: F811
    read = {"auth": (keys[ApiKeyScope.JOURNEYS_READ], "")}
    assert client.get("/v1/sending", **read).json() == {
        "sends": True,
        "because": "",
        "overdue": [],
    }
    with connect(dsn) as connection:
        connection.execute(
            "insert into installation (identity, paused_at, paused_because)"
            " values (gen_random_uuid(), '2027-03-02', 'we move')"
        )

    told = client.get("/v1/sending", **read).json()

    assert (told["sends"], told["because"]) == (False, "we move")
