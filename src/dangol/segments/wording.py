"""Conditions in words, as a marketer would read them aloud."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final, Literal, assert_never

from dangol.segments.condition import (
    AllOf,
    AnyOf,
    Branch,
    Condition,
    EventCount,
    EventRevenue,
    NoneOf,
    NotSince,
)

Locale = Literal["ko", "en"]

# Well-known events of shops; any other is called as the shop calls it.
KOREAN_EVENTS: Final = {
    "Order Completed": "주문 완료",
    "Order Cancelled": "주문 취소",
    "Order Refunded": "환불",
    "Checkout Started": "결제 시작",
    "Product Viewed": "상품 조회",
    "Product Added": "장바구니 담기",
    "Product Removed": "장바구니 빼기",
    "Page Viewed": "페이지 조회",
    "Signed Up": "회원 가입",
    "Signed In": "로그인",
}

# What each branch says, and what stands between its parts.
BRANCHES: Final[Mapping[Locale, Mapping[type[Branch], tuple[str, str]]]] = {
    "ko": {
        AllOf: ("{}", ", 그리고 "),
        AnyOf: ("{}", " 또는 "),
        NoneOf: ("다음에 해당하지 않음: {}", ", "),
    },
    "en": {AllOf: ("{}", ", and "), AnyOf: ("{}", " or "), NoneOf: ("none of: {}", "; ")},
}


PHRASES: Final[Mapping[Locale, Mapping[str, str]]] = {
    "ko": {
        "window": "최근 {days}일 동안 ",
        "never": "{window}{event} 없음",
        "count": "{window}{event} {amount}",
        "revenue": "{window}{event} 금액 합계 {amount}",
        "not_since": "마지막 {event} 이후 {days}일 이상 지남",
        "exactly": "{least}{unit}",
        "between": "{least}~{most}{unit}",
        "at_least": "{least}{unit} 이상",
        "at_most": "{most}{unit} 이하",
        "quoted": "“{event}”",
        "unit": "회",
        "unit_of_one": "회",
    },
    "en": {
        "window": " in the last {days} days",
        "never": "no {event}{window}",
        "count": "{event} {amount}{window}",
        "revenue": "{event} worth {amount}{window}",
        "not_since": "last {event} {days} or more days ago",
        "exactly": "exactly {least}{unit}",
        "between": "{least} to {most}{unit}",
        "at_least": "at least {least}{unit}",
        "at_most": "at most {most}{unit}",
        "quoted": "“{event}”",
        "unit": " times",
        "unit_of_one": " time",
    },
}


def say(condition: Condition, locale: Locale) -> str:
    """Say a condition in one Korean or English phrase."""
    match condition:
        case AllOf() | AnyOf() | NoneOf():
            return say_branch(condition, locale)
        case EventCount() | EventRevenue():
            return say_comparison(condition, locale)
        case NotSince(event=event, days=days):
            return PHRASES[locale]["not_since"].format(event=called(event, locale), days=days)
        case _:
            assert_never(condition)


def say_branch(branch: Branch, locale: Locale) -> str:
    """Say a branch; a branch inside it stands in brackets, so that the tree stays audible."""
    frame, between = BRANCHES[locale][type(branch)]
    parts = (
        f"({say(part, locale)})" if isinstance(part, Branch) else say(part, locale)
        for part in branch.of
    )
    return frame.format(between.join(parts))


def say_comparison(leaf: EventCount | EventRevenue, locale: Locale) -> str:
    phrases = PHRASES[locale]
    days = leaf.within_days
    window = "" if days is None else phrases["window"].format(days=days)
    counts = isinstance(leaf, EventCount)
    never = counts and leaf.at_most == 0
    phrase = phrases["never" if never else "count" if counts else "revenue"]
    amount = say_amount(leaf, locale, unit=say_unit(leaf, locale))
    return phrase.format(window=window, event=called(leaf.event, locale), amount=amount)


def say_unit(leaf: EventCount | EventRevenue, locale: Locale) -> str:
    if isinstance(leaf, EventRevenue):
        return ""
    last = leaf.at_least if leaf.at_most is None else leaf.at_most
    return PHRASES[locale]["unit_of_one" if last == 1 else "unit"]


def say_amount(leaf: EventCount | EventRevenue, locale: Locale, *, unit: str) -> str:
    phrases = PHRASES[locale]
    least, most = grouped(leaf.at_least), grouped(leaf.at_most)
    if leaf.at_most is None:
        kind = "at_least"
    elif leaf.at_least is None:
        kind = "at_most"
    else:
        kind = "exactly" if leaf.at_least == leaf.at_most else "between"
    return phrases[kind].format(least=least, most=most, unit=unit)


def grouped(number: Decimal | int | None) -> str:
    """Write a number with thousands separators."""
    return "" if number is None else f"{number:,}"


def called(event: str, locale: Locale) -> str:
    """Quote an event, by its Korean name where it is well known."""
    name = KOREAN_EVENTS.get(event, event) if locale == "ko" else event
    return PHRASES[locale]["quoted"].format(event=name)
