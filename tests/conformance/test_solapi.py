"""SOLAPI's own client, unchanged, against our fake: what we test our sender with is SOLAPI-like."""

from collections.abc import Iterator

import httpx
import pytest
from solapi import SolapiMessageService
from solapi.error.MessageNotReceiveError import MessageNotReceivedError
from solapi.lib.authenticator import Authenticator
from solapi.model import Bms, KakaoOption, RequestMessage, SendRequestConfig
from solapi.model.kakao.bms import BmsOption
from solapi.model.message_type import MessageType
from solapi.model.request.messages.get_messages import GetMessagesRequest
from solapi.model.request.storage import FileTypeEnum
from solapi.model.webhook.single_report import SingleReportPayload
from tests.pictures import jpeg

from dangol.app.clock import machine_time
from dangol.providers.solapi.fake import KEY, SECRET, FakeSolapi
from dangol.providers.solapi.fake_pictures import UNKNOWN_PICTURE
from dangol.providers.solapi.sender import write_bubble
from dangol.providers.vendor import BrandNote, Button, Commerce, Coupon, Shown
from dangol.store.vocabulary import BubbleKind, PictureUse

NUMBER = "02-120-1234"


@pytest.fixture
def fake() -> Iterator[FakeSolapi]:
    with FakeSolapi(clock=machine_time) as running:
        yield running


def client(fake: FakeSolapi, *, secret: str = SECRET) -> SolapiMessageService:
    made = SolapiMessageService(api_key=KEY, api_secret=secret)
    made.base_url = fake.url
    return made


def text(to: str) -> RequestMessage:
    return RequestMessage(from_=NUMBER, to=to, text="안녕하세요", custom_fields={"deliveryId": to})


def test_the_client_sends_and_reads_what_was_taken(fake):
    answer = client(fake).send(
        [text("01012345678"), text("01087654321")], SendRequestConfig(show_message_list=True)
    )

    assert answer.group_info.count.registered_success == 2
    assert {one.custom_fields["deliveryId"] for one in answer.message_list} == {
        "01012345678",
        "01087654321",
    }
    assert {one.status_code for one in answer.message_list} == {"2000"}


def test_the_client_reads_a_partial_failure(fake):
    answer = client(fake).send([text("01012345678"), text("01000001062")])

    (failed,) = answer.failed_message_list
    assert (failed.to, failed.status_code) == ("01000001062", "1062")
    assert answer.group_info.count.registered_failed == 1


def test_the_client_raises_where_nothing_was_taken(fake):
    with pytest.raises(MessageNotReceivedError) as raised:
        client(fake).send(text("01000001062"))

    assert [one.status_code for one in raised.value.failed_messages] == ["1062"]


def test_a_recipient_that_stands_twice_is_a_duplicate_to_the_client(fake):
    answer = client(fake).send([text("01012345678"), text("01012345678")])

    assert [one.status_code for one in answer.failed_message_list] == ["1026"]


def test_the_client_cannot_sign_with_another_secret(fake):
    with pytest.raises(Exception, match="SignatureDoesNotMatch"):
        client(fake, secret=SECRET[::-1]).send(text("01012345678"))


def test_a_signature_of_the_client_is_good_once(fake):
    signed = {"Authorization": Authenticator(KEY, SECRET).get_auth_info()}

    answers = [httpx.get(f"{fake.url}/cash/v1/balance", headers=signed) for _ in range(2)]

    assert [one.status_code for one in answers] == [200, 403]
    assert answers[1].json()["errorCode"] == "DuplicatedSignature"


def test_the_client_sends_an_alimtalk_and_a_brand_message(fake):
    alimtalk = RequestMessage(
        from_=NUMBER,
        to="01012345678",
        type=MessageType.ATA,
        kakao_options=KakaoOption(
            pf_id="KA01PF1", template_id="KA01TP1", variables={"name": "민지"}, disable_sms=True
        ),
    )
    brand = RequestMessage(
        from_=NUMBER,
        to="01087654321",
        type=MessageType.BMS_FREE,
        kakao_options=KakaoOption(
            pf_id="KA01PF1", bms=Bms(targeting="I", chat_bubble_type="TEXT", content="새 소식")
        ),
    )

    client(fake).send([alimtalk, brand])

    sent = {one["type"]: one["kakaoOptions"] for one in fake.messages.values()}
    assert sent["ATA"]["variables"] == {"#{name}": "민지"}
    assert sent["BMS_FREE"]["bms"]["targeting"] == "I"


def test_the_client_reads_the_list_and_the_balance(fake):
    client(fake).send([text("01012345678")])

    listed = client(fake).get_messages(GetMessagesRequest(limit=5))
    balance = client(fake).get_balance()

    assert [one.to for one in listed.message_list.values()] == ["01012345678"]
    assert balance.balance == 1_000_000


def test_the_client_reads_our_reports(fake):
    client(fake).send([text("01012345678"), text("01000003104")])

    read = [SingleReportPayload.model_validate(body).root[0].data for body in fake.due]

    assert [(one.to, one.status_code) for one in read] == [
        ("01012345678", "4000"),
        ("01000003104", "3104"),
    ]


def test_the_client_uploads_a_picture_and_sends_it(fake, tmp_path):
    file = tmp_path / "sale.jpg"
    file.write_bytes(jpeg())
    mine = client(fake)

    uploaded = mine.upload_file(str(file), FileTypeEnum.MMS)
    mine.send(
        RequestMessage(
            from_=NUMBER, to="01012345678", text="새 옷", subject="소식", image_id=uploaded.file_id
        )
    )

    (sent,) = fake.received(1)
    assert (sent["type"], sent["imageId"]) == ("MMS", uploaded.file_id)


def test_the_client_hears_that_a_picture_is_not_there(fake):
    with pytest.raises(MessageNotReceivedError) as raised:
        client(fake).send(
            RequestMessage(
                from_=NUMBER, to="01012345678", text="새 옷", image_id="ST01", type=MessageType.MMS
            )
        )

    assert raised.value.failed_messages[0].status_code == UNKNOWN_PICTURE


def test_what_we_write_as_a_bubble_the_client_knows():
    note = BrandNote(
        text="무료 배송",
        bubble=BubbleKind.COMMERCE,
        picture=Shown(hash="", use=PictureUse.BRAND, file_id="ST01"),
        image_url="https://shop.example/i",
        buttons=[Button(kind="WL", name="보기", mobile_url="https://shop.example/")],
        coupon=Coupon(
            title="10% 할인 쿠폰", description="이번 주", mobile_url="https://shop.example/k"
        ),
        commerce=Commerce(title="니트", regular_price=100, discount_price=90, discount_rate=10),
    )

    written = write_bubble(note)

    assert BmsOption.model_validate(written).model_dump(by_alias=True, exclude_none=True) == written
