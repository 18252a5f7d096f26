"""Topics over HTTP and on the command line."""

import json

import pytest
from litestar.testing import TestClient
from tests.app.test_customer import opened  # noqa: F401 - a fixture
from tests.build import NOON, customer

from dangol.app.cli import main
from dangol.app.clock import freeze_clock
from dangol.app.http import create_app
from dangol.app.settings import Settings
from dangol.consent.preferences import read_wishes, switch_topic
from dangol.consent.topics import list_topics
from dangol.ingest.keys import create_api_key
from dangol.store.vocabulary import ApiKeyKind, ApiKeyScope

NEWS = {"name": "new-arrivals", "title_ko": "신상품", "title_en": "New arrivals"}


@pytest.fixture
def keys(connection, workspace):
    """A key that may read, and one that may write."""
    with connection.transaction():
        freeze_clock(connection, at=NOON)
        return {
            scope: create_api_key(
                connection,
                workspace_id=workspace,
                kind=ApiKeyKind.SERVER,
                now=NOON,
                scopes=[scope],
            )
            for scope in (ApiKeyScope.JOURNEYS_READ, ApiKeyScope.JOURNEYS_WRITE)
        }


@pytest.fixture
def client(tmp_path, dsn, keys):  # noqa: ARG001 - the keys are there before it
    settings = Settings(database_url=dsn, data_folder=tmp_path, pool_size=2)
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        yield client


def test_a_server_adds_renames_lists_and_removes_topics(client, keys):
    read = {"auth": (keys[ApiKeyScope.JOURNEYS_READ], "")}
    write = {"auth": (keys[ApiKeyScope.JOURNEYS_WRITE], "")}

    added = client.post("/v1/topics", json=NEWS, **write)
    renamed = client.post("/v1/topics", json={**NEWS, "title_ko": "새 상품"}, **write)
    listed = client.get("/v1/topics", **read).json()
    removed = client.delete("/v1/topics/new-arrivals", **write)

    assert (added.status_code, added.json()) == (200, NEWS)
    assert listed == {"topics": [{**NEWS, "title_ko": "새 상품"}]}
    assert renamed.json()["title_ko"] == "새 상품"
    assert removed.status_code == 204
    assert client.get("/v1/topics", **read).json() == {"topics": []}


def test_a_key_that_reads_changes_no_topic(client, keys):
    read = {"auth": (keys[ApiKeyScope.JOURNEYS_READ], "")}

    assert client.post("/v1/topics", json=NEWS, **read).status_code == 403
    assert client.delete("/v1/topics/new-arrivals", **read).status_code == 403


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({**NEWS, "name": "New Arrivals"}, "small letters"),
        ({**NEWS, "title_ko": "  "}, "title_ko"),
        ({**NEWS, "title_en": "x" * 61}, "title_en"),
    ],
)
def test_a_faulty_topic_is_refused_with_the_field(client, keys, wish, said):
    write = {"auth": (keys[ApiKeyScope.JOURNEYS_WRITE], "")}

    answer = client.post("/v1/topics", json=wish, **write)

    assert answer.status_code == 400
    assert said in answer.json()["message"]


def test_removing_what_is_not_there_is_said(client, keys):
    write = {"auth": (keys[ApiKeyScope.JOURNEYS_WRITE], "")}

    answer = client.delete("/v1/topics/nothing", **write)

    assert answer.status_code == 400
    assert "dangol topic list" in answer.json()["message"]


def test_a_removed_topic_is_forgotten_with_what_was_chosen(connection, workspace, client, keys):
    write = {"auth": (keys[ApiKeyScope.JOURNEYS_WRITE], "")}
    client.post("/v1/topics", json=NEWS, **write)
    minji = customer(connection, workspace)
    (topic,) = list_topics(connection, workspace_id=workspace)
    at = {"workspace_id": workspace, "customer_id": minji}
    switch_topic(connection, **at, topic_id=topic.id, wanted=False, now=NOON)
    connection.commit()
    assert read_wishes(connection, **at).refused == {topic.id}
    connection.commit()

    assert client.delete("/v1/topics/new-arrivals", **write).status_code == 204
    assert read_wishes(connection, **at).refused == frozenset()


@pytest.mark.usefixtures("opened")
def test_the_commands_add_list_and_remove(capsys):
    titles = ["--title-ko", "신상품", "--title-en", "New arrivals"]

    assert main(["topic", "list"]) == 0
    assert main(["topic", "add", "new-arrivals", *titles]) == 0
    assert main(["topic", "list"]) == 0
    assert main(["topic", "list", "--json"]) == 0
    written = capsys.readouterr().out
    assert main(["topic", "remove", "new-arrivals"]) == 0
    assert main(["topic", "remove", "new-arrivals"]) == 1
    assert main(["topic", "add", "New", *titles]) == 1

    assert "There is no topic yet" in written
    assert written.count("new-arrivals: 신상품 / New arrivals") == 2
    assert json.loads(written.splitlines()[-1])[0]["name"] == "new-arrivals"
    assert "small letters" in capsys.readouterr().err
