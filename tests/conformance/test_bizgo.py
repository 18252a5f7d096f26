"""Bizgo's own client, unchanged, against our fake and beside our reading of its webhooks."""

import json
from collections.abc import Iterator

import pytest
from bizgo import APIError, Bizgo, RateLimitError
from bizgo.models._generated_request import BrandMessage
from bizgo.testing import sign_webhook
from bizgo.webhooks import WebhookReceiver
from tests.pictures import jpeg, png

from dangol.app.clock import machine_time
from dangol.providers.bizgo.callback import is_genuine
from dangol.providers.bizgo.fake import CHANNEL, HOOK_SECRET, KEY, FakeBizgo
from dangol.providers.bizgo.sender import BizgoAccount, write_brand
from dangol.providers.vendor import BrandNote, Button, Commerce, Coupon, Shown
from dangol.providers.wire.fake import Mishap
from dangol.store.vocabulary import BubbleKind, PictureUse, Targeting


@pytest.fixture
def fake() -> Iterator[FakeBizgo]:
    with FakeBizgo(clock=machine_time) as running:
        yield running


@pytest.fixture
def client(fake) -> Iterator[Bizgo]:
    with Bizgo(api_key=KEY, base_url=fake.url, max_retries=0) as opened:
        yield opened


def test_the_client_sends_and_reads_a_partial_failure(client):
    result = client.send.sms(to=["01012345678", "01000000327"], from_="021201234", text="안녕")

    assert [one.to for one in result.succeeded] == ["01012345678"]
    assert [one.code for one in result.failed] == ["A327"]


def test_the_client_sees_a_repeated_key_as_a_duplicate(client, fake):
    key = {"to": "01012345678", "from_": "021201234", "text": "안녕", "idempotency_key": "k1"}

    first, second = client.send.sms(**key), client.send.sms(**key)

    assert (len(first.succeeded), len(second.duplicates)) == (1, 1)
    assert len(fake.messages) == 1


def test_the_client_hears_that_its_key_is_another(fake):
    with (
        Bizgo(api_key="other", base_url=fake.url, max_retries=0) as other,
        pytest.raises(APIError),
    ):
        other.send.sms(to="01012345678", from_="021201234", text="안녕")


def test_the_client_hears_that_it_is_too_fast(client, fake):
    fake.mishaps.append(Mishap.THROTTLED)

    with pytest.raises(RateLimitError):
        client.send.sms(to="01012345678", from_="021201234", text="안녕")


def test_the_client_polls_and_acknowledges_reports(client):
    client.send.sms(to="01012345678", from_="021201234", text="안녕")
    seen: list[str] = []

    handled = client.reports.consume(
        lambda reports: seen.extend(one.report_code for one in reports)
    )

    assert (handled, seen) == (1, ["10000"])


def test_the_clients_receiver_and_ours_agree_on_a_signature(client, fake):
    client.send.sms(to="01012345678", from_="021201234", text="안녕")
    body = json.dumps(fake.due[0]).encode()

    report = WebhookReceiver(secret=HOOK_SECRET).report(dict(fake.hook_headers(body)), body)

    assert report.report_code == "10000"


def test_the_client_reads_the_channel(client):
    found = client.kakao.senders.get(sender_key=CHANNEL)

    assert "fake-bizgo-channel" in str(found)


def test_the_client_registers_and_lists_templates(client, fake):
    named = {"senderKey": "channel", "templateCode": "ORDER_1"}
    written = {
        "templateName": "주문 안내",
        "templateMessageType": "BA",
        "templateEmphasizeType": "NONE",
        "text": "#{이름}님, 주문을 받았어요.",
    }
    made = client.alimtalk.templates.create({"alimtalk": {**named, **written}})
    client.alimtalk.templates.request_inspection({"alimtalk": {**named, "comment": "검수"}})
    fake.do("reject", "ORDER_1")

    (template,) = client.alimtalk.templates.list(sender_key="channel")

    assert (made.inspection_status, template.inspection_status) == ("REG", "REJ")
    assert template.comments[0].content


@pytest.mark.parametrize("encoding", ["hex", "base64"])
def test_what_the_client_signs_is_genuine_to_us(encoding):
    headers, _ = sign_webhook(HOOK_SECRET, {"msgKey": "M1"}, encoding=encoding)
    lower = {name.lower(): value for name, value in headers.items()}

    assert is_genuine(lower, secret=HOOK_SECRET, now=machine_time())


def test_the_client_uploads_a_picture_and_sends_it(client, fake):
    uploaded = client.files.upload_mms(jpeg(), filename="sale.jpg")

    result = client.send.mms(
        to="01012345678", from_="021201234", title="소식", text="새 옷",
        file_keys=[uploaded.file_key],
    )  # fmt: skip

    assert len(result.succeeded) == 1
    assert uploaded.expired
    assert uploaded.file_key in str(fake.received(1))


@pytest.mark.parametrize("kind", ["default", "wide"])
def test_the_client_uploads_pictures_for_kakao(client, kind):
    uploaded = client.files.upload_brand_message(png(), kind=kind, filename="sale.png")

    assert uploaded.img_url.startswith("https://")


def test_what_we_write_as_a_bubble_the_client_knows():
    note = BrandNote(
        text="무료 배송",
        targeting=Targeting.CONSENTED_AND_FRIENDS,
        bubble=BubbleKind.COMMERCE,
        picture=Shown(hash="", use=PictureUse.BRAND, file_id="https://mud-kage.kakao.com/1"),
        image_url="https://shop.example/i",
        buttons=[
            Button(
                kind="WL",
                name="보기",
                mobile_url="https://a.example",
                desktop_url="https://a.example",
            )
        ],
        coupon=Coupon(
            title="10% 할인 쿠폰", description="이번 주", mobile_url="https://shop.example/k"
        ),
        commerce=Commerce(title="니트", regular_price=100, discount_price=90, discount_fixed=10),
    )

    written = write_brand(note, account=BizgoAccount(key=KEY), channel=CHANNEL)
    known = BrandMessage.model_validate(written).model_dump(by_alias=True, exclude_unset=True)

    assert known == written
