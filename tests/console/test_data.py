"""The Data page's API: which names there are and of which kinds, never a value, never another's."""

import json

from tests.build import NOON
from tests.ingest.words import arrive, tick_all, told


def test_names_are_listed_with_every_kind_they_came_as(member, connection, workspace):
    arrive(
        connection,
        workspace,
        told("d1", user="minji", traits={"grade": "secret gold"}, workspace=workspace),
        told("d2", user="minji", traits={"grade": "plain"}, workspace=workspace),
        told("d3", user="jiwoo", traits={"grade": 3}, workspace=workspace),
        told("d4", user="jiwoo", name="Viewed", properties={"sku": "s1"}, workspace=workspace),
    )
    tick_all(connection, workspace)

    data = member.get("/api/data").json()

    names = {(one["event_name"], one["name"]): one["kinds"] for one in data["names"]}
    assert names["", "grade"] == [{"kind": "text", "count": 2}, {"kind": "number", "count": 1}]
    assert names["Viewed", "sku"] == [{"kind": "text", "count": 1}]
    assert data["surplus"] == []
    assert "secret gold" not in json.dumps(data)


def test_what_went_beyond_the_limits_is_told(member, connection, workspace):
    connection.execute(
        "insert into trait_surplus values (%s, '', 'too_long', 7, %s), (%s, '', 'too_long', 9, %s)",
        (workspace, NOON, workspace + 1, NOON),
    )
    connection.commit()

    surplus = member.get("/api/data").json()["surplus"]

    assert surplus == [{"event_name": "", "reason": "too_long", "count": 7}]


def test_nobody_sees_the_data_without_signing_in(client):
    assert client.get("/api/data").status_code == 401
