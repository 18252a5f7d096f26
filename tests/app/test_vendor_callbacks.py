"""What a vendor tells is kept once, and an opt-out holds before the vendor is answered."""

import asyncio
import json
import logging
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from litestar.testing import TestClient
from tests.app.phones import (
    HOME_NUMBER,
    KAKAO_USER,
    NUMBER,
    call,
    consents,
    may_leave,
    phone_customer,
    phone_message,
)
from tests.build import NOON, TEST_VAULT, open_shop

from dangol.app.clock import freeze_clock, machine_time
from dangol.app.http import create_app
from dangol.app.settings import Settings
from dangol.app.vendor_callbacks import callback_path
from dangol.app.vendor_chores import ask_denials, asked_until
from dangol.app.vendor_desks import DESKS
from dangol.channels.approvals import keep_templates, list_approvals
from dangol.feedback import vendor_reports
from dangol.feedback.vendor_reports import expire_reports, read_report, take_reports
from dangol.providers.kakao.fake import ADMIN_KEY, FakeKakao
from dangol.providers.kakao.relation import KakaoError, Relation, read_relations
from dangol.providers.nhn.fake import CHANNEL, SIGNATURE, FakeNhn
from dangol.providers.solapi.account import SolapiAccount
from dangol.providers.solapi.fake import HOOK_SECRET, KEY, SECRET, FakeSolapi
from dangol.providers.template_desk import VendorTemplate
from dangol.providers.vendor import Report, ReportKind
from dangol.store.connect import connect
from dangol.store.vocabulary import Channel, TemplateState


@pytest.fixture
def solapi() -> Iterator[FakeSolapi]:
    with FakeSolapi(clock=machine_time) as running:
        yield running


@pytest.fixture
def kakao() -> Iterator[FakeKakao]:
    with FakeKakao(clock=machine_time) as running:
        yield running


@pytest.fixture
def client(dsn, tmp_path, connection):
    (tmp_path / "dangol.key").write_bytes(bytes(range(32)))
    settings = Settings(
        database_url=dsn,
        data_folder=tmp_path,
        solapi_webhook_secret=HOOK_SECRET,
        kakao_admin_key=ADMIN_KEY,
        nhn_webhook_signature=SIGNATURE,
        nhn_sender_key=CHANNEL,
    )
    with connection.transaction():
        freeze_clock(connection, at=NOON)
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def nhn(connection) -> Iterator[FakeNhn]:
    """A fake that keeps a template of ours, as we know since an hour."""
    with FakeNhn(clock=machine_time) as running:
        running.shelf.put("ORDER", {"templateName": "order", "templateContent": "주문"})
        standing = TemplateState.INSPECTING
        kept = VendorTemplate(code="ORDER", name="order", text="주문", state=standing)
        with connection.transaction():
            an_hour_ago = machine_time() - timedelta(hours=1)
            keep_templates(connection, [kept], provider="nhn", now=an_hour_ago)
        yield running


def standing(connection) -> tuple[str, str]:
    (found,) = list_approvals(connection)
    connection.commit()
    return found.kept.state.value, found.kept.comment


def path(workspace: int, vendor: str = "solapi") -> str:
    return callback_path(TEST_VAULT, vendor=vendor, workspace_id=workspace)


def tell(client, fake, workspace: int, told: object):
    body = json.dumps(told).encode()
    return client.post(
        path(workspace, fake.name), content=body, headers=dict(fake.hook_headers(body))
    )


def account(fake: FakeSolapi) -> SolapiAccount:
    return SolapiAccount(key=KEY, secret=SECRET, clock=machine_time, url=fake.url)


def kept(connection) -> list[tuple[str, str, bool]]:
    rows = connection.execute(
        "select provider, report ->> 'kind', opted_out_at is not null"
        " from vendor_report order by id"
    ).fetchall()
    connection.commit()
    return rows


DELIVERED = [{"data": {"messageId": "M1", "to": HOME_NUMBER, "statusCode": "4000",
              "customFields": {"deliveryId": "key-1"}}}]  # fmt: skip


def test_a_report_is_kept_once_without_the_number_it_names(client, connection, workspace, solapi):
    answers = [tell(client, solapi, workspace, DELIVERED).json() for _ in range(2)]

    assert [answer["recorded"] for answer in answers] == [1, 0]
    report, key = connection.execute("select report, address_key from vendor_report").fetchone()
    assert key == TEST_VAULT.key(workspace, "phone", NUMBER)
    assert "1012345678" not in json.dumps(report)
    read = read_report(report)
    assert (read.kind, read.our_id, read.vendor_id) == (ReportKind.DELIVERED, "key-1", "M1")


def test_two_workspaces_do_not_hear_of_each_other(client, connection, workspace, solapi):
    other = open_shop(connection, name="other")

    tell(client, solapi, workspace, DELIVERED)
    tell(client, solapi, other, DELIVERED)

    rows = connection.execute("select workspace_id from vendor_report order by id").fetchall()
    assert rows == [(workspace,), (other,)]


def test_an_address_that_is_not_ours_does_not_exist(client, workspace):
    token = path(workspace).rpartition("/")[2]

    for wrong in (f"/callbacks/kakao/{token}", f"/callbacks/solapi/{token[:-2]}AA",
                  f"/callbacks/nobody/{token}", "/callbacks/solapi/x"):  # fmt: skip
        assert client.post(wrong, content=b"[]").status_code == 404


def test_who_does_not_show_the_secret_is_refused(client, connection, workspace):
    answer = client.post(path(workspace), json=DELIVERED, headers={"X-Solapi-Secret": "guess"})

    assert answer.status_code == 401
    assert "docs/guides/vendors.md" in answer.json()["message"]
    assert kept(connection) == []


def test_a_body_that_cannot_be_read_is_refused_and_keeps_nothing(
    client, connection, workspace, solapi
):
    headers = dict(solapi.hook_headers(b""))

    answer = client.post(path(workspace), content=b"<html>", headers=headers)

    assert answer.status_code == 400
    assert kept(connection) == []


def test_characters_the_database_cannot_hold_are_left_out(client, connection, workspace, solapi):
    told = [{"messageId": "M\x001", "statusCode": "3010", "statusMessage": "a\x00b\\u0000"}]

    assert tell(client, solapi, workspace, told).status_code == 200
    (report,) = connection.execute("select report from vendor_report").fetchone()
    assert (report["vendor_id"], report["detail"]) == ("M1", "ab\\u0000")


@pytest.mark.parametrize("speaks_old", [False, True])
def test_after_a_channel_block_no_brand_message_leaves(
    client, connection, workspace, kakao, speaks_old
):
    kakao.speaks_old = speaks_old
    minji = phone_customer(connection, workspace, channel="kakao_brand", kakao_user=KAKAO_USER)
    message = phone_message(connection, workspace, customer_id=minji, channel="kakao_brand")
    assert may_leave(connection, workspace, message)

    kakao.hook_url = "unused"
    kakao.change(KAKAO_USER, "blocked")
    answer = tell(client, kakao, workspace, kakao.due[0])

    assert answer.status_code == 200
    assert not may_leave(connection, workspace, message)
    assert consents(connection, minji) == {"kakao_brand": "withdrawn"}
    entry = connection.execute(
        "select source_kind, actor from consent_entry order by id desc limit 1"
    ).fetchone()
    assert entry == ("kakao_channel", "kakao")
    assert kept(connection) == [("kakao", "opted_out", True)]


def test_adding_a_channel_is_no_consent(client, connection, workspace, kakao):
    minji = phone_customer(connection, workspace, channel="sms", kakao_user=KAKAO_USER)

    kakao.change(KAKAO_USER, "added")
    tell(client, kakao, workspace, kakao.due[0])

    assert consents(connection, minji) == {"sms": "granted"}
    assert kept(connection) == [("kakao", "added", False)]


def test_a_block_by_somebody_nobody_knows_is_kept(client, connection, workspace, kakao):
    minji = phone_customer(connection, workspace, kakao_user=KAKAO_USER)

    kakao.change("999", "blocked")

    assert tell(client, kakao, workspace, kakao.due[0]).status_code == 200
    assert consents(connection, minji) == {"sms": "granted"}
    assert kept(connection) == [("kakao", "opted_out", True)]


@pytest.mark.parametrize(
    "body", [b"[]", b'{"event": "deleted", "id": "1"}', b'{"event": "added"}', b"no json"]
)
def test_what_kakao_would_not_say_is_refused(client, workspace, kakao, body):
    headers = dict(kakao.hook_headers(body))

    assert client.post(path(workspace, "kakao"), content=body, headers=headers).status_code == 400


def test_kakao_can_be_asked_how_a_person_stands_to_the_channel(kakao):
    kakao.change(KAKAO_USER, "blocked")

    (standing,) = asyncio.run(
        read_relations(admin_key=ADMIN_KEY, user_id=KAKAO_USER, url=kakao.url)
    )

    assert standing.relation is Relation.BLOCKED
    with pytest.raises(KakaoError, match="DANGOL_KAKAO_ADMIN_KEY"):
        asyncio.run(read_relations(admin_key="other", user_id=KAKAO_USER, url=kakao.url))


def test_after_a_call_to_080_no_text_leaves_in_any_workspace(connection, workspace, solapi):
    other = open_shop(connection, name="other")
    minji = phone_customer(connection, workspace)
    elsewhere = phone_customer(connection, other)
    message = phone_message(connection, workspace, customer_id=minji)
    assert may_leave(connection, workspace, message)

    solapi.deny(HOME_NUMBER)
    assert ask_denials(connection, account=account(solapi), vault=TEST_VAULT)

    assert not may_leave(connection, workspace, message)
    both = {"sms": "withdrawn", "kakao_brand": "withdrawn"}
    assert consents(connection, minji) == both
    assert consents(connection, elsewhere) == both
    assert kept(connection) == [("solapi", "opted_out", True)] * 2
    entry = connection.execute(
        "select distinct source_kind from consent_entry where action = 'withdraw'"
    )
    assert entry.fetchall() == [("phone_call",)]


def test_an_old_080_call_does_not_take_away_a_later_consent(connection, workspace, solapi):
    minji = phone_customer(connection, workspace)
    solapi.deny(HOME_NUMBER)
    ask_denials(connection, account=account(solapi), vault=TEST_VAULT)
    connection.execute("update consent set state = 'granted' where channel = 'sms'")
    connection.commit()

    ask_denials(connection, account=account(solapi), vault=TEST_VAULT)

    assert consents(connection, minji)["sms"] == "granted"


def test_a_number_that_several_people_share_refuses_for_all_of_them(connection, workspace, solapi):
    people = [phone_customer(connection, workspace, name=name) for name in ("minji", "jiwoo")]

    solapi.deny(HOME_NUMBER)
    ask_denials(connection, account=account(solapi), vault=TEST_VAULT)

    assert [consents(connection, one)["sms"] for one in people] == ["withdrawn"] * 2


@pytest.mark.usefixtures("workspace")
def test_a_vendor_that_does_not_answer_is_asked_for_the_same_time_again(connection, solapi, caplog):
    away = SolapiAccount(key="other", secret=SECRET, clock=machine_time, url=solapi.url)

    with caplog.at_level(logging.WARNING, logger="dangol.vendors"):
        assert not ask_denials(connection, account=away, vault=TEST_VAULT)

    assert asked_until(connection, provider="solapi", question="denials") is None
    assert ask_denials(connection, account=account(solapi), vault=TEST_VAULT)
    assert asked_until(connection, provider="solapi", question="denials") is not None


@pytest.mark.parametrize(("reply", "state"), [("수신 거부", "withdrawn"), ("고마워요", "granted")])
def test_a_reply_that_asks_for_no_more_is_an_opt_out_and_its_words_are_not_kept(
    connection, workspace, reply, state
):
    minji = phone_customer(connection, workspace)
    report = Report(
        kind=ReportKind.REPLIED, event_id="1", occurred_at=NOON, recipient=NUMBER, detail=reply
    )

    with connection.transaction():
        told = DESKS["solapi"].told("solapi", [report])
        take_reports(connection, told, workspace_id=workspace, vault=TEST_VAULT, now=NOON)

    assert consents(connection, minji)["sms"] == state
    (written,) = connection.execute("select report::text from vendor_report").fetchone()
    assert reply not in written


def test_a_vendor_is_answered_only_once_no_call_is_under_way(
    client, connection, workspace, kakao, dsn, monkeypatch
):
    minji = phone_customer(connection, workspace, channel="kakao_brand", kakao_user=KAKAO_USER)
    message = phone_message(connection, workspace, customer_id=minji, channel="kakao_brand")
    delivery = call(connection, workspace, message)
    looked = threading.Event()
    waits = vendor_reports.time.sleep

    def note(seconds: float) -> None:
        looked.set()
        waits(seconds)

    monkeypatch.setattr(vendor_reports.wait_until_quiet, "__kwdefaults__", {"pause": note})
    answers = []
    kakao.change(KAKAO_USER, "blocked")
    posting = threading.Thread(
        target=lambda: answers.append(tell(client, kakao, workspace, kakao.due[0]).status_code)
    )
    posting.start()
    assert looked.wait(10)
    # It holds already, and nobody has been told so.
    assert (consents(connection, minji)["kakao_brand"], answers) == ("withdrawn", [])
    with connect(dsn) as other:
        other.execute(
            "update delivery set state = 'accepted', settled_at = %s where id = %s",
            (NOON, delivery),
        )
        other.commit()
    posting.join()

    assert answers == [200]


def test_a_call_that_does_not_end_in_time_lets_the_vendor_tell_it_again(
    client, connection, workspace, kakao, monkeypatch
):
    minji = phone_customer(connection, workspace, channel="kakao_brand", kakao_user=KAKAO_USER)
    message = phone_message(connection, workspace, customer_id=minji, channel="kakao_brand")
    delivery = call(connection, workspace, message)
    monkeypatch.setattr(
        vendor_reports.wait_until_quiet, "__kwdefaults__", {"pause": lambda _: None}
    )
    kakao.change(KAKAO_USER, "blocked")

    first = tell(client, kakao, workspace, kakao.due[0])
    connection.execute(
        "update delivery set state = 'accepted', settled_at = %s where id = %s", (NOON, delivery)
    )
    connection.commit()
    second = tell(client, kakao, workspace, kakao.due[0])

    assert (first.status_code, first.headers["retry-after"]) == (503, "5")
    assert (second.status_code, second.json()) == (200, {"recorded": 0})
    withdrawals = connection.execute("select count(*) from consent_entry where action = 'withdraw'")
    assert withdrawals.fetchone() == (1,)


def test_a_number_reaches_its_people_by_text_and_by_brand_message():
    assert DESKS["solapi"].channels == (Channel.SMS, Channel.KAKAO_BRAND)


def test_only_what_was_taken_long_ago_is_forgotten(client, connection, workspace, solapi):
    for number in range(3):
        tell(client, solapi, workspace, [{"messageId": f"M{number}", "statusCode": "4000"}])
    connection.execute("update vendor_report set taken_at = %s where id <> 1", (NOON,))
    connection.execute("update vendor_report set received_at = '2026-01-01' where id <> 3")

    assert expire_reports(connection, before=NOON) == 1
    assert len(kept(connection)) == 2


def test_what_kakao_says_of_a_template_holds_at_once(client, connection, workspace, nhn):
    nhn.do("reject", "ORDER")
    rejected = tell(client, nhn, workspace, nhn.due.pop())
    before = standing(connection)
    nhn.do("approve", "ORDER")
    approved = tell(client, nhn, workspace, nhn.due.pop())

    assert (rejected.status_code, rejected.json()["recorded"]) == (200, 1)
    assert before == ("rejected", "광고성 문구가 있어 반려합니다.")
    assert approved.json()["recorded"] == 1
    assert standing(connection)[0] == "approved"


def test_a_post_about_a_template_that_comes_late_or_twice_changes_nothing(
    client, connection, workspace, nhn
):
    nhn.do("reject", "ORDER")
    nhn.do("approve", "ORDER")
    late, last = nhn.due

    answers = [tell(client, nhn, workspace, one) for one in (last, last, late)]

    assert [one.json()["recorded"] for one in answers] == [1, 0, 0]
    assert standing(connection)[0] == "approved"


def test_a_blocked_template_is_not_let_go_by_a_post(client, connection, workspace, nhn):
    connection.execute("update vendor_template set state = 'stopped'")
    connection.commit()
    nhn.do("approve", "ORDER")

    assert tell(client, nhn, workspace, nhn.due.pop()).json()["recorded"] == 0
    assert standing(connection)[0] == "stopped"


def test_who_does_not_show_the_signature_judges_no_template(client, connection, workspace, nhn):
    nhn.do("approve", "ORDER")

    answer = client.post(path(workspace, "nhn"), json=nhn.due.pop())

    assert answer.status_code == 401
    assert standing(connection)[0] == "inspecting"
