"""Single words of the page about somebody's own data, as a customer would say them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dangol.segments.words import KOREAN_EVENTS


@dataclass(frozen=True, slots=True)
class Word:
    """One thing said in both languages."""

    ko: str
    en: str

    def in_(self, locale: str) -> str:
        """Say it in one of them."""
        return self.ko if locale == "ko" else self.en


Words = Mapping[str, Word]

KINDS: Final[Words] = {
    "external": Word("회원 번호", "Member number"),
    "anonymous": Word("방문한 기기", "Device you visited with"),
    "email": Word("이메일", "E-mail"),
    "phone": Word("전화번호", "Telephone"),
}
# A member is named by their role, nobody by their name.
VIEWERS: Final[Words] = {
    "owner": Word("상점의 책임자", "An owner of the shop"),
    "marketer": Word("상점의 마케팅 담당자", "A marketer of the shop"),
    "reader": Word("상점의 직원", "A reader of the shop's figures"),
    "member": Word("상점의 직원", "Somebody at the shop"),
    "key": Word("상점의 다른 프로그램", "Another program of the shop"),
    "command": Word("시스템 관리자", "Who runs the machines"),
    "customer": Word("본인", "You"),
}
ACTIONS: Final[Words] = {
    "grant": Word("광고를 받기로 하셨어요", "You agreed to promotions"),
    "refuse": Word("광고를 받지 않기로 하셨어요", "You refused promotions"),
    "withdraw": Word("광고를 그만 받기로 하셨어요", "You stopped promotions"),
    "import": Word(
        "상점이 전에 받아 둔 답을 옮겨 왔어요", "The shop brought along an earlier answer"
    ),
    "renew": Word("광고를 계속 받기로 하셨어요", "You agreed to go on getting promotions"),
    "night_grant": Word("밤에도 광고를 받기로 하셨어요", "You agreed to promotions at night, too"),
    "night_withdraw": Word("밤에는 광고를 받지 않기로 하셨어요", "You stopped promotions at night"),
    "notice_sent": Word("처리 결과를 알려 드렸어요", "We told you what became of your wish"),
    "reconfirm_sent": Word(
        "동의하신 사실을 다시 알려 드렸어요", "We reminded you of what you agreed to"
    ),
}
# The same, where it is about an address that ad networks are given.
AD_ACTIONS: Final[Words] = {
    "ad_audience grant": Word(
        "연락처를 광고 회사에 제공하는 데 동의하셨어요",
        "You agreed to your address being given to ad networks",
    ),
    "ad_audience refuse": Word(
        "연락처를 광고 회사에 제공하는 것을 거부하셨어요",
        "You refused your address being given to ad networks",
    ),
    "ad_audience withdraw": Word(
        "연락처를 광고 회사에 그만 제공하게 하셨어요",
        "You stopped your address being given to ad networks",
    ),
    "ad_audience renew": Word(
        "연락처를 광고 회사에 계속 제공하는 데 동의하셨어요",
        "You agreed to your address still being given to ad networks",
    ),
    "ad_audience import": Word(
        "연락처를 광고 회사에 제공하는 데 대한 전의 답을 상점이 옮겨 왔어요",
        "The shop brought along an earlier answer about giving your address to ad networks",
    ),
}
# What we write ourselves; a shop's own words stand as they are.
SOURCES: Final[Words] = {
    "preference page": Word("소식 설정 화면", "the page of choices"),
    "unsubscribe page": Word("수신거부 화면", "the page to unsubscribe"),
    "unsubscribe page: subscribe again": Word("수신거부 화면", "the page to unsubscribe"),
    "statutory notice": Word("법에 따른 안내", "a notice required by law"),
    "one-click unsubscribe (RFC 8058)": Word(
        "메일 앱의 수신거부 단추", "the unsubscribe button of a mail app"
    ),
}
ENTRIES: Final[Words] = {
    "event": Word("상점에서 하신 일: {event}", "What you did at the shop: {event}"),
    "segment_entered": Word("상점을 이용하신 모습", "How you use the shop"),
    "segment_left": Word("상점을 이용하신 모습이 바뀜", "A change in how you use the shop"),
    "date": Word("알려 주신 날짜", "A day you told us"),
    "schedule": Word("정해진 날에 여러 분께 보내는 소식", "News for many, sent on a set day"),
    "call": Word("상점에서 보내기로 함", "The shop asked for it"),
}
# What the law has told, by kind.
NOTICES: Final[Words] = {
    "result": Word("광고 수신에 관해 말씀하신 것", "What you said about promotions"),
    "reminder": Word(
        "광고 수신에 동의하신 지 2년이 되어 감",
        "Your consent to promotions is almost two years old",
    ),
}
STATES: Final[Words] = {
    "planned": Word("곧 확인해요", "About to be checked"),
    "held": Word("{until}에 다시 확인해요", "Looked at again on {until}"),
    "skipped": Word("보내지 않았어요", "Not sent"),
    "allowed": Word("곧 보내요", "About to be sent"),
    "handed": Word("보내는 중이에요", "Being sent"),
    "failed": Word("보내지 못했어요", "Could not be sent"),
}
DELIVERIES: Final[Words] = {
    "accepted": Word("{until}에 보냈어요", "Sent on {until}"),
    "rejected": Word("메일 서버가 받지 않았어요", "The mail server refused it"),
    "unknown": Word("도착했는지 확실하지 않아요", "It may or may not have arrived"),
}
ALLOWED_MARKETING: Final = Word(
    "광고를 받기로 하셨고, 보내면 안 될 이유가 없었어요.",
    "You agreed to promotions, and nothing spoke against sending it.",
)
ALLOWED_INFORMATIONAL: Final = Word(
    "주문과 이용에 필요한 안내예요.", "It is about your order or your account."
)
ALLOWED_NOTICE: Final = Word(
    "법에 따라 알려 드려야 하는 안내예요.", "The law has us tell you this."
)
UNKNOWN_REASON: Final = Word(
    "상점이 정한 규칙이 보내지 않도록 했어요.", "A rule of the shop kept it back."
)
# By the guard's reason; what is not here yet is UNKNOWN_REASON.
REASONS: Final[Words] = {
    "suppressed": Word(
        "이 주소로는 보내지 않기로 되어 있어요.", "Nothing may be sent to this address."
    ),
    "erased": Word("지워 달라고 하셨어요.", "You asked to be forgotten."),
    "no_address": Word("보낼 주소가 없었어요.", "There was no address to send it to."),
    "no_consent": Word("광고를 받겠다고 하지 않으셨어요.", "You have not agreed to promotions."),
    "journey_paused": Word("상점이 잠시 멈춰 두었어요.", "The shop has paused it."),
    "journey_stopped": Word("상점이 그만 보내기로 했어요.", "The shop stopped sending it."),
    "already_converted": Word(
        "이미 하신 일이라 말씀드릴 필요가 없었어요.",
        "You had already done what it was about.",
    ),
    "just_bought": Word(
        "얼마 전에 주문하셔서 잠시 조용히 있었어요.", "You had just bought something."
    ),
    "over_cap": Word(
        "최근에 이미 여러 통을 보내서 더 보내지 않았어요.", "You had enough messages lately."
    ),
    "quiet_hours": Word("쉬시는 시간이어서 기다렸어요.", "It was quiet time, so it waited."),
    "already_arrived": Word(
        "다른 방법으로 이미 받으셨어요.", "It had already reached you another way."
    ),
    "expired": Word("보내기에 늦어서 보내지 않았어요.", "It was too late to be of use."),
    "merged": Word(
        "같은 소식이 이미 가고 있어서 하나만 보냈어요.", "The same was on its way to you already."
    ),
    "renewal_overdue": Word(
        "동의를 다시 확인할 때가 지났어요.", "It is time to ask for your consent again."
    ),
    "channel_forbidden": Word(
        "법이 이 방법으로 보내지 못하게 해요.", "The law forbids sending it this way."
    ),
    "template_unapproved": Word(
        "이 카카오톡 메시지는 아직 승인을 받지 못했어요.",
        "This KakaoTalk message has not been approved yet.",
    ),
    "night_law": Word("밤에는 광고를 보내지 않아요.", "No promotions are sent at night."),
    "topic_refused": Word("꺼 두신 주제예요.", "You switched its topic off."),
    "snoozed": Word("쉬기로 하신 동안이에요.", "You asked for a rest."),
    "sunset": Word(
        "오랫동안 열어 보지 않으셔서 보내지 않아요.",
        "You had not opened anything for long, so we stay quiet.",
    ),
    "message_stopped": Word(
        "불편해하시는 분이 많아 상점이 멈췄어요.", "It was stopped, since people did not like it."
    ),
    "holdout": Word(
        "소식이 도움이 되는지 알아보려고 일부에게는 보내지 않아요.",
        "Some people get none, to learn whether messages help.",
    ),
    "over_wish": Word("정하신 횟수만큼 이미 보냈어요.", "You get no more than you asked for."),
    "reduced": Word("요즘은 덜 보내고 있어요.", "We send you less at the moment."),
    "attention_budget": Word(
        "다른 소식이 더 중요해서 이번에는 보내지 않았어요.", "Something else mattered more."
    ),
    "send_time": Word(
        "소식을 주로 보시는 시간까지 기다렸어요.",
        "It waited for the time of day at which you usually look.",
    ),
}
ENGLISH_EVENTS: Final = {
    "Order Completed": "an order",
    "Checkout Started": "a checkout",
    "Product Viewed": "products you looked at",
    "Product Added": "something in your cart",
    "Cart Viewed": "your cart",
    "Signed Up": "your sign-up",
}


def say_event(name: str, *, locale: str) -> str:
    """Call what somebody did by a word of theirs, or as the shop calls it."""
    return KOREAN_EVENTS.get(name, name) if locale == "ko" else ENGLISH_EVENTS.get(name, name)


def say_reason(reason: str, *, purpose: str, locale: str, notice: str = "") -> str:
    """Say why a message was or was not sent; empty before anybody looked."""
    if not reason:
        return ""
    if reason == "allowed":
        if notice:
            return ALLOWED_NOTICE.in_(locale)
        is_marketing = purpose == "marketing"
        return (ALLOWED_MARKETING if is_marketing else ALLOWED_INFORMATIONAL).in_(locale)
    return REASONS.get(reason, UNKNOWN_REASON).in_(locale)
