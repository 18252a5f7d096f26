"""Segments and lists as a marketer makes them."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.browser.test_console import faults, sign_in  # noqa: F401 - a fixture


@pytest.fixture
def segments(page: Page) -> Page:
    """The list of segments, reached as a member reaches it."""
    sign_in(page)
    page.get_by_role("link", name="세그먼트", exact=True).click()
    expect(page).to_have_title("세그먼트 · 단골")
    return page


def begin(page: Page, title: str) -> None:
    page.get_by_role("link", name="새로 만들기").click()
    expect(page).to_have_title("새 세그먼트 · 단골")
    page.get_by_label("이름 (한국어)").fill(title)


def add(page: Page, kind: str) -> Locator:
    """A new condition of this kind, in the outermost group."""
    page.get_by_role("button", name="조건 추가").last.click()
    page.get_by_role("menuitem", name=re.compile(f"^{kind}")).click()
    made = page.get_by_role("group", name=kind, exact=True).last
    expect(made).to_be_visible()
    return made


def publish(page: Page) -> None:
    page.get_by_role("button", name="발행하기").click()
    page.get_by_role("dialog").get_by_role("button", name="발행하기").click()
    expect(page.get_by_text("발행했어요")).to_be_visible()


def test_two_conditions_are_previewed_published_and_listed(segments, faults):  # noqa: F811
    begin(segments, "연락할 수 있는 동의 고객")
    add(segments, "수신 동의")
    expect(segments.get_by_test_id("estimate")).to_have_text("2명")
    add(segments, "연락 가능")
    expect(segments.get_by_test_id("estimate")).to_have_text("1명")
    expect(segments.get_by_role("link", name="minji")).to_be_visible()

    publish(segments)

    expect(segments).to_have_title("연락할 수 있는 동의 고객 · 단골")
    segments.get_by_role("link", name="세그먼트", exact=True).first.click()
    row = segments.get_by_role("listitem").filter(has_text="연락할 수 있는 동의 고객")
    expect(row).to_contain_text("이메일 연락 가능")
    expect(row).to_contain_text("운영 중")
    assert [fault for fault in faults if "401" not in fault] == []
