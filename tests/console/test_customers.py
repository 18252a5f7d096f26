from datetime import timedelta

from tests.build import NOON, customer
from tests.console.shop import EMAIL, add_owner

from dangol.console.customers import PAGE
from dangol.console.masks import masked_traits
from dangol.content.masks import mask_email, mask_phone, mask_word
from dangol.store.workspace import create_workspace


def found(client, **asked):
    page = client.get("/api/customers", params=asked).json()
    return [line["external_id"] for line in page["customers"]]


def test_customers_are_listed_newest_first_and_masked(member):
    lines = member.get("/api/customers").json()["customers"]

    assert [line["external_id"] for line in lines] == ["hana", "jiwoo", "minji"]
    assert lines[2]["email"] == "m•••i@shop.example"
    assert (lines[2]["orders"], lines[2]["consented"]) == (2, True)


def test_a_customer_is_found_by_the_beginning_of_an_id_or_a_whole_e_mail(member):
    assert found(member, query="min") == ["minji"]
    assert found(member, query=" JIWOO@shop.example ") == ["jiwoo"]
    assert found(member, query="jiwoo@shop") == []
    assert found(member, query="%") == []


def test_a_segment_and_a_reason_lead_to_their_customers(member, shop):
    assert found(member, segment=shop.segment) == ["hana", "minji"]
    assert found(member, reason="no_consent") == ["jiwoo"]


def test_pages_follow_each_other_without_gap_or_overlap(member, connection, workspace):
    for number in range(PAGE):
        customer(connection, workspace, name=f"guest-{number}", email=None)

    first = member.get("/api/customers").json()
    second = member.get("/api/customers", params={"cursor": first["next_cursor"]}).json()

    ids = [line["id"] for page in (first, second) for line in page["customers"]]
    assert len(ids) == len(set(ids)) == PAGE + 3
    assert second["next_cursor"] is None


def test_a_customer_shows_what_they_allow_and_where_they_are(member, shop):
    shown = member.get(f"/api/customers/{shop.minji}").json()

    assert [(one["state"], one["source"]) for one in shown["consents"]] == [
        ("granted", "sign-up form")
    ]
    assert [one["title_ko"] for one in shown["memberships"]] == ["뜸해진 단골"]
    assert [one["end_reason"] for one in shown["enrollments"]] == ["completed"]
    assert {"kind": "email", "value": "m•••i@shop.example"} in shown["identifiers"]


def test_no_answer_contains_an_address_in_the_clear(member, shop):
    paths = ("", f"/{shop.minji}", f"/{shop.minji}/timeline")

    said = "".join(member.get(f"/api/customers{path}").text for path in paths)

    assert "minji@" not in said


def test_the_timeline_tells_what_they_did_and_what_we_did_newest_first(member, shop):
    timeline = member.get(f"/api/customers/{shop.minji}/timeline").json()

    assert timeline["complete"]
    assert timeline["moments"][0]["kind"] == "receipt"
    assert [moment["revenue"] for moment in timeline["moments"][-2:]] == ["18500", "42000"]
    assert {moment["kind"] for moment in timeline["moments"]} == {
        "event",
        "message",
        "decision",
        "delivery",
        "receipt",
        "consent",
    }


def test_a_short_timeline_says_that_there_is_more(member, shop):
    timeline = member.get(f"/api/customers/{shop.minji}/timeline", params={"limit": 2}).json()

    assert (len(timeline["moments"]), timeline["complete"]) == (2, False)


def test_another_workspaces_customers_do_not_exist(client, connection, shop):
    other = create_workspace(
        connection,
        name="이웃 상점",
        time_zone="Asia/Seoul",
        default_locale="ko",
        sender_name="이웃 상점",
        sender_email="hello@next.example",
        sender_postal="서울",
        sender_phone="02-120",
        now=NOON - timedelta(days=1),
    )
    connection.commit()
    add_owner(connection, other, email="neighbour@shop.example")
    client.post(
        "/api/session",
        json={"email": "neighbour@shop.example", "password": "a long enough password"},
    )

    assert found(client) == []
    assert found(client, segment=shop.segment) == []
    for path in ("", "/timeline", f"/messages/{shop.sent}/why"):
        assert client.get(f"/api/customers/{shop.minji}{path}").status_code == 404


def test_an_unknown_customer_is_not_found(member):
    for path in ("", "/timeline"):
        assert member.get(f"/api/customers/999999{path}").status_code == 404


def test_masks_keep_enough_to_recognise_and_too_little_to_use():
    assert mask_email("household-123@shop.example") == "h•••3@shop.example"
    assert mask_phone("+821012345678") == "•••5678"
    assert (mask_word("민지"), mask_word("minji")) == ("민•••", "m•••i")


def test_traits_that_name_a_person_are_masked_and_long_ones_cut():
    shown = {one.name: one.value for one in masked_traits({"이름": "김민지", "memo": "x" * 300})}

    assert shown["이름"] == "김•••"
    assert len(shown["memo"]) == 201


def test_the_owner_is_no_customer(member):
    assert found(member, query=EMAIL) == []


def test_a_segment_beyond_all_numbers_has_nobody(member):
    answer = member.get("/api/customers", params={"segment": -1551063166141})

    assert (answer.status_code, answer.json()["customers"]) == (200, [])
