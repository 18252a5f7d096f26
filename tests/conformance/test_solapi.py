"""SOLAPI's own client, unchanged, against our fake: what we test our sender with is SOLAPI-like."""

from collections.abc import Iterator

import httpx
import pytest
from solapi import SolapiMessageService
from solapi.error.MessageNotReceiveError import MessageNotReceivedError
from solapi.lib.authenticator import Authenticator
from solapi.model import Bms, KakaoOption, RequestMessage, SendRequestConfig
from solapi.model.message_type import MessageType
from solapi.model.request.messages.get_messages import GetMessagesRequest
from solapi.model.webhook.single_report import SingleReportPayload

from dangol.app.clock import machine_time
from dangol.providers.solapi.fake import KEY, SECRET, FakeSolapi

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
