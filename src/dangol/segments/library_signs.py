"""Ready-made segments of customers at risk, and of carts left behind.

Signs of leaving are kept apart, so that each can be answered in its own way: no reaction to
messages, no purchase, no visit; and, as another matter, saying no.
"""

from typing import Final

from dangol.segments.comparison import AtLeast
from dangol.segments.condition import (
    PURCHASE,
    AllOf,
    AnyOf,
    Condition,
    Consented,
    Engagement,
    EventMeasure,
    NoneOf,
    Sequence,
    SequenceStep,
)
from dangol.segments.library_entry import NONE, VISITS, ReadyMade, away, bought, did_any
from dangol.segments.window import Rolling
from dangol.store.vocabulary import Channel

MONTH: Final = Rolling(days=30)
BEFORE: Final = Rolling(days=150, ago_days=30)
QUARTER: Final = Rolling(days=90)
ORDER: Final = SequenceStep(event=PURCHASE)
INSTALLED: Final = "Application Installed"
OPTED_OUT: Final = "Push Opted Out"
# Three e-mails unanswered in 90 days: fewer say little.
IGNORES_EMAIL: Final = AllOf(
    of=(
        Engagement(reaction="sent", channel=Channel.EMAIL, during=QUARTER, test=AtLeast(value=3)),
        *(
            Engagement(reaction=reaction, channel=Channel.EMAIL, during=QUARTER, test=NONE)
            for reaction in ("opened", "clicked")
        ),
    )
)
STOPPED_BUYING: Final = AllOf(of=(bought(times=2), away(days=60)))
VISITED: Final = did_any(VISITS, during=MONTH)
STOPPED_VISITING: Final = AllOf(of=(did_any(VISITS, during=BEFORE), NoneOf(of=(VISITED,))))
SOON_AFTER_INSTALL: Final = Sequence(
    steps=(SequenceStep(event=INSTALLED), SequenceStep(event=OPTED_OUT, within_days=7))
)


def left_behind(event: str, *, hours: int, days: int) -> Condition:
    """An event of the last days was followed by no order within so many hours, nor since."""
    step, window = SequenceStep(event=event), Rolling(days=days)
    soon = SequenceStep(event=PURCHASE, within_hours=hours)
    return AllOf(
        of=(
            Sequence(steps=(step,), then_not=soon, during=window),
            Sequence(steps=(step,), then_not=ORDER, during=window),
        )
    )


def left_cart(*, hours: int, days: int) -> Condition:
    """A cart, however the shop tells of it, was left behind."""
    events = ("Product Added", "Cart Viewed")
    return AnyOf(of=tuple(left_behind(event, hours=hours, days=days) for event in events))


RISKS: Final = (
    ReadyMade(
        name="ignores_email",
        group="risk",
        title_ko="이메일에 반응 없는 고객",
        title_en="No reaction to e-mail",
        about_ko="최근 90일 동안 이메일을 3통 이상 받고 열거나 누르지 않은 고객입니다.",
        about_en="Got three e-mails or more in 90 days, and opened or clicked none.",
        condition=IGNORES_EMAIL,
    ),
    ReadyMade(
        name="stopped_buying",
        group="risk",
        title_ko="구매가 멈춘 고객",
        title_en="Stopped buying",
        about_ko="두 번 이상 샀지만 60일 넘게 사지 않은 고객입니다.",
        about_en="Bought at least twice, and nothing for 60 days.",
        condition=STOPPED_BUYING,
    ),
    ReadyMade(
        name="stopped_visiting",
        group="risk",
        title_ko="발길이 끊긴 고객",
        title_en="Stopped visiting",
        about_ko="그 전 150일에는 왔지만 최근 30일 동안 웹, 앱, 매장 모두 오지 않은 고객입니다.",
        about_en="Came in the 150 days before, but not in the last 30: not to page, app or store.",
        condition=STOPPED_VISITING,
    ),
    ReadyMade(
        name="gone_quiet",
        group="risk",
        title_ko="모두 멈춘 고객",
        title_en="Quiet everywhere",
        about_ko="이메일 반응, 구매, 방문이 모두 멈춘 고객입니다.",
        about_en="No reaction to e-mail, no purchase and no visit: all three at once.",
        condition=AllOf(of=(IGNORES_EMAIL, STOPPED_BUYING, STOPPED_VISITING)),
    ),
    ReadyMade(
        name="visits_but_ignores",
        group="risk",
        title_ko="오지만 이메일은 보지 않는 고객",
        title_en="Visits, but ignores e-mail",
        about_ko="이메일에는 반응이 없지만 최근 30일 안에 온 고객입니다. 덜 보내는 편이 낫습니다.",
        about_en="No reaction to e-mail, but came in the last 30 days. Write to them less.",
        condition=AllOf(of=(IGNORES_EMAIL, VISITED)),
    ),
    ReadyMade(
        name="push_opted_out_soon",
        group="risk",
        title_ko="설치하자마자 푸시를 끈 고객",
        title_en="Push off right after install",
        about_ko="앱을 설치하고 7일 안에 푸시를 끈 고객입니다.",
        about_en="Turned push off within 7 days of installing: never convinced of it.",
        condition=SOON_AFTER_INSTALL,
    ),
    ReadyMade(
        name="push_opted_out_later",
        group="risk",
        title_ko="나중에 푸시를 끈 고객",
        title_en="Push off later",
        about_ko="푸시를 받다가 끈 고객입니다. 무엇 때문에 껐는지 살펴보세요.",
        about_en="Turned push off after living with it: something they got may be the reason.",
        condition=AllOf(of=(EventMeasure(event=OPTED_OUT), NoneOf(of=(SOON_AFTER_INSTALL,)))),
    ),
    ReadyMade(
        name="uninstalled",
        group="risk",
        title_ko="앱을 지운 고객",
        title_en="Uninstalled the app",
        about_ko="앱을 지우고 다시 설치하지 않은 고객입니다.",
        about_en="Uninstalled the app, and did not install it again.",
        condition=Sequence(
            steps=(SequenceStep(event="Application Uninstalled"),),
            then_not=SequenceStep(event=INSTALLED),
        ),
    ),
    ReadyMade(
        name="email_withdrawn",
        group="risk",
        title_ko="이메일 수신 동의를 철회한 고객",
        title_en="Withdrew consent to e-mail",
        about_ko="이메일 광고성 정보 수신에 동의했다가 철회한 고객입니다.",
        about_en="Agreed to advertising by e-mail once, and took it back.",
        condition=Consented(channel=Channel.EMAIL, state="withdrawn"),
    ),
    ReadyMade(
        name="reported_spam",
        group="risk",
        title_ko="스팸으로 신고한 고객",
        title_en="Reported spam",
        about_ko="우리 메시지를 스팸으로 신고한 적이 있는 고객입니다.",
        about_en="Reported one of our messages as spam.",
        condition=Engagement(reaction="complained"),
    ),
)
CARTS: Final = (
    ReadyMade(
        name="cart_left",
        group="cart",
        title_ko="장바구니를 두고 간 고객",
        title_en="Left a cart",
        about_ko="최근 3일 안에 담고 1시간 넘게 사지 않은 고객입니다.",
        about_en="Filled a cart in the last 3 days, and has not bought an hour later or since.",
        condition=left_cart(hours=1, days=3),
    ),
    ReadyMade(
        name="cart_left_two_days",
        group="cart",
        title_ko="이틀 전 장바구니를 두고 간 고객",
        title_en="Left a cart two days ago",
        about_ko="최근 7일 안에 담고 48시간 넘게 사지 않은 고객입니다. 한 번만 알려 주세요.",
        about_en="Filled a cart in the last 7 days, and not bought for 48 hours. Remind them once.",
        condition=left_cart(hours=48, days=7),
    ),
    ReadyMade(
        name="checkout_left",
        group="cart",
        title_ko="결제하다 만 고객",
        title_en="Left the checkout",
        about_ko="최근 3일 안에 결제를 시작하고 1시간 넘게 사지 않은 고객입니다.",
        about_en="Began to pay in the last 3 days, and has not bought an hour later or since.",
        condition=left_behind("Checkout Started", hours=1, days=3),
    ),
    ReadyMade(
        name="looked_not_bought",
        group="cart",
        title_ko="보기만 한 고객",
        title_en="Looked, did not buy",
        about_ko="최근 7일 동안 상품을 세 번 이상 보고 사지 않은 고객입니다.",
        about_en="Viewed products three times or more in 7 days, and bought nothing.",
        condition=AllOf(
            of=(
                EventMeasure(event="Product Viewed", during=Rolling(days=7), test=AtLeast(value=3)),
                EventMeasure(event=PURCHASE, during=Rolling(days=7), test=NONE),
            )
        ),
    ),
)
