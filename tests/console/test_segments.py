"""The segments' API, as docs and console pages rely on it."""

import pytest
from tests.build import NOON, customer, journey
from tests.console.shop import EMAIL, PASSWORD, add_owner
from tests.segments.words import Shop as Segments

from dangol.console.members import create_member
from dangol.segments.library import READY_MADE
from dangol.store.vocabulary import MemberRole
from dangol.store.workspace import create_workspace

BUYERS = {"version": 1, "where": {"kind": "event", "event": "Order Completed"}}
VIEWERS = {"version": 1, "where": {"kind": "event", "event": "Product Viewed"}}
TITLES = {"title_ko": "구매 고객", "title_en": "Buyers"}


@pytest.fixture
def segments(connection, lake, workspace) -> Segments:
    """A shop whose owner may sign in, with a lake and segments that can be refreshed."""
    add_owner(connection, workspace)
    return Segments(connection=connection, lake=lake, workspace=workspace)


@pytest.fixture
def page(client, segments):  # noqa: ARG001 - the owner comes with them
    client.post("/api/session", json={"email": EMAIL, "password": PASSWORD}).raise_for_status()
    return client


def save(page, name="buyers", definition=BUYERS, *, publish=True):
    body = {**TITLES, "definition": definition, "publish": publish}
    return page.put(f"/api/segments/{name}", json=body)


def test_a_segment_is_made_listed_and_shown(page, segments):
    saved = save(page)
    segments.did("minji")
    segments.refresh()

    (listed,) = page.get("/api/segments").json()["segments"]
    shown = page.get("/api/segments/buyers").json()

    assert saved.status_code == 200
    assert listed == {
        "name": "buyers",
        **TITLES,
        "state": "published",
        "has_draft": False,
        "size": 1,
        "refreshed_at": "2027-03-02T03:00:00Z",
        "sentence_ko": "“주문 완료” 1회 이상",
        "sentence_en": "“Order Completed” at least 1 time",
        "fault": "",
        "sizes": [{"day": "2027-03-02", "size": 1}],
        "used_by": [],
    }
    assert {key: shown[key] for key in listed} == listed
    assert (shown["definition"], shown["draft"]) == (BUYERS, None)
    assert (shown["entered_7d"], shown["left_7d"]) == (1, 0)
    assert [one["number"] for one in shown["versions"]] == [1]
    assert shown["versions"][0]["definition"] == BUYERS
    assert shown["versions"][0]["sentence_en"] == listed["sentence_en"]


def test_a_draft_stands_beside_what_is_published_until_it_is_published(page):
    save(page)
    drafted = save(page, definition=VIEWERS, publish=False).json()
    published = page.post("/api/segments/buyers/publish").json()

    assert (drafted["definition"], drafted["draft"]) == (BUYERS, VIEWERS)
    assert drafted["has_draft"]
    assert (published["definition"], published["draft"]) == (VIEWERS, None)
    assert [one["number"] for one in published["versions"]] == [2, 1]


def test_a_draft_alone_has_no_size_and_cannot_be_discarded(page):
    drafted = save(page, publish=False).json()
    refused = page.post("/api/segments/buyers/discard-draft")

    assert (drafted["state"], drafted["size"], drafted["definition"]) == ("draft", None, None)
    assert drafted["sentence_en"] == "“Order Completed” at least 1 time"
    assert (refused.status_code, refused.json()["extra"]["code"]) == (409, "never_published")


@pytest.mark.parametrize("path", ["/api/segments/preview", "/api/segments/buyers"])
def test_a_bad_condition_is_refused_with_its_place_in_both_languages(page, path):
    bad = {"version": 1, "where": {"kind": "all", "of": [{"kind": "event"}]}}

    if path.endswith("preview"):
        refused = page.post(path, json={"definition": bad})
    else:
        refused = save(page, definition=bad)

    assert refused.status_code == 400
    extra = refused.json()["extra"]
    assert (extra["code"], extra["path"]) == ("bad_condition", "$.where.of[0]")
    assert "event" in extra["message_ko"]


def test_a_name_that_is_no_name_is_refused(page):
    assert save(page, "a b").json()["extra"]["code"] == "bad_name"


def test_what_a_journey_or_another_segment_uses_is_not_archived(page, segments, connection):
    save(page)
    save(page, "loyal", {"version": 1, "where": {"kind": "segment", "segment": "buyers"}})
    made = journey(connection, segments.workspace)
    connection.execute(
        "insert into journey_need select version_id, 'segment', 'buyers', false from journey"
        " where id = %s",
        (made,),
    )
    connection.commit()

    refused = page.post("/api/segments/buyers/archive")

    assert refused.status_code == 409
    assert refused.json()["extra"]["code"] == "in_use"
    assert "win-back, loyal" in refused.json()["detail"]
    assert page.get("/api/segments/buyers").json()["used_by"] == ["win-back"]


def test_a_segment_is_archived_and_restored(page, segments):
    save(page)
    segments.did("minji")
    segments.refresh()

    archived = page.post("/api/segments/buyers/archive").json()
    refused = save(page)
    restored = page.post("/api/segments/buyers/restore").json()

    assert (archived["state"], archived["size"]) == ("archived", None)
    assert (refused.status_code, refused.json()["extra"]["code"]) == (409, "archived")
    assert restored["state"] == "published"


def test_a_preview_counts_and_shows_some_masked(page, segments, connection):
    minji = customer(connection, segments.workspace, name="minji")
    segments.ids["minji"] = minji
    segments.did("minji")
    jiwoo = segments.did("jiwoo")
    segments.did("hana", "Product Viewed")
    segments.refresh()

    seen = page.post("/api/segments/preview", json={"definition": BUYERS}).json()

    sample = seen.pop("sample")
    assert sorted(sample, key=lambda one: one["id"]) == [
        {"id": minji, "label": "m•••i@shop.example"},
        {"id": jiwoo, "label": "jiwoo"},
    ]
    assert seen == {
        "customers": 3,
        "count": 2,
        "low": 2,
        "high": 2,
        "exact": True,
        "looked_at": 3,
        "sentence_ko": "“주문 완료” 1회 이상",
        "sentence_en": "“Order Completed” at least 1 time",
        "milliseconds": 0,
    }


def test_overlaps_are_counted_the_largest_first(page, segments):
    save(page)
    save(page, "viewers", VIEWERS)
    save(
        page,
        "both",
        {"version": 1, "where": {"kind": "all", "of": [BUYERS["where"], VIEWERS["where"]]}},
    )
    for who in ("minji", "jiwoo"):
        segments.did(who)
    for who in ("minji", "hana", "sora"):
        segments.did(who, "Product Viewed")
    segments.refresh()

    overlaps = page.get("/api/segments/viewers/overlap").json()["overlaps"]

    assert [(one["name"], one["size"], one["both"]) for one in overlaps] == [
        ("buyers", 2, 1),
        ("both", 1, 1),
    ]
    assert page.get("/api/segments/nobody/overlap").status_code == 404


def test_members_are_paged_now_and_on_a_day(page, segments):
    save(page)
    for number in range(53):
        segments.did(f"buyer {number:02}")
    segments.refresh()
    ids = sorted(segments.ids.values())

    first = page.get("/api/segments/buyers/members").json()
    last = page.get(f"/api/segments/buyers/members?after={first['next']}").json()
    before = page.get("/api/segments/buyers/members?on=2027-03-01").json()
    today = page.get("/api/segments/buyers/members?on=2027-03-02").json()

    assert [one["id"] for one in first["members"] + last["members"]] == ids
    assert (first["total"], last["next"]) == (53, None)
    assert first["members"][0]["label"] == "buyer 00"
    assert first["members"][0]["entered_at"] == "2027-03-02T03:00:00Z"
    assert before == {"members": [], "next": None, "total": 0}
    assert today["total"] == 53


def test_ready_made_segments_say_which_of_them_are_there(page):
    save(page, READY_MADE[0].name)

    ready = page.get("/api/segments/ready-made").json()["ready_made"]

    assert [one["name"] for one in ready] == [one.name for one in READY_MADE]
    assert [one["there"] for one in ready] == [True] + [False] * (len(READY_MADE) - 1)
    assert page.post(
        "/api/segments/preview", json={"definition": ready[0]["definition"]}
    ).is_success


def test_the_vocabulary_names_what_there_is(page, connection, segments):
    save(page)
    save(page, "drafted", VIEWERS, publish=False)
    connection.execute(
        "insert into trait_type (workspace_id, event_name, name, kind, count, first_seen_at,"
        " last_seen_at) values (%(w)s, '', 'grade', 'text', 3, %(now)s, %(now)s),"
        " (%(w)s, 'Order Completed', 'coupon', 'text', 3, %(now)s, %(now)s)",
        {"w": segments.workspace, "now": NOON},
    )
    journey(connection, segments.workspace)
    buyer = customer(connection, segments.workspace)
    connection.execute(
        "insert into activity (workspace_id, customer_id, event_name, first_at, last_at, count)"
        " values (%s, %s, 'Cart Viewed', %s, %s, 1)",
        (segments.workspace, buyer, NOON, NOON),
    )
    connection.commit()

    words = page.get("/api/segments/vocabulary").json()

    assert words == {
        "events": [
            {"name": "Order Completed", "properties": [{"name": "coupon", "kinds": ["text"]}]},
            {"name": "Cart Viewed", "properties": []},
            {"name": "Product Viewed", "properties": []},
        ],
        "traits": [{"name": "grade", "kinds": ["text"]}],
        "segments": [{"name": "buyers", **TITLES}],
        "lists": [],
        "journeys": [{"name": "win-back", "title_ko": "win-back", "title_en": "win-back"}],
        "channels": ["email", "sms", "kakao_alimtalk", "kakao_brand", "push", "inapp"],
        "purposes": ["marketing", "informational", "ad_audience"],
    }


def test_a_list_is_uploaded_shown_and_deleted(page, connection, segments):
    customer(connection, segments.workspace)
    body = "email\nminji@shop.example\nnobody@shop.example\nno address\n"

    uploaded = page.put(
        "/api/lists/vip?by=email", content=body, headers={"content-type": "text/csv"}
    ).json()
    save(page, "vips", {"version": 1, "where": {"kind": "list", "list": "vip"}})
    refused = page.delete("/api/lists/vip")
    (listed,) = page.get("/api/lists").json()["lists"]
    page.post("/api/segments/vips/archive")
    deleted = page.delete("/api/lists/vip")

    assert (uploaded["entries"], uploaded["matched"]) == (3, 1)
    assert (uploaded["unknown"], uploaded["unreadable"]) == ([3], [4])
    assert (refused.status_code, refused.json()["extra"]["code"]) == (409, "list_in_use")
    assert listed["used_by"] == ["vips"]
    assert deleted.status_code == 204
    assert page.get("/api/lists/vip").status_code == 404


def test_a_file_with_several_columns_wants_one_named(page):
    body = "grade,email\nA,minji@shop.example\n"

    refused = page.put("/api/lists/vip", content=body)

    assert refused.status_code == 400
    assert refused.json()["extra"] == {"code": "bad_column", "columns": ["grade", "email"]}
    assert page.put("/api/lists/vip?column=email", content=body).is_success
    assert page.put("/api/lists/vip", content="").status_code == 400


def test_readers_look_and_change_nothing(client, connection, segments):
    with connection.transaction():
        create_member(
            connection,
            workspace_id=segments.workspace,
            email="reader@shop.example",
            password=PASSWORD,
            role=MemberRole.READER,
            locale="ko",
            now=NOON,
        )
    client.post("/api/session", json={"email": "reader@shop.example", "password": PASSWORD})

    assert client.post("/api/segments/preview", json={"definition": BUYERS}).status_code == 200
    assert save(client).status_code == 403
    assert client.put("/api/lists/vip", content="email\n").status_code == 403


def test_nobody_looks_at_segments_without_signing_in_or_from_another_site(client, page):
    other = {"sec-fetch-site": "cross-site"}
    body = {"definition": BUYERS}

    assert page.post("/api/segments/preview", json=body, headers=other).status_code == 403
    page.cookies.clear()
    for path in ("/api/segments", "/api/segments/buyers", "/api/lists", "/api/segments/vocabulary"):
        assert client.get(path).status_code == 401


def test_another_shops_segments_are_not_there(page, connection):
    with connection.transaction():
        other = create_workspace(
            connection,
            name="other",
            time_zone="Asia/Seoul",
            default_locale="ko",
            sender_name="other",
            sender_email="hello@other.example",
            sender_postal="-",
            sender_phone="02-120",
            now=NOON,
        )
    Segments(connection=connection, lake=None, workspace=other).save()
    connection.commit()

    assert page.get("/api/segments").json() == {"segments": []}
    assert page.get("/api/segments/buyers").status_code == 404
    assert page.get("/api/segments/vocabulary").json()["segments"] == []
