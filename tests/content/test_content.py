"""Templates: what they may do, what the law wants of them, and the ones that come with us."""

from datetime import UTC, datetime

import pytest

from dangol.content.advertising import is_disguised, mark_subject
from dangol.content.frame import PIXEL, find_links, frame_html
from dangol.content.library import install_library, parse_template, read_library
from dangol.content.lint import lint_template, render_sample
from dangol.content.liquid import TemplateError, parse
from dangol.content.template import Draft, read_templates
from dangol.content.tokens import TokenPurpose, read_token, sign_click, sign_message
from dangol.store.vault import BadToken
from dangol.store.vocabulary import Channel, Purpose
from dangol.store.workspace import Workspace, read_workspace

NOON = datetime(2027, 3, 2, 3, 0, tzinfo=UTC)


@pytest.fixture
def shop(connection, workspace) -> Workspace:
    return read_workspace(connection, workspace_id=workspace)


def draft(**changes: object) -> Draft:
    values = {
        "name": "note",
        "channel": Channel.EMAIL,
        "purpose": Purpose.MARKETING,
        "locale": "ko",
        "subject": "잘 지내셨나요?",
        "body_text": "안녕하세요",
        "body_html": "<p>안녕하세요</p>",
    }
    return Draft(**{**values, **changes})


def test_what_a_customer_is_called_cannot_become_html():
    page = parse("body_html", "<p>{{ customer.name }}</p>", escape=True)

    written = page.render({"customer": {"name": "<script>alert(1)</script>"}})

    assert written == "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"


def test_a_template_cannot_switch_escaping_off():
    with pytest.raises(TemplateError, match="safe"):
        parse("body_html", "{{ customer.name | safe }}", escape=True).render({"customer": {}})


@pytest.mark.parametrize(
    "hostile",
    [
        "{% for a in (1..100000) %}{% for b in (1..100000) %}x{% endfor %}{% endfor %}",
        "{% assign s = 'x' %}{% for i in (1..60) %}{% assign s = s | append: s %}{% endfor %}",
        "{% include 'other' %}",
        "{% render 'other' %}",
        "{{ 'a' | no_such_filter }}",
        "{% if %}",
        "{{ unclosed",
    ],
)
def test_a_hostile_or_broken_template_fails_with_the_field_at_fault(hostile):
    with pytest.raises(TemplateError) as failed:
        parse("body_text", hostile, escape=False).render({})

    assert failed.value.field == "body_text"


@pytest.mark.parametrize("secret", ["{{ customer.__class__ }}", "{{ customer.name.__len__ }}"])
def test_a_template_sees_data_only(secret):
    assert parse("body_text", secret, escape=False).render({"customer": {"name": "민지"}}) == ""


def test_a_template_cannot_read_the_clock():
    assert parse("body_text", "{{ 'now' | date: '%Y' }}", escape=False).render({}) == ""
    assert parse("body_text", "{{ '2027-03-02' | date: '%Y' }}", escape=False).render({}) == "2027"


def test_templates_with_and_without_tags_render_alike():
    plain = parse("body_text", "{{ a }} and {{ b }}", escape=False)
    tagged = parse("body_text", "{% if true %}{{ a }} and {{ b }}{% endif %}", escape=False)

    assert plain.render({"a": 1, "b": "x"}) == tagged.render({"a": 1, "b": "x"}) == "1 and x"


def test_a_frame_always_names_the_sender_and_the_way_out(shop):
    page = frame_html("<p>안녕<br>하세요</p>", workspace=shop, locale="ko", marketing=True)

    for part in (shop.sender_name, shop.sender_postal, shop.sender_phone, shop.sender_email):
        assert part in page
    assert page.count("{{ links.unsubscribe }}") == 2
    assert "무료 수신거부" in page
    assert "unsubscribe here" in page
    assert '<html lang="ko"' in page


def test_a_shop_name_is_text_and_never_a_template(shop):
    from dataclasses import replace  # noqa: PLC0415

    sly = replace(shop, sender_name="{{ customer.traits }}<b>")

    page = frame_html("<p>x</p>", workspace=sly, locale="ko", marketing=True)

    assert "{{ customer.traits }}" not in page
    assert "<b>" not in page


@pytest.mark.parametrize(
    "body",
    [
        "</mjml><p>",
        "</mj-text></mj-column></mj-section></mj-body></mjml>",
        "<p>안녕</div>",
        "<!-- open",
        "<mj-section><mj-column><mj-text><!-- </mj-text></mj-column></mj-section>",
        '<div style="display:none">',
        "<textarea>",
        "<script>",
        '<a href="x',
    ],
)
def test_no_template_can_hide_the_way_out(shop, body):
    try:
        page = frame_html(body, workspace=shop, locale="ko", marketing=True)
    except TemplateError as refused:
        assert "Close every tag" in str(refused)  # noqa: PT017 - the other way to be safe
    else:
        assert page.count("{{ links.unsubscribe }}") == 2
        assert page.count(PIXEL) == 1


def test_only_fixed_web_addresses_are_tracked():
    page = (
        '<a href="https://shop.example/?a=1&amp;b=2">x</a><a href="https://shop.example/">y</a>'
        '<a href="https://shop.example/">z</a><a href="mailto:a@b.example">m</a>'
        '<a href="{{ links.unsubscribe }}">u</a><a href="https://shop.example/{{ x }}">d</a>'
    )

    assert find_links(page) == ["https://shop.example/?a=1&b=2", "https://shop.example/"]


def test_the_mark_stands_once_and_exactly_in_front():
    assert mark_subject("안녕하세요") == "(광고) 안녕하세요"
    assert mark_subject("(광고) 안녕하세요") == "(광고) 안녕하세요"


@pytest.mark.parametrize(
    "subject", ["[광고] 소식", "(광 고) 소식", "(광.고) 소식", "(대출광고) 소식"]
)
def test_a_disguised_mark_is_found(shop, subject):
    assert is_disguised(subject)
    assert [fault.field for fault in lint_template(draft(subject=subject), workspace=shop)] == [
        "subject"
    ]


def test_information_that_promotes_is_an_advertisement(shop):
    faults = lint_template(
        draft(purpose=Purpose.INFORMATIONAL, body_text="주문 확인. 다음엔 10% 할인 쿠폰을 드려요"),
        workspace=shop,
    )

    assert [fault.field for fault in faults] == ["body_text"]


def test_pressure_is_advised_against_but_not_forbidden(shop):
    faults = lint_template(draft(subject="마지막 기회예요"), workspace=shop)

    assert [fault.is_advice for fault in faults] == [True]


@pytest.mark.parametrize("locale", ["ko", "en"])
def test_the_library_has_no_fault(shop, locale):
    drafts = read_library(locale=locale)

    assert [found.name for found in drafts] == [
        "thank_you_first_order",
        "winback_note",
        "winback_second_note",
    ]
    assert {found.name: lint_template(found, workspace=shop) for found in drafts} == {
        found.name: [] for found in drafts
    }


@pytest.mark.parametrize("locale", ["ko", "en"])
def test_every_advertisement_of_the_library_is_marked(shop, locale):
    for found in read_library(locale=locale):
        subject, _, _ = render_sample(found, workspace=shop)

        assert subject.startswith("(광고)") is (found.purpose is Purpose.MARKETING)


def test_installing_the_library_twice_keeps_its_ids(connection, workspace):
    first = install_library(connection, workspace_id=workspace, locale="ko", now=NOON)

    assert install_library(connection, workspace_id=workspace, locale="ko", now=NOON) == first
    assert {
        found.name for found in read_templates(connection, template_ids=first.values()).values()
    } == {
        "winback_note",
        "winback_second_note",
        "thank_you_first_order",
    }


def test_an_incomplete_template_file_says_what_it_needs():
    with pytest.raises(ValueError, match="write name, channel, purpose"):
        parse_template("name: x\n---\ntext")


def test_no_template_is_for_ad_networks():
    head = "name: x\nchannel: email\npurpose: ad_audience\nlocale: ko\nsubject: s\n"

    with pytest.raises(ValueError, match="for no message"):
        parse_template(f"{head}---\ntext\n---\nhtml")


def test_a_token_serves_one_purpose_only(vault):
    token = sign_message(vault, TokenPurpose.OPEN, workspace_id=1, message_id=2)

    assert read_token(vault, TokenPurpose.OPEN, token).message_id == 2
    with pytest.raises(BadToken):
        read_token(vault, TokenPurpose.UNSUBSCRIBE, token)


def test_no_bit_of_a_token_can_be_changed(vault):
    token = sign_click(vault, workspace_id=1, message_id=2, link_id=3)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    genuine = read_token(vault, TokenPurpose.CLICK, token)

    for at in range(len(token)):
        for letter in letters:
            forged = token[:at] + letter + token[at + 1 :]
            try:
                # Base64 ends in bits that mean nothing: they may differ, and change nothing.
                assert read_token(vault, TokenPurpose.CLICK, forged) == genuine
                assert forged == token or at == len(token) - 1
            except BadToken:
                continue


@pytest.mark.parametrize("token", ["", "x", "AAAA", "한글", "a" * 500, "!!!!"])
def test_nonsense_is_no_token(vault, token):
    with pytest.raises(BadToken):
        read_token(vault, TokenPurpose.UNSUBSCRIBE, token)
