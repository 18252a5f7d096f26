"""Every condition can say itself, in Korean and in English."""

from datetime import date
from typing import get_args

import pytest
from hypothesis import given
from tests.segments.random_world import UNHURRIED, trees

from dangol.segments import words
from dangol.segments.comparison import (
    Anniversary,
    AtLeast,
    AtMost,
    Before,
    Contains,
    DateIn,
    DaysAgo,
    During,
    Equals,
    Exists,
    Has,
    HourFilter,
    IsFalse,
    IsTrue,
    OneOf,
    ProductFilter,
    PropertyFilter,
    StartsWith,
    Weekday,
    WeekdayFilter,
    Within,
)
from dangol.segments.condition import (
    AllOf,
    AnyOf,
    Condition,
    Consented,
    Engagement,
    EventMeasure,
    InSegment,
    Lifecycle,
    NoneOf,
    OnList,
    Rank,
    Reachable,
    Reaction,
    Sample,
    Sequence,
    SequenceStep,
    Share,
    Stage,
    Trait,
    Will,
)
from dangol.segments.library import LAPSED_REGULARS
from dangol.segments.window import Between, Calendar, Rolling, Since
from dangol.segments.wording import say
from dangol.store.vocabulary import Channel, Purpose

ORDER = "Order Completed"
RED = PropertyFilter(property="category", test=Equals(value="red"))


def measure(kind: str, test, of: str | None = None) -> EventMeasure:
    return EventMeasure(event=ORDER, measure=kind, of=of, test=test)


def trait(test) -> Trait:
    return Trait(trait="등급", test=test)


SAID = [
    (
        LAPSED_REGULARS,
        "“주문 완료” 2회 이상, 그리고 마지막 “주문 완료” 이후 90일 이상 지남",
        "“Order Completed” at least 2 times, and last “Order Completed” 90 or more days ago",
    ),
    (
        EventMeasure(event="Product Viewed", during=Rolling(days=7), test=Equals(value=0)),
        "최근 7일 동안 “상품 조회” 없음",
        "no “Product Viewed” in the last 7 days",
    ),
    (
        EventMeasure(event="찜", during=Rolling(hours=1), test=Within(least=2, most=5)),
        "최근 1시간 동안 “찜” 2~5회",
        "“찜” 2 to 5 times in the last 1 hour",
    ),
    (
        EventMeasure(event="찜", during=Rolling(days=30, ago_days=30), test=AtMost(value=1)),
        "30일 전까지의 30일 동안 “찜” 1회 이하",
        "“찜” at most 1 time in the 30 days up to 30 days ago",
    ),
    (
        EventMeasure(event="찜", during=Since(date=date(2027, 3, 2)), test=Equals(value=1)),
        "2027년 3월 2일부터 “찜” 1회",
        "“찜” exactly 1 time since 2 March 2027",
    ),
    (
        EventMeasure(event="찜", during=Between(start=date(2027, 3, 1), end=date(2027, 3, 2))),
        "2027년 3월 1일부터 2027년 3월 2일까지 “찜” 1회 이상",
        "“찜” at least 1 time from 1 March 2027 to 2 March 2027",
    ),
    (
        EventMeasure(event=ORDER, where=(RED, ProductFilter(where=(RED,)))),
        "(카테고리: “red”, 상품 중 하나가 (카테고리: “red”)) 조건의 “주문 완료” 1회 이상",
        (
            "“Order Completed” with (category is “red”, a product of (category is “red”))"
            " at least 1 time"
        ),
    ),
    (
        measure("sum", AtLeast(value=1_000_000), "revenue"),
        "“주문 완료” 금액 합계 1,000,000 이상",
        "total revenue of “Order Completed” at least 1,000,000",
    ),
    (
        measure("average", AtMost(value=19.5), "revenue"),
        "“주문 완료” 금액 평균 19.5 이하",
        "average revenue of “Order Completed” at most 19.5",
    ),
    (
        measure("min", Within(least=1, most=2), "price"),
        "“주문 완료” 가격 최솟값 1~2",
        "lowest price of “Order Completed” 1 to 2",
    ),
    (
        measure("max", Exists(), "price"),
        "“주문 완료” 가격 최댓값 있음",
        "highest price of “Order Completed” is known",
    ),
    (
        measure("distinct", AtLeast(value=3), "category"),
        "“주문 완료”의 서로 다른 카테고리 수 3개 이상",
        "number of different values of category in “Order Completed” at least 3",
    ),
    (
        measure("variety", AtMost(value=2), "category"),
        "“주문 완료” 카테고리의 다양성 2 이하",
        "variety of category in “Order Completed” at most 2",
    ),
    (
        EventMeasure(event=ORDER, products=(RED,), test=AtLeast(value=5)),
        "(카테고리: “red”) 조건의 “주문 완료”의 상품 5개 이상",
        "products of “Order Completed” with (category is “red”) at least 5",
    ),
    (
        EventMeasure(
            event=ORDER,
            where=(HourFilter(first=22, last=5), WeekdayFilter(days=("saturday", "sunday"))),
        ),
        "(시각 22:00~05:59, 토·일요일) 조건의 “주문 완료” 1회 이상",
        (
            "“Order Completed” with (time of day 22:00 to 05:59, on Saturday or Sunday)"
            " at least 1 time"
        ),
    ),
    (
        Share(
            event=ORDER,
            during=Rolling(days=90),
            fit=(HourFilter(first=18, last=21),),
            test=AtLeast(value=60),
        ),
        "최근 90일 동안 “주문 완료” 가운데 (시각 18:00~21:59)의 비율 60% 이상 (모두 3건 이상일 때)",
        (
            "share of (time of day 18:00 to 21:59) in “Order Completed” at least 60 %"
            " (of 3 or more) in the last 90 days"
        ),
    ),
    (
        Share(event=ORDER, products=(), fit=(RED,), minimum=1, test=Equals(value=100)),
        "“주문 완료”의 상품 가운데 (카테고리: “red”)의 비율 100%",
        "share of (category is “red”) in products of “Order Completed” exactly 100 %",
    ),
    (
        Rank(event=ORDER, measure="sum", of="revenue", test=AtLeast(value=4)),
        "“주문 완료” 금액 합계 등급(1~5, 클수록 높음) 4 이상",
        "group by total revenue of “Order Completed” (1 to 5, 5 is highest) at least 4",
    ),
    (
        Rank(event=ORDER, during=Rolling(days=365), test=Equals(value=5)),
        "최근 365일 동안 “주문 완료” 횟수 등급(1~5, 클수록 높음) 5",
        (
            "group by number of “Order Completed” in the last 365 days"
            " (1 to 5, 5 is highest) exactly 5"
        ),
    ),
    (
        Rank(event=ORDER, measure="days_since", groups=10, test=AtMost(value=1)),
        "마지막 “주문 완료”의 최근 순서 등급(1~10, 클수록 높음) 1 이하",
        "group by how recent the last “Order Completed” is (1 to 10, 10 is highest) at most 1",
    ),
    (
        measure("first", DaysAgo(at_least=30)),
        "첫 “주문 완료”: 30일 이상 지남",
        "first “Order Completed” 30 or more days ago",
    ),
    (
        measure("last", During(window=Calendar(unit="week"))),
        "마지막 “주문 완료”: 이번 주",
        "last “Order Completed” this week",
    ),
    (
        measure("last", StartsWith(text="A"), "coupon"),
        "마지막 “주문 완료”의 “coupon”의 앞부분: “A”",
        "“coupon” of the last “Order Completed” begins with “A”",
    ),
    (
        measure("days_since", AtMost(value=7)),
        "마지막 “주문 완료” 이후 7일 이내",
        "last “Order Completed” at most 7 days ago",
    ),
    (
        measure("days_since", Within(least=7, most=14)),
        "마지막 “주문 완료” 뒤 지난 날 7~14일",
        "days since the last “Order Completed” 7 to 14",
    ),
    (
        Sequence(
            steps=(SequenceStep(event="Product Added"),),
            then_not=SequenceStep(event=ORDER, within_hours=1),
        ),
        "“장바구니 담기” → 그 뒤 1시간 안에 “주문 완료” 없음",
        "“Product Added”, then no “Order Completed” within 1 hour",
    ),
    (
        Sequence(
            steps=(SequenceStep(event="A"), SequenceStep(event="B", within_days=2)),
            then_not=SequenceStep(event="C"),
        ),
        "“A” → 2일 안에 “B” → 그 뒤 “C” 없음",
        "“A”, then “B” within 2 days, then no “C”",
    ),
    (trait(Equals(value="VIP")), "“등급”: “VIP”", "“등급” is “VIP”"),
    (trait(OneOf(values=("A", 2))), "“등급”: “A”, 2 중 하나", "“등급” is one of “A”, 2"),
    (trait(Contains(text="x")), "“등급”에 “x” 포함", "“등급” contains “x”"),
    (trait(IsTrue()), "“등급”: 예", "“등급” is yes"),
    (trait(IsFalse()), "“등급”: 아니요", "“등급” is no"),
    (trait(Has(values=("x",))), "“등급”에 “x” 있음", "“등급” includes “x”"),
    (
        trait(Has(values=("x", "y"))),
        "“등급”에 “x”, “y” 중 하나 있음",
        "“등급” includes one of “x”, “y”",
    ),
    (trait(DaysAgo(at_most=3)), "“등급”: 3일 이내", "“등급” at most 3 days ago"),
    (trait(DaysAgo(at_least=3, at_most=3)), "“등급”: 3일 전", "“등급” 3 days ago"),
    (trait(DaysAgo(at_least=3, at_most=5)), "“등급”: 3~5일 전", "“등급” 3 to 5 days ago"),
    (trait(DateIn(first=1, last=1)), "“등급”: 1일 뒤", "“등급” 1 days from now"),
    (
        trait(DateIn(first=-2, last=0)),
        "“등급”: 2일 전부터 오늘까지",
        "“등급” between 2 days ago and today",
    ),
    (
        trait(Before(date=date(2027, 3, 2))),
        "“등급”: 2027년 3월 2일 전",
        "“등급” before 2 March 2027",
    ),
    (trait(Anniversary()), "“등급”의 기념일: 오늘", "anniversary of “등급” today"),
    (
        Engagement(reaction="opened", journey="welcome", during=Rolling(days=30)),
        "최근 30일 동안 여정 “welcome”에서 열어 본 메시지 1건 이상",
        "number of messages opened from the journey “welcome” at least 1 in the last 30 days",
    ),
    (
        Engagement(reaction="clicked", channel=Channel.EMAIL, test=Equals(value=0)),
        "클릭한 이메일 메시지 없음",
        "no e-mail messages clicked",
    ),
    (
        Consented(channel=Channel.EMAIL, state="unknown"),
        "이메일 광고성 정보 수신 의사를 밝힌 적 없음",
        "never said a word on advertising by e-mail",
    ),
    (Reachable(channel=Channel.EMAIL), "이메일 연락 가능", "can be reached by e-mail"),
    (InSegment(segment="vip"), "세그먼트 “vip”에 속함", "belongs to the segment “vip”"),
    (OnList(list="vip"), "명단 “vip”에 있음", "is on the list “vip”"),
    (Sample(percent=12.5, name="x"), "무작위 12.5% (추첨 “x”)", "a random 12.5 % (draw “x”)"),
    (
        Lifecycle(stages=("loyal", "lost")),
        "구매 단계: 단골 또는 떠난 고객",
        "stage: loyal or lost",
    ),
    (
        Lifecycle(stages=("new",), purchase="구독"),
        "구매 단계(“구독” 기준): 새 고객",
        "stage (by “구독”): new",
    ),
    (
        AllOf(of=(EventMeasure(event="A"), AnyOf(of=(OnList(list="B"), OnList(list="C"))))),
        "“A” 1회 이상, 그리고 (명단 “B”에 있음 또는 명단 “C”에 있음)",
        "“A” at least 1 time, and (is on the list “B” or is on the list “C”)",
    ),
    (
        NoneOf(of=(OnList(list="B"), EventMeasure(event="A"))),
        "다음에 해당하지 않음: 명단 “B”에 있음, “A” 1회 이상",
        "none of: is on the list “B”; “A” at least 1 time",
    ),
]


@pytest.mark.parametrize(("condition", "korean", "english"), SAID)
def test_a_condition_says_itself_in_korean_and_english(
    condition: Condition, korean: str, english: str
) -> None:
    assert say(condition, "ko") == korean
    assert say(condition, "en") == english


@UNHURRIED
@given(tree=trees)
def test_no_condition_is_at_a_loss_for_words(tree: Condition) -> None:
    assert say(tree, "ko")
    assert say(tree, "en")


def test_every_word_of_the_format_has_a_translation() -> None:
    assert set(words.REACTIONS) == set(get_args(Reaction))
    assert set(words.STAGES) == set(get_args(Stage))
    assert set(words.WILLS) == set(get_args(Will))
    assert set(words.CHANNELS) == set(Channel)
    assert set(words.WEEKDAYS) == set(get_args(Weekday))
    assert set(words.PURPOSES) == set(Purpose)
