import json
from decimal import Decimal

import pytest

from dangol.segments.condition import (
    AllOf,
    AnyOf,
    BadCondition,
    Condition,
    EventCount,
    EventRevenue,
    NoneOf,
    NotSince,
    parse_condition,
    write_condition,
)
from dangol.segments.library import LAPSED_REGULARS
from dangol.segments.wording import say


def where(condition: object) -> str:
    return json.dumps({"version": 1, "where": condition})


BOUGHT = {"kind": "event_count", "event": "Order Completed", "at_least": 1}


def nested(depth: int) -> object:
    condition: object = BOUGHT
    for _ in range(depth - 1):
        condition = {"kind": "all", "of": [condition]}
    return condition


def test_a_stored_condition_is_the_shortest_json_that_says_it() -> None:
    assert json.loads(write_condition(LAPSED_REGULARS)) == {
        "version": 1,
        "where": {
            "kind": "all",
            "of": [
                {"kind": "event_count", "event": "Order Completed", "at_least": 2},
                {"kind": "not_since", "event": "Order Completed", "days": 90},
            ],
        },
    }


@pytest.mark.parametrize(
    ("text", "path", "says"),
    [
        ("[", "$", "object"),
        ("{", "$", "not JSON"),
        (b"\xff", "$", "not JSON"),
        ("{}", "$", "`where`"),
        (json.dumps({"version": 2, "where": BOUGHT}), "$.version", "version 1"),
        (where({**BOUGHT, "kind": "bought"}), "$.where.kind", "all, any, none, event_count"),
        (where({"kind": "all", "of": []}), "$.where.of", "length >= 1"),
        (where({"kind": "any", "of": [BOUGHT, {}]}), "$.where.of[1]", "`kind`"),
        (where({**BOUGHT, "since": 3}), "$.where", "unknown field `since`"),
        (where({**BOUGHT, "at_least": 0}), "$.where.at_least", ">= 1"),
        (where({**BOUGHT, "at_least": "two"}), "$.where.at_least", "`int"),
        (where({**BOUGHT, "within_days": 0}), "$.where.within_days", ">= 1"),
        (where({**BOUGHT, "within_days": 99_999}), "$.where.within_days", "<= 36500"),
        (where({**BOUGHT, "event": ""}), "$.where.event", "length >= 1"),
        (where({**BOUGHT, "at_most": 0}), "$.where", "Swap them"),
        (where({"kind": "event_count", "event": "A"}), "$.where", "at_least, at_most or both"),
        (
            where({"kind": "none", "of": [{"kind": "event_revenue", "event": "A"}]}),
            "$.where.of[0]",
            "at_least, at_most or both",
        ),
        (
            where({"kind": "event_revenue", "event": "A", "at_least": "NaN"}),
            "$.where",
            "plain numbers",
        ),
        (
            where({"kind": "event_revenue", "event": "A", "at_most": "1e400"}),
            "$.where",
            "plain numbers",
        ),
        (where(nested(21)), "$.where" + ".of[0]" * 20, "at most 20 deep"),
        (where({"kind": "any", "of": [BOUGHT] * 200}), "$.where.of[199]", "at most 200"),
        ('{"where":' + '{"kind":"all","of":[' * 9999, "$", "at most 20 deep"),
    ],
)
def test_a_bad_condition_names_the_place_and_the_remedy(
    text: str | bytes, path: str, says: str
) -> None:
    with pytest.raises(BadCondition) as fault:
        parse_condition(text)

    assert fault.value.path == path
    assert says in fault.value.message


def test_twenty_levels_are_not_too_deep() -> None:
    assert parse_condition(where(nested(20)))


@pytest.mark.parametrize(
    ("condition", "korean", "english"),
    [
        (
            LAPSED_REGULARS,
            "“주문 완료” 2회 이상, 그리고 마지막 “주문 완료” 이후 90일 이상 지남",
            "“Order Completed” at least 2 times, and last “Order Completed” 90 or more days ago",
        ),
        (
            EventCount(event="Product Viewed", at_most=0, within_days=7),
            "최근 7일 동안 “상품 조회” 없음",
            "no “Product Viewed” in the last 7 days",
        ),
        (
            EventCount(event="찜", at_least=2, at_most=5),
            "“찜” 2~5회",
            "“찜” 2 to 5 times",
        ),
        (
            EventCount(event="찜", at_least=1, at_most=1),
            "“찜” 1회",
            "“찜” exactly 1 time",
        ),
        (
            EventRevenue(event="Order Completed", at_least=Decimal(1_000_000), within_days=365),
            "최근 365일 동안 “주문 완료” 금액 합계 1,000,000 이상",
            "“Order Completed” worth at least 1,000,000 in the last 365 days",
        ),
        (
            EventRevenue(event="Order Completed", at_most=Decimal(10)),
            "“주문 완료” 금액 합계 10 이하",
            "“Order Completed” worth at most 10",
        ),
        (
            AllOf(
                of=(
                    NotSince(event="A", days=3),
                    AnyOf(of=(EventCount(event="B", at_least=1), EventCount(event="C", at_most=0))),
                )
            ),
            "마지막 “A” 이후 3일 이상 지남, 그리고 (“B” 1회 이상 또는 “C” 없음)",
            "last “A” 3 or more days ago, and (“B” at least 1 time or no “C”)",
        ),
        (
            NoneOf(of=(EventCount(event="A", at_least=1), EventCount(event="B", at_least=3))),
            "다음에 해당하지 않음: “A” 1회 이상, “B” 3회 이상",
            "none of: “A” at least 1 time; “B” at least 3 times",
        ),
    ],
)
def test_a_condition_says_itself_in_korean_and_english(
    condition: Condition, korean: str, english: str
) -> None:
    assert say(condition, "ko") == korean
    assert say(condition, "en") == english
