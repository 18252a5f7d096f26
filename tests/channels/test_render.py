"""What leaves: a mail that says who writes, why, and how to make it stop."""

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from tests.build import NOON, TEST_VAULT, template
from tests.channels.sending import POST, allowed_message, claim

from dangol.channels.links import find_links
from dangol.channels.mime import encode_body, encode_header
from dangol.channels.mould import cast_mould
from dangol.channels.render import render
from dangol.content.template import read_templates
from dangol.content.tokens import TokenPurpose, read_page_token, read_token
from dangol.store.workspace import read_workspace

HTML = '<p>{{ customer.name }}님</p><p><a href="https://shop.example/?a=1&amp;b=2">둘러보기</a></p>'


def write(connection, workspace, *, now=NOON, traits: str = '{"name": "민지"}', **parts: str):
    """One mail, parsed by the standard library; with the message it belongs to."""
    used = template(connection, workspace, **{"body_html": HTML, **parts})
    message = allowed_message(connection, workspace, template_id=used)
    connection.execute("update customer set traits = %s", (traits,))
    (claimed,) = claim(connection, workspace)
    shop = read_workspace(connection, workspace_id=workspace)
    mould = cast_mould(
        read_templates(connection, template_ids=[used])[used], workspace=shop, post=POST
    )
    links = find_links(connection, workspace_id=workspace, urls=mould.links)
    outgoing = render(claimed, mould=mould, post=POST, link_ids=links, vault=TEST_VAULT, now=now)
    parsed = message_from_bytes(outgoing.content, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    assert parsed.defects == []
    return outgoing, parsed, message


def part(mail: EmailMessage, kind: str) -> str:
    found = mail.get_body((kind,))
    assert found is not None
    return found.get_content()


def test_an_advertisement_to_a_korean_shop_begins_with_the_mark(connection, workspace):
    _, mail, _ = write(connection, workspace, subject="{{ customer.name }}님, 잘 지내셨나요?")

    assert mail["Subject"] == "(광고) 민지님, 잘 지내셨나요?"


def test_information_carries_no_mark_and_no_refusal_link(connection, workspace):
    _, mail, _ = write(connection, workspace, purpose="informational", subject="주문 확인")

    assert mail["Subject"] == "주문 확인"
    assert mail["List-Unsubscribe"] is None
    assert "/u/" not in part(mail, "html")


def test_both_parts_name_the_sender_and_the_way_out_in_both_languages(connection, workspace):
    _, mail, _ = write(connection, workspace)

    for kind in ("plain", "html"):
        written = part(mail, kind)
        for said in ("단골 상점", "서울특별시 중구", "02-120", "hello@shop.example", "unsubscribe"):
            assert said in written
        assert "https://dangol.example/u/" in written


@pytest.mark.parametrize("purpose", ["marketing", "informational"])
def test_every_mail_leads_to_the_page_of_choices(connection, workspace, purpose):
    _, mail, message = write(connection, workspace, purpose=purpose)

    for kind in ("plain", "html"):
        token = re.search(r"https://dangol\.example/p/([\w-]+)", part(mail, kind))[1]
        named = read_page_token(TEST_VAULT, TokenPurpose.PREFERENCES, token, now=NOON)
        assert (named.workspace_id, named.message_id) == (workspace, message)


def test_a_mail_program_can_unsubscribe_in_one_click(connection, workspace):
    _, mail, message = write(connection, workspace)
    url = mail["List-Unsubscribe"].split(",")[0].strip("<> ")

    named = read_token(TEST_VAULT, TokenPurpose.UNSUBSCRIBE, url.rpartition("/")[2])

    assert named.message_id == message
    assert "mailto:u+" in mail["List-Unsubscribe"]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_the_refusal_link_is_never_tracked_and_every_other_is(connection, workspace):
    _, mail, message = write(connection, workspace)
    page = part(mail, "html")

    token = page.partition("https://dangol.example/c/")[2].partition('"')[0]
    named = read_token(TEST_VAULT, TokenPurpose.CLICK, token)

    assert named.message_id == message
    # Beside it only the link that nobody can see.
    assert page.count("/c/") == 2
    trap = page.rpartition("https://dangol.example/c/")[2].partition('"')[0]
    assert read_token(TEST_VAULT, TokenPurpose.CLICK, trap).link_id == 0
    assert 'rel="nofollow"' in page
    # Once in Korean, once in English.
    assert page.count("https://dangol.example/u/") == 2
    row = connection.execute("select url from link where id = %s", (named.link_id,)).fetchone()
    assert row == ("https://shop.example/?a=1&b=2",)


def test_links_and_headers_hold_no_address(connection, workspace):
    outgoing, mail, _ = write(connection, workspace)

    assert "minji" not in part(mail, "html") + part(mail, "plain")
    assert "minji" not in outgoing.sender
    assert "minji" not in mail["Message-ID"] + mail["List-Unsubscribe"] + mail["Feedback-ID"]


def test_the_return_path_and_the_message_id_name_the_message(connection, workspace):
    outgoing, mail, message = write(connection, workspace)
    token = outgoing.sender.removeprefix("b+").removesuffix("@bounce.shop.example")

    assert read_token(TEST_VAULT, TokenPurpose.MESSAGE, token).message_id == message
    assert len(outgoing.sender.partition("@")[0]) <= 64
    assert mail["Message-ID"] == outgoing.vendor_id == f"<{token}@bounce.shop.example>"


def test_the_date_is_the_one_given(connection, workspace):
    now = datetime(2027, 3, 2, 8, 30, 15, tzinfo=UTC)

    _, mail, _ = write(connection, workspace, now=now)

    assert mail["Date"].datetime == now


@pytest.mark.parametrize(
    "name", ["민지\\r\\nBcc: all@shop.example", "=?utf-8?b?QmNj?=", "민지\\u2028Bcc: x", "<b>민지"]
)
def test_no_name_can_add_a_header_or_markup(connection, workspace, name):
    _, mail, _ = write(
        connection, workspace, traits=f'{{"name": "{name}"}}', subject="{{ customer.name }}님"
    )

    assert mail["Bcc"] is None
    assert mail["Subject"].startswith("(광고)")
    assert "<b>민지" not in part(mail, "html")


def test_every_line_of_a_mail_is_short_and_in_ascii(connection, workspace):
    outgoing, _, _ = write(connection, workspace, subject="가" * 100)

    assert outgoing.content.isascii()
    assert max(len(line) for line in outgoing.content.split(b"\r\n")) <= 998
    assert b"\n" not in outgoing.content.replace(b"\r\n", b"")


def test_a_long_korean_header_survives():
    mail = message_from_bytes(
        f"Subject: {encode_header('가나다 ' * 40)}\r\n\r\n".encode(), policy=policy.default
    )

    assert mail["Subject"] == ("가나다 " * 40).strip()


def test_a_body_survives_whatever_its_length():
    for length in range(200):
        part = b"Content-Transfer-Encoding: base64\r\n\r\n" + encode_body("한" * length)

        assert message_from_bytes(part).get_payload(decode=True) == ("한" * length).encode()
