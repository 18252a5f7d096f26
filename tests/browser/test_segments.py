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
    expect(segments.get_by_role("link", name="m•••i@shop.example")).to_be_visible()

    publish(segments)

    expect(segments).to_have_title("연락할 수 있는 동의 고객 · 단골")
    segments.get_by_role("link", name="세그먼트", exact=True).first.click()
    row = segments.get_by_role("listitem").filter(has_text="연락할 수 있는 동의 고객")
    expect(row).to_contain_text("이메일 연락 가능")
    expect(row).to_contain_text("운영 중")
    assert [fault for fault in faults if "401" not in fault] == []


def test_what_is_wrong_is_said_at_its_place_and_gets_the_focus(segments):
    begin(segments, "등급이 있는 고객")
    add(segments, "수신 동의")
    trait = add(segments, "특성")
    expect(segments.get_by_text("조건 하나를 마저 채우면")).to_be_visible()
    # The names that a trait can have hang over the button.
    segments.keyboard.press("Escape")

    segments.get_by_role("button", name="발행하기").click()

    expect(trait.get_by_role("alert")).to_be_visible()
    expect(trait.get_by_label("특성", exact=True).first).to_be_focused()
    expect(segments.get_by_role("alert")).to_have_count(1)
    trait.get_by_role("combobox", name="특성").fill("grade")
    expect(segments.get_by_role("alert")).to_have_count(0)
    expect(segments.get_by_test_id("estimate")).to_have_text("0명")


def test_a_menu_fits_the_window_and_leaves_the_page_where_it_is(segments):
    segments.set_viewport_size({"width": 1280, "height": 640})
    begin(segments, "낮은 창")
    place = "[scrollY, document.documentElement.scrollHeight]"
    before = segments.evaluate(place)

    segments.get_by_role("button", name="조건 추가").click()

    last = segments.get_by_role("menuitem").last
    last.scroll_into_view_if_needed()
    assert segments.evaluate(place) == before
    box = segments.get_by_role("menu").bounding_box()
    assert box is not None
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= 640
    assert box["height"] > 300
    last.click()
    expect(segments.get_by_role("group", name="무작위 추첨")).to_be_visible()


def test_what_was_removed_comes_back_by_undo(segments):
    begin(segments, "되돌리기")
    add(segments, "수신 동의")
    sample = add(segments, "무작위 추첨")
    sample.get_by_label("몇 %").fill("25")
    segments.get_by_role("button", name="무작위 추첨: 지우기").click()
    expect(sample).to_have_count(0)

    segments.keyboard.press("Control+z")
    expect(sample.get_by_label("몇 %")).to_have_value("25")
    segments.get_by_role("button", name="되돌리기").click()

    expect(sample.get_by_label("몇 %")).to_have_value("10")
    segments.get_by_role("button", name="다시 하기").click()
    expect(sample.get_by_label("몇 %")).to_have_value("25")


def test_groups_and_conditions_without_a_form_survive_the_forms(segments):
    begin(segments, "JSON으로")
    segments.get_by_text("JSON", exact=True).click()
    unknown = {"kind": "propensity", "goal": "buy"}
    other = {"kind": "any", "of": [unknown, {"kind": "reachable", "channel": "email"}]}
    where = {"kind": "all", "of": [other, {"kind": "sample", "percent": 5, "name": "draw"}]}
    segments.get_by_label("조건 JSON").fill(json.dumps({"version": 1, "where": where}))

    segments.get_by_text("조건", exact=True).last.click()
    box = segments.get_by_role("group", name="“propensity” 조건")
    expect(box.get_by_text("이 화면이 모르는 조건")).to_be_visible()
    expect(box.get_by_role("alert")).to_be_visible()
    box.get_by_label("JSON").fill(json.dumps({"kind": "consent", "channel": "email"}))

    expect(segments.get_by_role("group", name="수신 동의")).to_be_visible()
    segments.get_by_text("JSON", exact=True).click()
    kept = json.loads(segments.get_by_label("조건 JSON").input_value())
    changed = {"kind": "consent", "channel": "email"}
    assert kept == {
        "version": 1,
        "where": {
            "kind": "all",
            "of": [{"kind": "any", "of": [changed, other["of"][1]]}, where["of"][1]],
        },
    }


def test_a_draft_waits_beside_what_is_published_until_it_is_discarded(segments):
    begin(segments, "초안이 있는 고객")
    add(segments, "수신 동의")
    publish(segments)
    segments.get_by_role("link", name="고치기").click()
    add(segments, "연락 가능")
    segments.get_by_role("button", name="초안 저장").click()
    expect(segments.get_by_text("모두 저장했어요")).to_be_visible()

    segments.get_by_role("link", name="세그먼트", exact=True).first.click()
    segments.get_by_role("link", name="초안이 있는 고객").click()
    expect(segments.get_by_text("지금은 이전 조건대로")).to_be_visible()
    expect(segments.get_by_role("region", name="이런 고객이에요")).not_to_contain_text("연락 가능")
    segments.get_by_role("button", name="초안 버리기").click()
    expect(segments.get_by_text("지금은 이전 조건대로")).to_have_count(0)
    segments.get_by_role("button", name="되돌리기").click()

    expect(segments.get_by_text("지금은 이전 조건대로")).to_be_visible()


def written(page: Page) -> list[dict]:
    """The conditions as they are stored."""
    page.get_by_text("JSON", exact=True).click()
    kept = json.loads(page.get_by_label("조건 JSON").input_value())
    return kept["where"]["of"]


def choose(form: Locator, label: str, choice: str) -> None:
    form.get_by_role("combobox", name=label).click()
    form.page.get_by_role("option", name=choice, exact=True).click()


def test_habits_and_ranks_are_made_by_forms(segments):
    begin(segments, "주말 저녁에 많이 사는 고객")
    habit = add(segments, "습관")
    fit = habit.get_by_role("group", name="그 가운데 이런 것")
    choose(fit, "몇 시부터", "17:00")
    fit.get_by_role("button", name="요일 조건").click()
    fit.get_by_label("금").check()
    habit.get_by_label("적어도 몇 번").fill("5")
    rank = add(segments, "상위 고객")
    choose(rank, "무엇으로 나눌까요", "횟수")
    choose(rank, "세는 것", "담긴 상품")
    wanted = rank.get_by_role("group", name="이런 상품만")
    wanted.get_by_role("button", name="속성 조건").click()
    wanted.get_by_role("combobox", name="속성").fill("category")
    wanted.get_by_label("값", exact=True).fill("신발")
    rank.get_by_label("몇 등분").fill("10")
    expect(segments.get_by_test_id("estimate")).to_have_text("0명")

    assert written(segments) == [
        {
            "kind": "share",
            "event": "Order Completed",
            "during": {"kind": "rolling", "days": 180},
            "fit": [
                {"kind": "hour", "first": 17, "last": 22},
                {"kind": "weekday", "days": ["friday", "saturday", "sunday"]},
            ],
            "minimum": 5,
            "is": {"kind": "at_least", "value": 60},
        },
        {
            "kind": "rank",
            "event": "Order Completed",
            "during": {"kind": "rolling", "days": 365},
            "products": [
                {
                    "kind": "property",
                    "property": "category",
                    "is": {"kind": "equals", "value": "신발"},
                }
            ],
            "groups": 10,
            "is": {"kind": "at_least", "value": 5},
        },
    ]


def test_what_is_wrong_with_a_habit_is_said_at_its_field(segments):
    begin(segments, "틀린 습관")
    habit = add(segments, "습관")
    fit = habit.get_by_role("group", name="그 가운데 이런 것")
    fit.get_by_role("button", name="시간대 조건 지우기").click()

    expect(fit.get_by_role("alert")).to_be_visible()
    fit.get_by_role("button", name="요일 조건").click()
    expect(fit.get_by_role("alert")).to_have_count(0)
    habit.get_by_label("값", exact=True).fill("130")
    expect(habit.get_by_role("alert")).to_contain_text("100")
    habit.get_by_label("값", exact=True).fill("30")
    rank = add(segments, "상위 고객")
    rank.get_by_role("combobox", name="속성").fill("")

    expect(rank.get_by_role("alert")).to_be_visible()
    segments.get_by_role("button", name="발행하기").click()
    expect(rank.get_by_role("combobox", name="속성")).to_be_focused()


def test_an_earlier_version_comes_back_once_it_is_published(segments):
    begin(segments, "다시 돌아갈 고객")
    add(segments, "수신 동의")
    publish(segments)
    segments.get_by_role("link", name="고치기").click()
    add(segments, "연락 가능")
    publish(segments)
    asks = segments.get_by_role("region", name="이런 고객이에요")
    expect(asks).to_contain_text("연락 가능")

    segments.get_by_role("link", name="1번째 조건으로 되돌리기").click()
    expect(segments.get_by_text("1번째 조건을 불러왔어요")).to_be_visible()
    expect(segments.get_by_role("group", name="연락 가능")).to_have_count(0)
    publish(segments)

    expect(asks).not_to_contain_text("연락 가능")
    expect(segments.get_by_text("3번째")).to_be_visible()


def test_an_archived_segment_comes_back_by_undo(segments):
    begin(segments, "보관할 고객")
    add(segments, "수신 동의")
    publish(segments)
    segments.get_by_role("button", name="보관하기").click()
    segments.get_by_role("dialog").get_by_role("button", name="보관하기").click()
    expect(segments.get_by_text("보관했어요")).to_be_visible()
    expect(segments.get_by_role("button", name="되살리기")).to_be_visible()

    segments.get_by_role("button", name="되돌리기").click()

    expect(segments.get_by_role("button", name="보관하기")).to_be_visible()
    expect(segments.get_by_text("되살렸어요")).to_be_visible()


def test_nobody_loses_changes_by_leaving(segments):
    begin(segments, "잃지 않을 고객")
    segments.get_by_role("link", name="고객", exact=True).click()
    segments.get_by_role("dialog").get_by_role("button", name="계속 고치기").click()
    expect(segments.get_by_label("이름 (한국어)")).to_have_value("잃지 않을 고객")

    segments.get_by_role("link", name="고객", exact=True).click()
    segments.get_by_role("dialog").get_by_role("button", name="저장하지 않고 나가기").click()

    expect(segments).to_have_title("고객 · 단골")


def test_a_ready_made_segment_opens_filled(segments):
    segments.get_by_role("button", name="준비된 것에서 고르기").click()
    segments.get_by_role("dialog").get_by_role("link", name="이걸로 시작").first.click()

    expect(segments).to_have_title("새 세그먼트 · 단골")
    expect(segments.get_by_label("이름 (한국어)")).not_to_have_value("")
    expect(segments.get_by_test_id("estimate")).to_be_visible()
    expect(segments.get_by_text("저장하지 않은 변경")).to_be_visible()


def test_the_keyboard_alone_builds_a_condition(segments):
    segments.get_by_role("link", name="새로 만들기").press("Enter")
    expect(segments).to_have_title("새 세그먼트 · 단골")
    segments.get_by_role("button", name="조건 추가").press("Enter")
    # A key pressed before the menu has the focus would go to the button.
    expect(segments.get_by_role("menuitem").first).to_be_focused()
    segments.keyboard.press("ArrowDown")
    segments.keyboard.press("ArrowUp")
    expect(segments.get_by_role("menuitem").first).to_be_focused()
    segments.keyboard.press("Enter")

    made = segments.get_by_role("group").filter(has=segments.locator("input")).first
    expect(made.locator("input").first).to_be_focused()
    segments.keyboard.press("Escape")
    made.get_by_role("button", name=re.compile("지우기")).press("Enter")

    expect(segments.get_by_role("button", name="조건 추가")).to_be_focused()


def test_a_list_in_use_is_not_deleted(segments, tmp_path: Path):
    file = tmp_path / "guests.csv"
    file.write_text("grade,email\nA,minji@shop.example\nB,nobody@shop.example\n")
    segments.get_by_role("link", name="명단").click()
    expect(segments).to_have_title("명단 · 단골")
    segments.get_by_role("button", name="CSV 올리기").click()
    segments.locator("input[type=file]").set_input_files(file)
    expect(segments.get_by_role("combobox", name="고객이 적힌 열")).to_have_value("email")
    segments.get_by_role("button", name="올리기", exact=True).click()
    expect(segments.get_by_text("2줄 가운데 1명을 알아봤어요. 알아보지 못한 줄: 3")).to_be_visible()

    segments.get_by_role("link", name="세그먼트", exact=True).first.click()
    begin(segments, "초대한 손님")
    add(segments, "명단")
    expect(segments.get_by_test_id("estimate")).to_have_text("1명")
    publish(segments)
    segments.get_by_role("link", name="세그먼트", exact=True).first.click()
    segments.get_by_role("link", name="명단").click()
    segments.get_by_role("button", name="guests 지우기").click()

    dialog = segments.get_by_role("dialog")
    expect(dialog.get_by_role("alert")).to_contain_text("초대한_손님")
    expect(dialog.get_by_role("button", name="지우기")).to_be_disabled()


def test_on_a_phone_no_segment_page_sticks_out(page):
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(page)
    expect(page).to_have_title("흐름 · 단골")
    for path in ("/segments", "/segments/lapsed", "/segments/new", "/lists"):
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390, path

    page.goto("/segments/new")
    for kind in ("행동", "차례로 한 행동", "메시지 반응", "구매 단계"):
        add(page, kind)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
