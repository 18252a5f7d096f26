"""What the page of choices says, in Korean and in English.

``{shop}`` stands for the sender's name, ``{email}`` for a masked address, ``{when}`` for a day,
``{topic}`` for a topic's title, ``{purpose}`` for a purpose's, ``{n}`` for a number,
``{channel}`` for a channel, ``{by}`` for the way it takes, ``{address}`` for an address,
``{begins}`` and ``{ends}`` for hours of the clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dangol.store.vocabulary import Channel

# What the ledger calls the sentences that somebody agrees to here. Whoever changes one of them
# gives them all another name: tests/pages/test_ways.py holds the two together.
WORDING_VERSION: Final = "choices-2"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceTexts:
    """One language."""

    locale: str
    title: str
    for_whom: str
    for_whom_unnamed: str
    on: str
    off: str
    since: str
    ways_title: str
    ways_body: str
    ways_by: Mapping[Channel, str]
    way_wording: str
    way_on: str
    way_off: str
    needed_title: str
    needed_body: str
    needed_state: str
    nights_title: str
    nights_text: str
    night_body: str
    night_wording_off: str
    night_on: str
    night_off: str
    ads_title: str
    ads_text: str
    ad_email: str
    ad_phone: str
    ad_body: str
    ad_wording_off: str
    ad_on: str
    ad_off: str
    ad_off_state: str
    ad_allow: str
    ad_stop: str
    topics_title: str
    topics_body: str
    get: str
    stop: str
    topic_on: str
    topic_off: str
    collect_title: str
    collect_body: str
    collect_on_state: str
    collect_off_state: str
    collect_allow: str
    collect_stop: str
    collect_erase_short: str
    collect_on: str
    collect_off: str
    collect_erase: str
    often_title: str
    often_body: str
    often_any: str
    often_weekly: str
    often_save: str
    rest_title: str
    rest_body: str
    rest_on: str
    rest_until: str
    rest_off: str
    all_title: str
    all_body: str
    all_off: str
    data_link: str
    undo: str
    slow: str
    said_way_on: str
    said_way_off: str
    said_all_on: str
    said_all_off: str
    said_topic_on: str
    said_topic_off: str
    said_weekly: str
    said_weekly_any: str
    said_night_on: str
    said_night_off: str
    said_ad_on: str
    said_ad_off: str
    said_rest: str
    said_wake: str
    said_collect_on: str
    said_collect_off: str
    said_collect_erase: str
    day_form: str


KOREAN: Final = ChoiceTexts(
    locale="ko",
    title="소식 설정",
    for_whom="{email} 주소로 보내는 소식을 직접 고르실 수 있어요. 바꾸시면 바로 적용돼요.",
    for_whom_unnamed="{shop}에서 보내는 소식을 직접 고르실 수 있어요. 바꾸시면 바로 적용돼요.",
    on="받고 있어요",
    off="받지 않아요",
    since="{when}부터",
    ways_title="광고를 받는 방법",
    ways_body="하나씩 따로 고르실 수 있어요. 받지 않으셔도 주문과 이용에는 아무 차이가 없어요.",
    ways_by={
        Channel.EMAIL: "메일로",
        Channel.SMS: "문자로",
        Channel.KAKAO_ALIMTALK: "알림톡으로",
        Channel.KAKAO_BRAND: "카카오톡으로",
        Channel.PUSH: "앱 알림으로",
        Channel.INAPP: "앱과 사이트 안에서",
    },
    way_wording="{shop}의 혜택과 새 소식을 {by} 받습니다.",
    way_on="{by} 받기",
    way_off="{by} 그만 받기",
    needed_title="주문과 이용 안내",
    needed_body="주문, 배송, 계정처럼 꼭 필요한 안내는 광고가 아니에요.",
    needed_state="늘 보내 드려요",
    nights_title="밤에 받는 광고",
    nights_text="밤에는 따로 동의하신 방법으로만 광고를 보낼 수 있어요. 언제든 바꾸실 수 있어요.",
    night_body="{channel}: {shop}의 광고를 밤({begins}~{ends})에도 받습니다.",
    night_wording_off="{channel}: {shop}의 광고를 밤({begins}~{ends})에는 받지 않습니다.",
    night_on="{channel}: 밤에도 받기",
    night_off="{channel}: 밤에는 그만 받기",
    ads_title="다른 곳에서 보는 광고",
    ads_text="동의하신 연락처만 제공해요. 동의하지 않으셔도 주문과 이용에는 아무 차이가 없어요.",
    ad_email="이메일 주소",
    ad_phone="전화번호",
    ad_body="{shop}에서 제 {address}를 그대로는 알아볼 수 없는 값(해시)으로 바꾸어 "
    "Meta(페이스북, 인스타그램)와 Google에 제공하고, 그곳에서 {shop}의 맞춤 광고를 저에게 "
    "보여 줍니다. 동의를 거두면 바로 뺍니다.",
    ad_wording_off="{shop}에서 제 {address}를 Meta와 Google에 더는 제공하지 않습니다.",
    ad_on="{address}: 제공에 동의하기",
    ad_off="{address}: 그만 제공하기",
    ad_off_state="제공하지 않아요",
    ad_allow="동의하기",
    ad_stop="그만 제공하기",
    topics_title="주제",
    topics_body="관심 없는 주제는 꺼 두실 수 있어요.",
    get="받기",
    stop="그만 받기",
    topic_on="{topic} 받기",
    topic_off="{topic} 그만 받기",
    collect_title="수집하는 정보",
    collect_body="동의하신 것만 모아요. 동의하지 않으셔도 주문과 이용에는 아무 차이가 없어요.",
    collect_on_state="동의하셨어요",
    collect_off_state="모으지 않아요",
    collect_allow="동의하기",
    collect_stop="그만 모으기",
    collect_erase_short="그만 모으고 지우기",
    collect_on="{purpose}: 동의하기",
    collect_off="{purpose}: 그만 모으기",
    collect_erase="{purpose}: 그만 모으고 지금까지 모은 것도 지우기",
    often_title="얼마나 자주",
    often_body="광고는 정하신 만큼만 보내 드려요.",
    often_any="따로 정하지 않기",
    often_weekly="일주일에 {n}통까지",
    often_save="이만큼만 받기",
    rest_title="잠시 쉬기",
    rest_body="30일 동안 광고를 쉬고, 그 뒤에 다시 받아 보실 수 있어요.",
    rest_on="30일 동안 쉬기",
    rest_until="{when}까지 쉬고 있어요.",
    rest_off="지금 다시 받기",
    all_title="모두 끄기",
    all_body="{shop}의 모든 광고를 멈춰요. 주문과 이용 안내는 계속 보내 드려요.",
    all_off="모든 광고 그만 받기",
    data_link="내 정보가 어떻게 쓰이는지 보기",
    undo="되돌리기",
    slow="이미 보내는 중이던 한 통은 곧 도착할 수 있어요.",
    said_way_on="이제 {shop}의 광고를 {by} 보내 드려요.",
    said_way_off="이제 {shop}의 광고를 {by} 보내지 않아요.",
    said_all_on="이제 {shop}의 광고를 다시 보내 드려요.",
    said_all_off="이제 {shop}의 광고를 보내지 않아요.",
    said_topic_on="이제 {topic} 소식을 보내 드려요.",
    said_topic_off="이제 {topic} 소식을 보내지 않아요.",
    said_weekly="이제 광고를 일주일에 {n}통까지만 보내요.",
    said_weekly_any="따로 정하신 횟수가 없어요. 상점이 정한 만큼만 보내 드려요.",
    said_night_on="{channel}: 이제 밤에도 광고를 보낼 수 있어요.",
    said_night_off="{channel}: 이제 밤에는 광고를 보내지 않아요.",
    said_ad_on="{address}: 이제 다른 곳에서도 광고를 보실 수 있어요.",
    said_ad_off="{address}: 이제 제공하지 않고, 이미 제공한 곳에서는 빼고 있어요.",
    said_rest="{when}까지 광고를 쉬어요.",
    said_wake="쉬는 기간을 마쳤어요. 다시 소식을 보내 드려요.",
    said_collect_on="동의하셨어요: {purpose}.",
    said_collect_off="이제 모으지 않아요: {purpose}.",
    said_collect_erase="이제 모으지 않고, 지금까지 모은 것도 지우고 있어요: {purpose}.",
    day_form="{0.year}년 {0.month}월 {0.day}일",
)

ENGLISH: Final = ChoiceTexts(
    locale="en",
    title="Your choices",
    for_whom="Choose what we send to {email}. Every change holds at once.",
    for_whom_unnamed="Choose what {shop} sends to you. Every change holds at once.",
    on="You get this",
    off="You do not get this",
    since="since {when}",
    ways_title="Where you get promotions",
    ways_body="Choose each by itself. If you want none, orders and account work all the same.",
    ways_by={
        Channel.EMAIL: "by e-mail",
        Channel.SMS: "by text message",
        Channel.KAKAO_ALIMTALK: "by Alimtalk",
        Channel.KAKAO_BRAND: "on KakaoTalk",
        Channel.PUSH: "as notifications of the app",
        Channel.INAPP: "inside the app and the site",
    },
    way_wording="I get offers and news of {shop} {by}.",
    way_on="Get promotions {by}",
    way_off="Stop promotions {by}",
    needed_title="Orders and account",
    needed_body="What you need to know about orders and your account is no advertising.",
    needed_state="Always sent",
    nights_title="Promotions at night",
    nights_text="At night you get promotions only where you agree to it here. Change it any time.",
    night_body="{channel}: I get promotions of {shop} also at night ({begins} to {ends}).",
    night_wording_off="{channel}: I get no promotions of {shop} at night ({begins} to {ends}).",
    night_on="{channel}: get promotions at night, too",
    night_off="{channel}: stop promotions at night",
    ads_title="Advertising elsewhere",
    ads_text="Only what you agree to is given. If you say no, orders work all the same.",
    ad_email="e-mail address",
    ad_phone="telephone number",
    ad_body="{shop} turns my {address} into a value that cannot be read as it is (a hash) and "
    "gives it to Meta (Facebook, Instagram) and Google, which show me advertising of {shop}. When "
    "I take this back, I am taken out at once.",
    ad_wording_off="{shop} no longer gives my {address} to Meta and Google.",
    ad_on="Agree to giving my {address}",
    ad_off="Stop giving my {address}",
    ad_off_state="Not given",
    ad_allow="Agree",
    ad_stop="Stop",
    topics_title="Topics",
    topics_body="Switch off what does not interest you.",
    get="Get",
    stop="Stop",
    topic_on="Get {topic}",
    topic_off="Stop {topic}",
    collect_title="What we collect",
    collect_body="Only what you agree to. If you say no, orders and account work all the same.",
    collect_on_state="You agreed",
    collect_off_state="Not collected",
    collect_allow="Agree",
    collect_stop="Stop",
    collect_erase_short="Stop and delete",
    collect_on="{purpose}: agree",
    collect_off="{purpose}: stop collecting",
    collect_erase="{purpose}: stop, and delete what was collected",
    often_title="How often",
    often_body="No more promotions than you say.",
    often_any="No limit of mine",
    often_weekly="At most {n} a week",
    often_save="Save how often",
    rest_title="A rest",
    rest_body="Have no promotions for 30 days, and get them again after that.",
    rest_on="Rest for 30 days",
    rest_until="You rest until {when}.",
    rest_off="End the rest now",
    all_title="Everything off",
    all_body="Stop all promotions of {shop}. You still get what you need to know about orders.",
    all_off="Stop all promotions",
    data_link="See how my data is used",
    undo="Undo",
    slow="One message that was already on its way may still arrive.",
    said_way_on="From now on you get promotions of {shop} {by}.",
    said_way_off="From now on {shop} sends you no promotions {by}.",
    said_all_on="From now on you get promotions of {shop} again.",
    said_all_off="From now on {shop} sends you no promotions.",
    said_topic_on="From now on you hear about {topic}.",
    said_topic_off="From now on you hear nothing about {topic}.",
    said_weekly="From now on you get at most {n} promotions a week.",
    said_weekly_any="You have set no limit; the shop's own holds.",
    said_night_on="{channel}: from now on promotions may come at night, too.",
    said_night_off="{channel}: from now on no promotions at night.",
    said_ad_on="From now on you may see our advertising elsewhere by your {address}.",
    said_ad_off="Your {address} is given to nobody any more, and is being taken out where it was.",
    said_rest="No promotions until {when}.",
    said_wake="Your rest is over; you hear from us again.",
    said_collect_on="You agreed: {purpose}.",
    said_collect_off="No longer collected: {purpose}.",
    said_collect_erase="No longer collected, and what was collected is being deleted: {purpose}.",
    day_form="{0.year}-{0.month:02}-{0.day:02}",
)

CHOICE_TEXTS: Final = {"ko": KOREAN, "en": ENGLISH}
