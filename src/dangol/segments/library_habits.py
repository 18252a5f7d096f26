"""Ready-made segments by money, and by what, when and how customers usually buy.

A habit is 60 % of at least five: of fewer, chance makes many. Orders by device are fewer, and their
limits lower. The numbers are starting
points of ours; docs/guides/segments.md says how many fit in real shops.
"""

from typing import Final

from dangol.segments.comparison import (
    AtLeast,
    AtMost,
    Equals,
    Exists,
    Filter,
    HourFilter,
    OneOf,
    PropertyFilter,
    WeekdayFilter,
)
from dangol.segments.condition import PURCHASE, AllOf, AnyOf, Condition, EventMeasure, Rank, Share
from dangol.segments.library_entry import ReadyMade, bought
from dangol.segments.window import Calendar, Rolling

YEAR: Final = Rolling(days=365)
HALF_YEAR: Final = Rolling(days=180)
USUAL: Final = AtLeast(value=60)
ENOUGH: Final = 5
DISCOUNT: Final = PropertyFilter(property="discount", test=AtLeast(value=0.01))
COUPON: Final = PropertyFilter(property="coupon", test=Exists())
MOBILE: Final = PropertyFilter(property="device", test=Equals(value="mobile"))
DESKTOP: Final = PropertyFilter(property="device", test=Equals(value="desktop"))
HELD: Final = PropertyFilter(property="device", test=OneOf(values=("mobile", "tablet", "desktop")))
VIEW: Final = "Page Viewed"


def usually(one: Filter, *, event: str = PURCHASE, minimum: int = ENOUGH) -> Share:
    """Most of what they did in half a year fits."""
    return Share(event=event, during=HALF_YEAR, fit=(one,), minimum=minimum, test=USUAL)


def always(one: Filter) -> Share:
    """Each of their orders of a year fits, and there are some."""
    return Share(event=PURCHASE, during=YEAR, fit=(one,), minimum=2, test=Equals(value=100))


def varied(test: AtLeast | AtMost) -> Condition:
    """They bought at least five products within a year, of categories that vary so much."""
    year = EventMeasure(event=PURCHASE, during=YEAR, products=(), test=AtLeast(value=ENOUGH))
    variety = EventMeasure(
        event=PURCHASE, during=YEAR, products=(), measure="variety", of="category", test=test
    )
    return AllOf(of=(year, variety))


VALUE: Final = (
    ReadyMade(
        name="big_spenders",
        group="value",
        title_ko="많이 쓰는 고객",
        title_en="Big spenders",
        about_ko="최근 1년 동안 쓴 금액이 상위 20%인 고객입니다.",
        about_en="The fifth of buyers who spent most in a year.",
        condition=Rank(
            event=PURCHASE, during=YEAR, measure="sum", of="revenue", test=Equals(value=5)
        ),
    ),
    ReadyMade(
        name="big_spenders_month",
        group="value",
        title_ko="지난달 많이 쓴 고객",
        title_en="Big spenders last month",
        about_ko="지난달(달력 기준) 쓴 금액이 상위 10%인 고객입니다.",
        about_en="The tenth of buyers who spent most in the last calendar month.",
        condition=Rank(
            event=PURCHASE,
            during=Calendar(unit="month", which="last"),
            measure="sum",
            of="revenue",
            groups=10,
            test=Equals(value=10),
        ),
    ),
    ReadyMade(
        name="big_orders",
        group="value",
        title_ko="한 번에 크게 사는 고객",
        title_en="Buyers of large orders",
        about_ko="가장 큰 주문의 금액이 상위 10%인 고객입니다.",
        about_en="The tenth of buyers with the largest single order of a year.",
        condition=Rank(
            event=PURCHASE,
            during=YEAR,
            measure="max",
            of="revenue",
            groups=10,
            test=Equals(value=10),
        ),
    ),
    ReadyMade(
        name="frequent_buyers",
        group="value",
        title_ko="자주 사는 고객",
        title_en="Frequent buyers",
        about_ko="최근 90일 동안 네 번 이상 산 고객입니다.",
        about_en="Bought four times or more in 90 days.",
        condition=bought(times=4, during=Rolling(days=90)),
    ),
    ReadyMade(
        name="discount_only",
        group="value",
        title_ko="할인할 때만 사는 고객",
        title_en="Discount-only buyers",
        about_ko="최근 1년 동안 두 번 이상 샀고, 모두 할인이나 쿠폰을 쓴 고객입니다.",
        about_en="Bought twice or more in a year, always with a discount, or always with a coupon.",
        condition=AnyOf(of=(always(DISCOUNT), always(COUPON))),
    ),
)
HABITS: Final = (
    ReadyMade(
        name="category_focused",
        group="habits",
        title_ko="한 분야만 사는 고객",
        title_en="Focused on a category",
        about_ko="최근 1년 동안 상품 5개 이상을 샀고, 카테고리의 다양성이 1.5 이하인 고객입니다.",
        about_en="Bought 5 products or more in a year, of 1.5 categories or fewer in effect.",
        condition=varied(AtMost(value=1.5)),
    ),
    ReadyMade(
        name="category_explorers",
        group="habits",
        title_ko="두루 사는 고객",
        title_en="Explorers",
        about_ko="최근 1년 동안 상품 5개 이상을 샀고, 카테고리의 다양성이 4 이상인 고객입니다.",
        about_en="Bought 5 products or more in a year, of 4 categories or more in effect.",
        condition=varied(AtLeast(value=4)),
    ),
    ReadyMade(
        name="morning_shoppers",
        group="habits",
        title_ko="아침에 사는 고객",
        title_en="Morning shoppers",
        about_ko="최근 180일 주문의 60% 이상이 06:00~11:59인 고객입니다.",
        about_en="Of their orders of 180 days, 60 % or more were between 06:00 and 11:59.",
        condition=usually(HourFilter(first=6, last=11)),
    ),
    ReadyMade(
        name="evening_shoppers",
        group="habits",
        title_ko="저녁에 사는 고객",
        title_en="Evening shoppers",
        about_ko="최근 180일 주문의 60% 이상이 18:00~22:59인 고객입니다.",
        about_en="Of their orders of 180 days, 60 % or more were between 18:00 and 22:59.",
        condition=usually(HourFilter(first=18, last=22)),
    ),
    ReadyMade(
        name="night_shoppers",
        group="habits",
        title_ko="한밤에 사는 고객",
        title_en="Night shoppers",
        about_ko="최근 180일 주문의 60% 이상이 23:00~05:59인 고객입니다.",
        about_en="Of their orders of 180 days, 60 % or more were between 23:00 and 05:59.",
        condition=usually(HourFilter(first=23, last=5)),
    ),
    ReadyMade(
        name="weekend_shoppers",
        group="habits",
        title_ko="주말에 사는 고객",
        title_en="Weekend shoppers",
        about_ko="최근 180일 주문의 60% 이상이 토요일이나 일요일인 고객입니다.",
        about_en="Of their orders of 180 days, 60 % or more were on Saturday or Sunday.",
        condition=usually(WeekdayFilter(days=("saturday", "sunday"))),
    ),
    ReadyMade(
        name="mobile_visitors",
        group="habits",
        title_ko="휴대전화로 보는 고객",
        title_en="Visitors by phone",
        about_ko="최근 180일 페이지 조회의 60% 이상이 휴대전화(device: mobile)인 고객입니다.",
        about_en="Of their page views of 180 days, 60 % or more said device: mobile.",
        condition=usually(MOBILE, event=VIEW),
    ),
    ReadyMade(
        name="desktop_visitors",
        group="habits",
        title_ko="컴퓨터로 보는 고객",
        title_en="Visitors by computer",
        about_ko="최근 180일 페이지 조회의 60% 이상이 컴퓨터(device: desktop)인 고객입니다.",
        about_en="Of their page views of 180 days, 60 % or more said device: desktop.",
        condition=usually(DESKTOP, event=VIEW),
    ),
    ReadyMade(
        name="several_devices",
        group="habits",
        title_ko="여러 기기로 보는 고객",
        title_en="Visitors by several devices",
        about_ko="최근 30일 동안 휴대전화, 태블릿, 컴퓨터 가운데 둘 이상으로 본 고객입니다.",
        about_en="Viewed pages by two or more of phone, tablet and computer in 30 days.",
        condition=EventMeasure(
            event=VIEW,
            where=(HELD,),
            during=Rolling(days=30),
            measure="distinct",
            of="device",
            test=AtLeast(value=2),
        ),
    ),
    ReadyMade(
        name="mobile_buyers",
        group="habits",
        title_ko="휴대전화로 사는 고객",
        title_en="Buyers by phone",
        about_ko="최근 180일 주문 세 건 이상 가운데 60% 이상이 휴대전화인 고객입니다.",
        about_en="Of three orders or more of 180 days, 60 % or more said device: mobile.",
        condition=usually(MOBILE, minimum=3),
    ),
    ReadyMade(
        name="looks_mobile_buys_desktop",
        group="habits",
        title_ko="휴대전화로 보고 컴퓨터로 사는 고객",
        title_en="Looks by phone, buys by computer",
        about_ko="페이지는 주로 휴대전화로 보고, 두 번 이상의 주문은 주로 컴퓨터로 한 고객입니다.",
        about_en="Views pages mostly by phone, but places orders, two or more, mostly by computer.",
        condition=AllOf(of=(usually(MOBILE, event=VIEW), usually(DESKTOP, minimum=2))),
    ),
)
