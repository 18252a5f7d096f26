"""Ready-made segments by stage of buying, and by recency and frequency.

Thirty days without a purchase are *cooling* and ninety *inactive*, as practitioners of retention
in online shops put it. A year is *lost*: in Online Retail II, about one in ten of those who
stayed away so long bought again within a quarter.

The ten names over recency and frequency are those in common use among marketers (Putler's matrix
made them known): each field of five by five quintiles has one name. Money is left out of the names,
as it is there; *value* has segments by money.
"""

from typing import Final, NamedTuple

from dangol.segments.comparison import Within
from dangol.segments.condition import PURCHASE, AllOf, Lifecycle, Rank, Ranked, Stage
from dangol.segments.library_entry import ReadyMade
from dangol.segments.window import Rolling

YEAR: Final = Rolling(days=365)


class Told(NamedTuple):
    """A title and what it is about, in both languages."""

    title_ko: str
    title_en: str
    about_ko: str
    about_en: str


STAGES: Final[dict[Stage, Told]] = {
    "new": Told(
        "새 고객",
        "New, not yet a buyer",
        "처음 온 지 14일이 안 되었고 아직 사지 않은 고객입니다.",
        "First seen in the last 14 days, never bought.",
    ),
    "prospect": Told(
        "아직 사지 않은 고객",
        "Prospects",
        "온 지 14일이 지났지만 아직 사지 않은 고객입니다.",
        "First seen more than 14 days ago, never bought.",
    ),
    "one_time": Told(
        "한 번 산 고객",
        "One-time buyers",
        "최근 30일 안에 처음 산 고객입니다.",
        "Bought once, in the last 30 days.",
    ),
    "repeat": Told(
        "다시 산 고객",
        "Repeat buyers",
        "두세 번 샀고, 마지막 구매가 30일 안인 고객입니다.",
        "Bought two or three times, the last time in the last 30 days.",
    ),
    "loyal": Told(
        "단골",
        "Loyal",
        "네 번 이상 샀고, 마지막 구매가 30일 안인 고객입니다.",
        "Bought four times or more, the last time in the last 30 days.",
    ),
    "won_back": Told(
        "돌아온 고객",
        "Won back",
        "90일 넘게 사지 않다가 최근 30일 안에 다시 산 고객입니다.",
        "Bought again in the last 30 days, after 90 days or more without.",
    ),
    "cooling": Told(
        "뜸해지는 고객",
        "Cooling",
        "마지막 구매가 30~90일 전인 고객입니다.",
        "Last bought 30 to 90 days ago.",
    ),
    "inactive": Told(
        "활동이 멈춘 고객",
        "Inactive",
        "마지막 구매가 90~365일 전인 고객입니다.",
        "Last bought 90 to 365 days ago.",
    ),
    "lost": Told(
        "떠난 고객",
        "Lost",
        "1년 넘게 사지 않은 고객입니다.",
        "Has not bought for a year or longer.",
    ),
}
LIFECYCLE: Final = tuple(
    ReadyMade(
        name=f"stage_{stage}",
        group="lifecycle",
        **told._asdict(),
        condition=Lifecycle(stages=(stage,)),
    )
    for stage, told in STAGES.items()
)


class Named(NamedTuple):
    """A name in both languages, and its quintiles of recency and of frequency, from and to."""

    title_ko: str
    title_en: str
    about_ko: str
    about_en: str
    recency: tuple[int, int]
    frequency: tuple[int, int]


# Every field of the matrix has exactly one name.
MATRIX: Final = {
    "champions": Named(
        "최우수 고객",
        "Champions",
        "가장 최근에, 가장 자주 산 고객입니다.",
        "Bought most recently and most often.",
        (5, 5),
        (4, 5),
    ),
    "loyal": Named(
        "충성 고객",
        "Loyal customers",
        "자주 사고, 마지막 구매도 오래되지 않은 고객입니다.",
        "Buy often, and not long ago.",
        (3, 4),
        (4, 5),
    ),
    "potential": Named(
        "단골이 될 고객",
        "Potential loyalists",
        "최근에 샀고, 몇 번 더 산 적이 있는 고객입니다.",
        "Bought recently, and a few times before.",
        (4, 5),
        (2, 3),
    ),
    "recent": Named(
        "막 산 고객",
        "New customers",
        "가장 최근에 샀지만 산 횟수는 가장 적은 고객입니다.",
        "Bought most recently, and least often.",
        (5, 5),
        (1, 1),
    ),
    "promising": Named(
        "기대되는 고객",
        "Promising",
        "꽤 최근에 샀고, 산 횟수는 가장 적은 고객입니다.",
        "Bought fairly recently, and least often.",
        (4, 4),
        (1, 1),
    ),
    "attention": Named(
        "살펴볼 고객",
        "Need attention",
        "최근성도 횟수도 가운데인 고객입니다.",
        "In the middle both ways.",
        (3, 3),
        (3, 3),
    ),
    "sleepy": Named(
        "곧 잠들 고객",
        "About to sleep",
        "드물게 샀고, 조금씩 멀어지는 고객입니다.",
        "Bought seldom, and some time ago.",
        (3, 3),
        (1, 2),
    ),
    "at_risk": Named(
        "멀어지는 고객",
        "At risk",
        "꽤 자주 샀지만 한동안 사지 않은 고객입니다.",
        "Used to buy fairly often, not lately.",
        (1, 2),
        (3, 4),
    ),
    "cannot_lose": Named(
        "놓치면 안 될 고객",
        "Cannot lose them",
        "가장 자주 샀지만 한동안 사지 않은 고객입니다.",
        "Used to buy most often, not lately.",
        (1, 2),
        (5, 5),
    ),
    "hibernating": Named(
        "잠든 고객",
        "Hibernating",
        "드물게 샀고, 산 지 오래된 고객입니다.",
        "Bought seldom, and long ago.",
        (1, 2),
        (1, 2),
    ),
}


def rank_in(by: Ranked, quintiles: tuple[int, int]) -> Rank:
    """They are in these quintiles, of those who bought within a year."""
    least, most = quintiles
    return Rank(event=PURCHASE, during=YEAR, measure=by, test=Within(least=least, most=most))


RFM: Final = tuple(
    ReadyMade(
        name=f"rfm_{name}",
        group="rfm",
        title_ko=named.title_ko,
        title_en=named.title_en,
        about_ko=named.about_ko,
        about_en=named.about_en,
        condition=AllOf(
            of=(rank_in("days_since", named.recency), rank_in("count", named.frequency))
        ),
    )
    for name, named in MATRIX.items()
)
