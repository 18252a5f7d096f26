"""Dead letters on the command line and over HTTP."""

import json

import pytest
from tests.app.test_customer import opened  # noqa: F401 - a fixture
from tests.app.test_topics import client, keys  # noqa: F401 - fixtures
from tests.build import NOON
from tests.channels.test_dead import CONTENT, GONE, dead_letter

from dangol.app.cli import main
from dangol.app.clock import start_clock
from dangol.store.connect import connect
from dangol.store.vocabulary import ApiKeyScope


@pytest.fixture
def letter(opened):  # noqa: F811
    with connect(opened) as connection:
        [(workspace,)] = connection.execute("select id from workspace").fetchall()
        with connection.transaction():
            start_clock(connection, at=NOON)
        dead_letter(connection, workspace, CONTENT, name="jiwoo")
        [(number,)] = connection.execute("select id from delivery").fetchall()
        dead_letter(connection, workspace, GONE, name="soyeon")
    return number


def test_dead_letters_are_listed_shown_and_tried_again(letter, capsys):
    assert main(["delivery", "list"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2
    assert main(["delivery", "list", "--fault", "content", "--json"]) == 0
    assert [one["id"] for one in json.loads(capsys.readouterr().out)] == [letter]
    assert main(["delivery", "show", str(letter)]) == 0
    assert "may be tried again" in capsys.readouterr().out

    assert main(["delivery", "retry", f"{letter},{letter + 1}", "--because", "mended"]) == 1

    told = capsys.readouterr().out
    assert f"{letter} is tried again" in told
    assert f"{letter + 1} is not: its address is dead" in told
    assert main(["delivery", "list"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1


@pytest.mark.usefixtures("letter")
def test_the_commands_say_what_is_wrong(capsys):
    assert main(["delivery", "show", "4711"]) == 1
    assert "no dead letter" in capsys.readouterr().err
    assert main(["delivery", "retry", "twelve", "--because", "mended"]) == 1
    assert "'twelve'" in capsys.readouterr().err


def test_a_server_lists_shows_and_tries_again(client, keys, connection, workspace):  # noqa: F811
    read = {"auth": (keys[ApiKeyScope.JOURNEYS_READ], "")}
    write = {"auth": (keys[ApiKeyScope.JOURNEYS_WRITE], "")}
    with connection.transaction():
        start_clock(connection, at=NOON)
    dead_letter(connection, workspace, CONTENT)
    dead_letter(connection, workspace, GONE, name="jiwoo")

    first = client.get("/v1/deliveries", params={"limit": 1}, **read).json()
    second = client.get("/v1/deliveries", params={"before": first["next"]}, **read).json()
    [gone], [text] = first["deliveries"], second["deliveries"]
    assert (gone["why_not"], text["why_not"]) == ("its address is dead", "")
    assert second["next"] is None
    state = client.get("/v1/deliveries", params={"state": "unknown"}, **read).json()
    assert state["deliveries"] == []

    at = f"/v1/deliveries/{text['id']}"
    assert client.post(f"{at}/retry", json={"because": " "}, **write).status_code == 400
    assert client.post(f"{at}/retry", json={"because": "mended"}, **read).status_code == 403
    refused = client.post(f"/v1/deliveries/{gone['id']}/retry", json={"because": "mended"}, **write)
    assert (refused.status_code, "dead" in refused.json()["message"]) == (409, True)
    assert client.get(at, **read).json() == {"delivery": text, "retries": []}
    assert client.post(f"{at}/retry", json={"because": "mended"}, **write).status_code == 204
    assert client.get(at, **read).status_code == 404
