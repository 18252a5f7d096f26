"""A fake vendor and Dangol, each on a socket of its own: sent, reported twice, opted out."""

import asyncio
from contextlib import ExitStack

import pytest
from tests.app.phones import (
    HOME_NUMBER,
    KAKAO_USER,
    NUMBER,
    consents,
    may_leave,
    phone_customer,
    phone_message,
)
from tests.build import TEST_VAULT

from dangol.app.clock import machine_time
from dangol.app.fake_vendors import post_all
from dangol.app.vendor_callbacks import callback_path
from dangol.providers.bizgo.fake import HOOK_SECRET as BIZGO_SECRET
from dangol.providers.bizgo.fake import FakeBizgo
from dangol.providers.kakao.fake import ADMIN_KEY, FakeKakao
from dangol.providers.nhn.fake import SIGNATURE, FakeNhn
from dangol.providers.solapi.account import SolapiAccount
from dangol.providers.solapi.fake import HOOK_SECRET, KEY, SECRET, FakeSolapi
from dangol.providers.solapi.sender import SolapiSender
from dangol.providers.vendor import Outgoing, TextNote


@pytest.fixture
def stack():
    with ExitStack() as opened:
        yield opened


def test_a_report_posted_twice_is_kept_once(serve, connection, workspace, stack):
    address, _ = serve(solapi_webhook_secret=HOOK_SECRET)
    fake = stack.enter_context(FakeSolapi(clock=machine_time))
    fake.hook_url = address + callback_path(TEST_VAULT, vendor="solapi", workspace_id=workspace)
    account = SolapiAccount(key=KEY, secret=SECRET, clock=machine_time, url=fake.url)
    message = Outgoing(
        delivery_id=1, vendor_id="key-1", sender="", recipient=NUMBER, content=TextNote(text="hi")
    )
    asyncio.run(SolapiSender(account).send([message]))

    assert [post_all([fake], twice=True) for _ in range(2)] == [1, 0]

    assert [told.statuses for told in fake.told] == [[200], [200]]
    (report,) = connection.execute("select report ->> 'our_id' from vendor_report").fetchall()
    assert report == ("key-1",)


def test_a_block_posted_by_kakao_holds_when_it_is_answered(serve, connection, workspace, stack):
    address, _ = serve(kakao_admin_key=ADMIN_KEY)
    fake = stack.enter_context(FakeKakao(clock=machine_time))
    fake.hook_url = address + callback_path(TEST_VAULT, vendor="kakao", workspace_id=workspace)
    minji = phone_customer(connection, workspace, channel="kakao_brand", kakao_user=KAKAO_USER)

    fake.do("block", KAKAO_USER)
    fake.post_reports()

    assert fake.told[0].statuses == [200]
    assert consents(connection, minji) == {"kakao_brand": "withdrawn"}


def test_a_call_to_080_posted_by_nhn_holds_when_it_is_answered(serve, connection, workspace, stack):
    address, _ = serve(nhn_webhook_signature=SIGNATURE)
    fake = stack.enter_context(FakeNhn(clock=machine_time))
    fake.hook_url = address + callback_path(TEST_VAULT, vendor="nhn", workspace_id=workspace)
    minji = phone_customer(connection, workspace)
    message = phone_message(connection, workspace, customer_id=minji)
    assert may_leave(connection, workspace, message)

    fake.do("call-080", HOME_NUMBER)
    fake.post_reports()

    assert fake.told[0].statuses == [200]
    assert not may_leave(connection, workspace, message)
    assert consents(connection, minji) == {"sms": "withdrawn", "kakao_brand": "withdrawn"}


def test_a_reply_posted_by_bizgo_holds_when_it_is_answered(serve, connection, workspace, stack):
    address, _ = serve(bizgo_webhook_secret=BIZGO_SECRET)
    fake = stack.enter_context(FakeBizgo(clock=machine_time))
    fake.hook_url = address + callback_path(TEST_VAULT, vendor="bizgo", workspace_id=workspace)
    minji = phone_customer(connection, workspace)
    message = phone_message(connection, workspace, customer_id=minji)
    assert may_leave(connection, workspace, message)

    fake.do("reply-stop", HOME_NUMBER)
    fake.post_reports()

    assert fake.told[0].statuses == [200]
    assert not may_leave(connection, workspace, message)
    assert consents(connection, minji) == {"sms": "withdrawn", "kakao_brand": "withdrawn"}


def test_what_is_refused_is_posted_five_times_and_no_more(serve, workspace, stack):
    address, _ = serve(solapi_webhook_secret="another-secret")  # noqa: S106 - that is the point
    fake = stack.enter_context(FakeSolapi(clock=machine_time))
    fake.hook_url = address + callback_path(TEST_VAULT, vendor="solapi", workspace_id=workspace)
    fake.due.append([{"messageId": "M1", "statusCode": "4000"}])

    fake.post_reports()

    assert fake.told[0].statuses == [401] * 5
