"""What the pages say, in Korean and in English."""

from dataclasses import dataclass
from typing import Final

# What the ledger calls the sentence that somebody agrees to on the page to stop. Whoever changes it
# gives it another name: tests/pages/test_unsubscribe.py holds the two together.
WORDING_VERSION: Final = "stop-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """One language; ``{shop}`` stands for the sender's name, ``{when}`` for a date and time."""

    locale: str
    other_locale: str
    other_language: str
    on_title: str
    on_body: str
    stop: str
    off_title: str
    off_body: str
    off_since: str
    subscribe: str
    subscribe_hint: str
    again_title: str
    again_body: str
    slow: str
    broken_title: str
    broken_body: str
    link_title: str
    link_body: str
    late_title: str
    late_body: str
    busy_title: str
    busy_body: str
    reason_title: str
    reason_body: str
    reason_send: str
    reason_thanks: str
    wording: str
    date_form: str


KOREAN: Final = Texts(
    locale="ko",
    other_locale="en",
    other_language="English",
    on_title="광고 메일을 그만 받으시겠어요?",
    on_body="아래 버튼을 누르시면 {shop}에서 보내는 광고 메일이 바로 멈춰요. "
    "주문과 배송처럼 꼭 필요한 안내는 계속 보내 드려요.",
    stop="그만 받기",
    off_title="광고 메일을 보내지 않아요",
    off_body="이제 {shop}에서 광고 메일을 보내지 않아요. 주문과 배송처럼 꼭 필요한 안내는 계속 "
    "보내 드려요.",
    off_since="{when}에 처리했어요.",
    subscribe="다시 받기",
    subscribe_hint="실수로 누르셨나요? 언제든 다시 받아 보실 수 있어요.",
    again_title="다시 소식을 보내 드릴게요",
    again_body="{shop}의 광고 메일을 다시 받아 보시기로 했어요. 마음이 바뀌시면 이 페이지에서 "
    "언제든 멈출 수 있어요.",
    slow="이미 보내는 중이던 메일 한 통은 곧 도착할 수 있어요. 그 뒤로는 보내지 않아요.",
    broken_title="이 주소로는 찾을 수 없어요",
    broken_body="주소가 중간에 잘렸거나 바뀌었어요. 받으신 메일의 링크를 다시 눌러 주세요. "
    "그래도 안 되면 그 메일에 답장해 주세요. 바로 처리해 드릴게요.",
    link_title="연결된 곳이 없어요",
    link_body="주소가 중간에 잘렸거나 바뀌었어요. 받으신 메일의 링크를 다시 눌러 주세요.",
    late_title="이 링크는 기한이 지났어요",
    late_body="내용을 보여 드리는 링크라서 얼마 동안만 열려요. 가장 최근에 받으신 메일에서 다시 "
    "열어 주세요. 수신거부 링크는 기한 없이 쓰실 수 있어요.",
    busy_title="잠시 뒤에 다시 열어 주세요",
    busy_body="짧은 시간에 너무 여러 번 열렸어요. 1분 뒤에 다시 열면 바로 보여 드릴게요.",
    reason_title="괜찮으시다면 이유를 알려 주세요",
    reason_body="고르지 않으셔도 이미 멈췄어요. 답은 모아서 세기만 해요.",
    reason_send="이유 보내기",
    reason_thanks="알려 주셔서 고맙습니다. 더 나은 상점이 되는 데 쓸게요.",
    wording="{shop}의 광고 메일을 다시 받겠습니다.",
    date_form="{0.year}년 {0.month}월 {0.day}일 {0.hour:02}:{0.minute:02}",
)

ENGLISH: Final = Texts(
    locale="en",
    other_locale="ko",
    other_language="한국어",
    on_title="Stop these promotional e-mails?",
    on_body="Press the button and promotional e-mail from {shop} stops at once. You will still get "
    "what you need to know about your orders.",
    stop="Stop these e-mails",
    off_title="No more promotional e-mails",
    off_body="{shop} no longer sends you promotional e-mail. You will still get what you need to "
    "know about your orders.",
    off_since="Done on {when}.",
    subscribe="Subscribe again",
    subscribe_hint="Pressed by mistake? You can come back at any time.",
    again_title="You are subscribed again",
    again_body="You will get promotional e-mail from {shop} again. If you change your mind, you "
    "can stop it on this page at any time.",
    slow="One e-mail that was already on its way may still arrive. Nothing is sent after it.",
    broken_title="This link does not work",
    broken_body="The address was cut off or changed on its way. Please press the link in the "
    "e-mail again. If that does not help, reply to the e-mail and we will do it for you.",
    link_title="This link leads nowhere",
    link_body="The address was cut off or changed on its way. Please press the link in the e-mail "
    "again.",
    late_title="This link is too old",
    late_body="It shows something about you, so it opens for a while only. Please open it again "
    "from the newest e-mail. The link to unsubscribe never gets too old.",
    busy_title="Please try again in a minute",
    busy_body="This was opened too often in a short time. In a minute it opens again.",
    reason_title="Would you tell us why?",
    reason_body="It has stopped in any case. Answers are only counted.",
    reason_send="Send the reason",
    reason_thanks="Thank you for telling us. It helps the shop to do better.",
    wording="I want to receive promotional e-mail from {shop} again.",
    date_form="{0.year}-{0.month:02}-{0.day:02} {0.hour:02}:{0.minute:02}",
)

TEXTS: Final = {"ko": KOREAN, "en": ENGLISH}


def choose_texts(*, asked: str | None, accepted: str, otherwise: str) -> Texts:
    """Take the language asked for, else the first we have that the browser likes, else a given."""
    if asked in TEXTS:
        return TEXTS[asked]
    for wanted in sorted(accepted.split(","), key=quality_of, reverse=True):
        language = wanted.split(";")[0].strip().lower().partition("-")[0]
        if language in TEXTS:
            return TEXTS[language]
    return TEXTS.get(otherwise, KOREAN)


def quality_of(wanted: str) -> float:
    """Read the weight of one entry of an Accept-Language header; what is malformed weighs 0."""
    _, _, weight = wanted.partition(";q=")
    try:
        return float(weight) if weight else 1.0
    except ValueError:
        return 0.0
