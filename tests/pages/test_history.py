"""The page about somebody's own data: what is held, masked, and why each message came or not."""

import pytest
from tests.build import NOON, TEST_VAULT, customer, one, plan_message, template
from tests.channels.sending import allowed_message, claim, deliver_to, mail_server

from dangol.content.tokens import TokenPurpose, sign_page
from dangol.guard.decide import decide_messages
from dangol.pages.history_words import REASONS, say_reason
from dangol.store.vocabulary import DecisionReason

KOREAN = {"Accept-Language": "ko"}
ENGLISH = {"Accept-Language": "en"}


def link_of(workspace: int, message: int, *, purpose=TokenPurpose.HISTORY, now=NOON) -> str:
    token = sign_page(TEST_VAULT, purpose, workspace_id=workspace, message_id=message, now=now)
    return f"/p/data/{token}"


@pytest.fixture
def link(connection, workspace) -> str:
    """The page of somebody who got one message, and of whom a few things are held."""
    note = template(connection, workspace, subject="{{ customer.name }}님, 오랜만이에요")
    message = allowed_message(connection, workspace, template_id=note)
    (minji,) = connection.execute("select id from customer").fetchone()
    connection.execute(
        """update customer set traits = '{"name": "김민지", "grade": "gold"}' where id = %s""",
        (minji,),
    )
    connection.execute(
        "insert into activity values (%s, %s, 'Order Completed', %s, %s, 3, 90000)",
        (workspace, minji, NOON, NOON),
    )
    connection.commit()
    with mail_server() as server:
        deliver_to(server, connection, workspace)
    return link_of(workspace, message)


def test_the_page_shows_what_is_held_masked_and_from_where(client, link):
    page = client.get(link, headers=KOREAN).text

    for said in (
        "m•••i@shop.example",
        "김•••",
        "gold",
        "주문 완료",
        "3번, 마지막은 2027년 3월 2일",
        "sign-up form",
        "광고를 받기로 하셨어요",
        "단골 상점의 회원 정보에서 받았어요.",
    ):
        assert said in page, said
    # A subject is what they got already; elsewhere nobody is named.
    assert page.count("김민지") == 1
    assert "minji@" not in page
    assert "<script" not in page


def test_a_message_that_was_sent_says_when_why_and_what_began_it(client, link):
    page = client.get(link, headers=KOREAN).text

    for said in (
        "김민지님, 오랜만이에요",
        "3월 2일 12:00에 보냈어요",
        "시작: 상점에서 하신 일: 장바구니 조회",
    ):
        assert said in page, said


def test_a_message_that_was_not_sent_says_why(client, connection, workspace, link):
    jiwoo = customer(connection, workspace, name="jiwoo", email="jiwoo@shop.example")
    message = plan_message(connection, workspace, customer_id=jiwoo)
    with connection.transaction():
        decide_messages(connection, workspace_id=workspace, now=NOON, batch=10)

    page = client.get(link_of(workspace, message), headers=ENGLISH).text

    assert link
    assert "Not sent" in page
    assert "You have not agreed to promotions." in page


def test_nothing_about_anybody_else_is_shown(client, connection, workspace, link):
    customer(connection, workspace, name="jiwoo", email="jiwoo@shop.example")

    page = client.get(link, headers=KOREAN).text

    assert "jiwoo" not in page
    assert "j•••" not in page


def test_looking_changes_nothing(client, connection, link):
    def rows() -> list[int]:
        counted = [
            one(connection, f"select count(*) from {table}")  # noqa: S608 - ours
            for table in ("consent_entry", "receipt", "preference", "topic_refusal", "erasure")
        ]
        connection.commit()
        return counted

    before = rows()

    assert client.get(link).status_code == 200
    assert client.head(link).status_code == 200
    assert rows() == before


def test_a_link_of_another_page_does_not_open_it(client, connection, workspace, link):
    (message,) = connection.execute("select id from message").fetchone()
    connection.commit()

    assert link
    for purpose in (TokenPurpose.PREFERENCES, TokenPurpose.COPY, TokenPurpose.ERASE):
        assert client.get(link_of(workspace, message, purpose=purpose)).status_code == 404


def test_a_name_that_is_markup_is_text(client, connection, workspace):
    message = allowed_message(connection, workspace)
    claim(connection, workspace)
    connection.execute("""update customer set traits = '{"<b>": "<i>x"}'""")
    connection.commit()

    page = client.get(link_of(workspace, message)).text

    assert "<b>" not in page
    assert "<i>" not in page


@pytest.mark.parametrize("reason", [*DecisionReason, "something_new"])
@pytest.mark.parametrize("purpose", ["marketing", "informational"])
def test_every_reason_is_said_in_both_languages(reason, purpose):
    korean = say_reason(reason, purpose=purpose, locale="ko")
    english = say_reason(reason, purpose=purpose, locale="en")

    assert korean.endswith("요.")
    assert english.endswith(".")
    assert korean != english


def test_no_reason_of_the_guard_is_left_to_the_common_words():
    assert [reason for reason in DecisionReason if reason not in REASONS] == ["allowed"]
