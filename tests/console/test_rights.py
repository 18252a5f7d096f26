"""An owner gives a customer a copy of what is held, and forgets them; nobody else may."""

import io
import json
import zipfile

import pytest
from tests.build import NOON
from tests.console.shop import PASSWORD

from dangol.console.members import create_member
from dangol.store.vocabulary import MemberRole
from dangol.store.workspace import create_workspace

WHY = {"reason": "they asked by telephone"}


@pytest.fixture
def marketer(client, connection, workspace, shop):  # noqa: ARG001  the shop is what is looked at
    create_member(
        connection,
        workspace_id=workspace,
        email="marketer@shop.example",
        password=PASSWORD,
        role=MemberRole.MARKETER,
        locale="ko",
        now=NOON,
    )
    connection.commit()
    asked = {"email": "marketer@shop.example", "password": PASSWORD}
    client.post("/api/session", json=asked).raise_for_status()
    return client


def test_an_owner_downloads_everything_held_about_a_customer(member, shop):
    answer = member.post(f"/api/customers/{shop.minji}/export", json=WHY)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/zip"
    assert f"customer-{shop.minji}.zip" in answer.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        document = json.loads(archive.read("export.json"))
    assert [one["value"] for one in document["addresses"]] == ["minji@shop.example"]
    assert "jiwoo" not in json.dumps(document)


def test_what_a_copy_is_for_is_in_the_access_log(member, shop, connection):
    member.post(f"/api/customers/{shop.minji}/export", json=WHY).raise_for_status()

    rows = connection.execute("select what, reason, customer_ids from access_entry").fetchall()
    assert rows == [("customer export", WHY["reason"], [shop.minji])]


@pytest.mark.parametrize("wish", [{}, {"reason": ""}, {"reason": "  "}, {"reason": "x" * 301}])
def test_without_a_reason_nothing_is_handed_out(member, shop, connection, wish):
    answer = member.post(f"/api/customers/{shop.minji}/export", json=wish)

    assert answer.status_code == 400
    assert connection.execute("select count(*) from access_entry").fetchone() == (0,)


def test_an_owner_forgets_a_customer_and_sees_how_far_it_is(member, shop, connection):
    before = member.get(f"/api/customers/{shop.jiwoo}").json()

    answer = member.post(f"/api/customers/{shop.jiwoo}/erasure", json={"confirm": shop.jiwoo})

    after = member.get(f"/api/customers/{shop.jiwoo}").json()
    assert (before["state"], before["erasure"]) == ("active", None)
    assert (answer.status_code, answer.json()["state"]) == (202, "asked")
    assert (after["state"], after["erasure"]["state"]) == ("erased", "asked")
    assert connection.execute("select asked_by from erasure").fetchone() == (
        "member owner@shop.example",
    )


@pytest.mark.parametrize("confirm", [0, 999, "minji", None])
def test_nobody_is_forgotten_by_a_slip_of_the_hand(member, shop, connection, confirm):
    answer = member.post(f"/api/customers/{shop.jiwoo}/erasure", json={"confirm": confirm})

    assert answer.status_code == 400
    assert connection.execute("select count(*) from erasure").fetchone() == (0,)


def test_only_an_owner_may(marketer, shop):
    assert marketer.post(f"/api/customers/{shop.minji}/export", json=WHY).status_code == 403
    answer = marketer.post(f"/api/customers/{shop.minji}/erasure", json={"confirm": shop.minji})
    assert answer.status_code == 403


def test_who_is_not_signed_in_may_nothing(client, shop):
    assert client.post(f"/api/customers/{shop.minji}/export", json=WHY).status_code == 401
    answer = client.post(f"/api/customers/{shop.minji}/erasure", json={"confirm": shop.minji})
    assert answer.status_code == 401


@pytest.mark.parametrize("path", ["export", "erasure"])
def test_another_site_cannot_make_a_browser_do_it(member, shop, path):
    answer = member.post(
        f"/api/customers/{shop.minji}/{path}",
        json=WHY if path == "export" else {"confirm": shop.minji},
        headers={"Sec-Fetch-Site": "cross-site"},
    )

    assert answer.status_code == 403


def test_another_workspaces_customer_is_not_known(member, connection):
    other = create_workspace(
        connection,
        name="another",
        time_zone="Asia/Seoul",
        default_locale="ko",
        sender_name="-",
        sender_email="a@b.kr",
        sender_postal="-",
        sender_phone="-",
        now=NOON,
    )
    number = connection.execute(
        "insert into customer (workspace_id, first_seen_at, last_seen_at) values (%s, %s, %s)"
        " returning id",
        (other, NOON, NOON),
    ).fetchone()[0]
    connection.commit()

    assert member.post(f"/api/customers/{number}/export", json=WHY).status_code == 404
    answer = member.post(f"/api/customers/{number}/erasure", json={"confirm": number})
    assert answer.status_code == 404
