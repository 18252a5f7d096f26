"""Templates over HTTP: the rules of the command, and what vendors say of them."""

from base64 import b64encode
from collections.abc import Iterator

import pytest
from litestar.testing import TestClient
from tests.app.test_vendor_templates import settings_of
from tests.build import NOON, open_shop
from tests.pictures import png

from dangol.app.clock import freeze_clock, machine_time
from dangol.app.http import create_app
from dangol.app.vendor_templates import ask_templates, template_desks
from dangol.ingest.keys import create_api_key
from dangol.providers.solapi.fake import FakeSolapi
from dangol.store.vocabulary import ApiKeyKind, ApiKeyScope

PLACE = "/v1/templates/kakao_alimtalk/order_received"
ALIMTALK = {
    "purpose": "informational",
    "locale": "ko",
    "subject": "주문 안내",
    "body_text": "#{이름}님, 주문을 받았어요.",
    "buttons": [{"kind": "WL", "name": "보기", "mobile_url": "https://shop.example/"}],
}


@pytest.fixture
def solapi() -> Iterator[FakeSolapi]:
    with FakeSolapi(clock=machine_time) as running:
        yield running


@pytest.fixture
def read(connection, workspace):
    return key_of(connection, workspace, ApiKeyScope.JOURNEYS_READ)


@pytest.fixture
def write(connection, workspace):
    return key_of(connection, workspace, ApiKeyScope.JOURNEYS_WRITE)


def key_of(connection, workspace, scope) -> dict:
    with connection.transaction():
        key = create_api_key(
            connection, workspace_id=workspace, kind=ApiKeyKind.SERVER, now=NOON, scopes=[scope]
        )
    return {"auth": (key, "")}


@pytest.fixture
def settings(solapi, dsn, tmp_path):
    (tmp_path / "dangol.key").write_bytes(bytes(range(32)))
    return settings_of(solapi, database_url=dsn, data_folder=tmp_path)


@pytest.fixture
def client(connection, settings):
    with connection.transaction():
        freeze_clock(connection, at=NOON)
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        yield client


def test_what_is_put_there_is_read_back_and_replaced(client, read, write):
    put = client.put(PLACE, json=ALIMTALK, **write)
    again = client.put(PLACE, json={**ALIMTALK, "expected_value": "1200.5"}, **write)

    assert (put.status_code, again.status_code) == (200, 200)
    shown = client.get(PLACE, **read).json()
    assert shown["body_text"] == ALIMTALK["body_text"]
    assert shown["buttons"][0]["mobile_url"] == "https://shop.example/"
    assert shown["template"]["expected_value"] == "1200.5"
    assert [one["field"] for one in shown["faults"]] == ["vendor_code"]
    listed = client.get("/v1/templates", **read).json()["templates"]
    assert [one for one in listed if one["name"] == "order_received"] == [shown["template"]]


def test_what_stands_above_an_alimtalk_is_compared_with_what_the_vendor_keeps(client, read, write):
    app = {"kind": "AL", "name": "앱", "android_url": "shop://o", "ios_url": "shop://o"}
    shown = {**ALIMTALK, "emphasis_title": "주문", "emphasis_subtitle": "상점", "buttons": [app]}
    client.put(PLACE, json=shown, **write)
    registered = client.post(f"{PLACE}/register", json={}, **write).json()

    other = {**shown, "emphasis_title": "배송", "buttons": [{**app, "ios_url": "shop://p"}]}
    client.put(PLACE, json=other, **write)

    assert registered["template"]["vendors"][0]["differences"] == []
    changed = client.get(PLACE, **read).json()
    assert (changed["emphasis_title"], changed["emphasis_subtitle"]) == ("배송", "상점")
    assert changed["template"]["vendors"][0]["differences"] == [
        "emphasis title, letter 1: ours '배송', theirs '주문'",
        "button 1, ios_url: ours 'shop://p', theirs 'shop://o'",
    ]


def test_what_lint_would_mend_is_refused_each_fault_at_its_field(client, read, write):
    wrong = {**ALIMTALK, "body_text": "할인 쿠폰", "buttons": [{"kind": "XX", "name": ""}]}

    answer = client.put(PLACE, json=wrong, **write)

    assert answer.status_code == 400
    said = answer.json()
    assert said["code"] == "bad_template"
    assert {one["path"] for one in said["faults"]} == {"body_text", "buttons"}
    assert client.get(PLACE, **read).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"purpose": "ad_audience"},
        {"locale": "jp"},
        {"expected_value": "viel"},
        {"topic": "nothing-we-know"},
        {"colour": "red"},
    ],
)
def test_a_field_that_cannot_be_is_refused(client, write, wrong):
    assert client.put(PLACE, json={**ALIMTALK, **wrong}, **write).status_code == 400


def test_a_template_is_registered_and_what_the_reviewer_says_is_shown(
    client, connection, settings, solapi, read, write
):
    client.put(PLACE, json=ALIMTALK, **write)

    for _ in range(2):
        registered = client.post(f"{PLACE}/register", json={}, **write)

    assert registered.status_code == 200
    (code,) = solapi.shelf.kept
    told = registered.json()["template"]
    assert (told["vendor_code"], told["vendors"][0]["state"]) == (code, "inspecting")
    solapi.do("reject", code)
    ask_templates(connection, template_desks(settings))
    client.put(PLACE, json={**ALIMTALK, "body_text": "#{이름}님, 주문이에요."}, **write)
    (vendor,) = client.get(PLACE, **read).json()["template"]["vendors"]
    assert (vendor["vendor"], vendor["state"]) == ("solapi", "rejected")
    assert vendor["comment"] == "광고성 문구가 있어 반려합니다."
    assert vendor["differences"] == [
        "letter 11: ours '#{이름}님, 주문이에요.', theirs '#{이름}님, 주문을 받았어요.'"
    ]


def test_what_is_approved_otherwise_is_not_registered_again(client, solapi, write):
    client.put(PLACE, json=ALIMTALK, **write)
    client.post(f"{PLACE}/register", json={}, **write)
    solapi.do("approve", next(iter(solapi.shelf.kept)))
    client.put(PLACE, json={**ALIMTALK, "body_text": "주문이에요."}, **write)

    answer = client.post(f"{PLACE}/register", json={}, **write)

    assert answer.status_code == 409
    assert "cannot be changed" in answer.json()["message"]


def test_a_vendor_that_does_not_answer_is_told_from_a_wrong_request(client, solapi, read, write):
    client.put(PLACE, json=ALIMTALK, **write)
    solapi.stop()

    answer = client.post(f"{PLACE}/register", json={}, **write)

    assert (answer.status_code, answer.json()["code"]) == (502, "vendor_refused")
    assert client.get(PLACE, **read).json()["template"]["vendor_code"] == ""
    solapi.start()


def test_only_alimtalks_are_registered_and_only_at_vendors_there_are(client, write):
    sms = "/v1/templates/sms/parcel"
    client.put(PLACE, json=ALIMTALK, **write)
    client.put(sms, json={**ALIMTALK, "body_text": "택배가 왔어요.", "buttons": []}, **write)

    refused = [
        client.post(f"{sms}/register", json={}, **write),
        client.post(f"{PLACE}/register", json={"vendor": "nhn"}, **write),
        client.post("/v1/templates/kakao_alimtalk/nobody/register", json={}, **write),
    ]

    assert [one.status_code for one in refused] == [409, 409, 404]


def test_another_shop_sees_nothing_and_reading_does_not_write(client, connection, read, write):
    client.put(PLACE, json=ALIMTALK, **write)
    other = key_of(connection, open_shop(connection, name="other"), ApiKeyScope.JOURNEYS_READ)

    assert client.get(PLACE, **other).status_code == 404
    assert client.put(PLACE, json=ALIMTALK, **read).status_code == 403
    assert client.post(f"{PLACE}/register", json={}, **read).status_code == 403
    assert client.get(PLACE, **write).status_code == 403


BRAND = {
    "purpose": "marketing",
    "locale": "ko",
    "subject": "봄 신상",
    "body_text": "새 옷이 들어왔어요.",
    "bubble": "image",
    "targeting": "friends",
    "image_url": "https://shop.example/new",
    "coupon": {
        "title": "1000원 할인 쿠폰",
        "description": "이번 주까지",
        "mobile_url": "https://shop.example/coupon",
    },
}
BRAND_PLACE = "/v1/templates/kakao_brand/new_coats"


def give_picture(client, key, content: bytes) -> str:
    body = {"content": b64encode(content).decode()}
    return client.post("/v1/pictures", json=body, **key).json()["hash"]


def test_a_bubble_with_a_picture_is_put_and_read_back(client, read, write):
    image = give_picture(client, write, png(800, 800))

    put = client.put(BRAND_PLACE, json={**BRAND, "image": image}, **write)

    assert put.status_code == 200, put.text
    shown = client.get(BRAND_PLACE, **read).json()
    told = {name: shown[name] for name in ("image", "bubble", "targeting", "image_url", "coupon")}
    assert told == {
        name: {**BRAND, "image": image}[name]
        for name in ("image", "bubble", "targeting", "image_url", "coupon")
    }
    assert shown["commerce"] is None


@pytest.mark.parametrize("image", ["sale.jpg", "0" * 64])
def test_a_picture_that_was_never_given_is_refused(client, read, write, image):
    put = client.put(BRAND_PLACE, json={**BRAND, "image": image}, **write)

    assert put.status_code == 400
    assert "POST /v1/pictures" in put.json()["message"]
    assert client.get(BRAND_PLACE, **read).status_code == 404


def test_a_bubble_that_lacks_its_picture_says_so_at_its_field(client, write):
    put = client.put(BRAND_PLACE, json=BRAND, **write)

    assert put.status_code == 400
    assert put.json()["path"] == "image"
