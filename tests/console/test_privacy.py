"""The page of privacy: what is collected, what was withheld, and who saw whose data."""

from datetime import timedelta

import pytest
from tests.build import NOON
from tests.console.shop import EMAIL

from dangol.consent.purposes import install_purposes
from dangol.rights.access import Seen, Viewer, note_seen
from dangol.store.vocabulary import AccessBy, MemberRole


@pytest.fixture
def purposes(connection, workspace):
    """The strict purposes, for want of which something was withheld."""
    with connection.transaction():
        install_purposes(connection, workspace_id=workspace, preset="strict", now=NOON)
        for days_ago, count in ((0, 5), (3, 7), (40, 100)):
            connection.execute(
                "insert into collection_count"
                " (workspace_id, purpose_name, kind, event_name, day, count)"
                " values (%s, 'behaviour', 'anonymous', 'Page Viewed', %s, %s)",
                (workspace, (NOON - timedelta(days=days_ago)).date(), count),
            )
    connection.commit()


@pytest.fixture
def looks(connection, workspace, shop):
    """A marketer looked at two people sixty times, a program at one."""
    marketer = Viewer(
        kind=AccessBy.MEMBER, name="sori@shop.example", role=MemberRole.MARKETER, address="::1"
    )
    with connection.transaction():
        for _ in range(60):
            seen = [Seen(what="customer search", customer_ids=[shop.minji, shop.jiwoo])]
            note_seen(connection, marketer, seen, workspace_id=workspace, now=NOON)
        program = Viewer(kind=AccessBy.KEY, name="7")
        seen = [Seen(what="customer export", customer_ids=[shop.hana], reason="asked by post")]
        note_seen(connection, program, seen, workspace_id=workspace, now=NOON)
    connection.commit()


@pytest.mark.usefixtures("purposes")
def test_every_purpose_says_what_it_covers_and_what_was_withheld_lately(member):
    told = member.get("/api/privacy").json()

    found = {one["name"]: one for one in told["purposes"]}
    assert set(found) == {"orders", "account", "behaviour", "personalisation"}
    assert found["behaviour"]["withheld"] == [{"kind": "anonymous", "count": 12}]
    assert (found["behaviour"]["covers_rest"], found["behaviour"]["keep_events_days"]) == (
        True,
        1096,
    )
    assert found["orders"]["basis"] == "contract"
    assert told["withheld_days"] == 30


@pytest.mark.usefixtures("looks")
def test_who_saw_whose_data_is_listed_page_by_page_and_each_once(member, connection):
    first = member.post("/api/accesses", json={}).json()
    second = member.post("/api/accesses", json={"before": first["next_cursor"]}).json()

    listed = [one["id"] for one in (*first["accesses"], *second["accesses"])]
    rows = connection.execute("select id from access_entry order by id desc").fetchall()
    assert listed == [number for (number,) in rows]
    assert (len(first["accesses"]), second["next_cursor"]) == (50, None)


@pytest.mark.usefixtures("looks")
def test_the_log_of_one_customer_and_of_one_viewer(member, shop):
    about = member.post("/api/accesses", json={"who": "user:hana"}).json()["accesses"]
    by = member.post("/api/accesses", json={"by": "7"}).json()["accesses"]
    nobody = member.post("/api/accesses", json={"who": "nobody@shop.example"})

    assert [(one["what"], one["reason"]) for one in by] == [("customer export", "asked by post")]
    assert about == by
    assert about[0]["customer_ids"] == [shop.hana]
    assert nobody.status_code == 404


@pytest.mark.usefixtures("looks")
def test_who_asks_about_one_customer_is_in_the_log_too(member, shop):
    member.post("/api/accesses", json={"who": f"id:{shop.hana}"}).raise_for_status()

    newest = member.post("/api/accesses", json={}).json()["accesses"][0]
    assert (newest["by_whom"], newest["what"], newest["customer_ids"]) == (
        EMAIL,
        "access log",
        [shop.hana],
    )


@pytest.mark.parametrize("role", ["marketer", "reader"])
def test_only_owners_see_who_saw_what(member, connection, role):
    connection.execute("update member set role = %s", (role,))
    connection.commit()

    assert member.post("/api/accesses", json={}).status_code == 403
    assert member.get("/api/privacy").status_code == 200
