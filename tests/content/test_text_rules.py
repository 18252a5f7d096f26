"""What a text message can carry, and how an advertisement among them is marked."""

import pytest

from dangol.content.text_rules import SMS_BYTES, count_bytes, find_uncarried, lint_text

AD = "(광고)단골 상점 새 소식이 있어요\n무료수신거부 080-123-4567"


def codes(text: str, *, ad: bool = True) -> list[str]:
    return [one.code for one in lint_text(text, is_advertisement=ad, sender_name="단골 상점")]


@pytest.mark.parametrize(
    ("text", "size"), [("", 0), ("abc", 3), ("가나다", 6), ("똠뷁", 4), ("가a\n", 4), ("😀", 2)]
)
def test_bytes_are_counted_as_carriers_do(text, size):
    assert count_bytes(text) == size
    assert count_bytes("가" * 45) == SMS_BYTES


def test_what_no_text_can_carry_is_named_once():
    assert find_uncarried("안녕😀 café😀") == "😀é"
    assert codes("안녕 😀", ad=False) == ["uncarried"]


@pytest.mark.parametrize(
    "tail",
    ["무료수신거부 080-123-4567", "무료거부 0801234567", "[무료 수신거부]0801234567 ",
     "무료 수신거부: 080 123 4567"],
)  # fmt: skip
def test_a_marked_advertisement_has_no_fault(tail):
    assert codes(f"(광고)단골 상점 새 소식\n{tail}") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (AD.replace("(광고)", "[광고]"), ["mark"]),
        (AD.replace("(광고)", "(광 고)"), ["mark"]),
        (AD.replace("(광고)", "(광/고)"), ["mark"]),
        (AD.replace("(광고)", ""), ["mark"]),
        (AD.replace("단골 상점", "우리"), ["sender"]),
        (AD.replace("080", "070"), ["opt_out"]),
        (AD + " 감사합니다", ["opt_out"]),
        ("안녕", ["mark", "sender", "opt_out"]),
    ],
)
def test_each_missing_part_is_a_fault(text, expected):
    assert codes(text) == expected
    assert all(
        one.ko and one.en for one in lint_text(text, is_advertisement=True, sender_name="단골 상점")
    )


def test_information_needs_no_mark_but_has_a_limit():
    assert codes("주문하신 상품을 보냈어요", ad=False) == []
    assert codes("가" * 1_001, ad=False) == ["too_long"]
