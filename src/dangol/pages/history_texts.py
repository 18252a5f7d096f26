"""What the page about somebody's own data says, in Korean and in English.

``{shop}`` stands for the sender's name, ``{email}`` for a masked address, ``{when}`` for a day,
``{until}`` for a day and an hour, ``{event}`` for what somebody did, ``{n}`` for a number.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryTexts:
    """One language."""

    locale: str
    title: str
    intro: str
    why: str
    source: str
    nothing: str
    hidden: str
    who_title: str
    who_why: str
    who_source: str
    traits_title: str
    traits_why: str
    traits_source: str
    did_title: str
    did_why: str
    did_source: str
    did_row: str
    allowed_title: str
    allowed_why: str
    allowed_source: str
    seen_title: str
    seen_why: str
    seen_source: str
    told_title: str
    told_body: str
    told_cause: str
    notes_title: str
    notes_body: str
    ways_title: str
    ways_choices: str
    ways_copy: str
    ways_erase: str
    since: str
    marketing: str
    informational: str
    day_form: str
    hour_form: str


KOREAN: Final = HistoryTexts(
    locale="ko",
    title="내 정보가 어떻게 쓰이나요",
    intro="{shop}에서 {email} 주소로 소식을 보내면서 가지고 있는 정보와, 보내거나 보내지 않은 "
    "메시지의 이유를 모두 보여 드려요. 이 링크를 다른 사람이 볼 수도 있어서 일부는 가렸어요.",
    why="쓰는 곳",
    source="얻은 곳",
    nothing="아직 없어요.",
    hidden="그 밖에 {n}가지가 더 있어요. 모두 받아 보실 수 있어요.",
    who_title="알아보는 정보",
    who_why="같은 분에게 두 번 보내지 않고, 맞는 주소로 보내려고 써요.",
    who_source="가입하거나 주문하실 때, 상점에 들르셨을 때 받았어요.",
    traits_title="상점이 알려 준 정보",
    traits_why="관심에 맞는 소식만 고르려고 써요.",
    traits_source="{shop}의 회원 정보에서 받았어요.",
    did_title="상점에서 하신 일",
    did_why="필요한 때에만 말을 걸고, 이미 하신 일은 다시 권하지 않으려고 써요.",
    did_source="{shop}의 홈페이지와 주문 기록에서 받았어요.",
    did_row="{n}번, 마지막은 {when}",
    allowed_title="허락하신 것",
    allowed_why="허락하신 것만 보내려고, 그리고 허락하셨다는 증거로 간직해요.",
    allowed_source="직접 누르시거나 말씀하신 곳에서 받았어요.",
    seen_title="내 정보를 본 사람",
    seen_why="누가 언제 보았는지 남겨 두면, 까닭 없이 보는 일을 막을 수 있어요.",
    seen_source="볼 때마다 저절로 기록되고 아무도 고칠 수 없어요. 일 년 동안 간직해요.",
    told_title="보내거나 보내지 않은 메시지",
    told_body="가장 최근 것부터 보여 드려요.",
    told_cause="시작",
    notes_title="말씀 덕분에 바뀌었어요",
    notes_body="의견을 들려주신 덕분에 고친 것들이에요. 고맙습니다.",
    ways_title="할 수 있는 일",
    ways_choices="소식 설정 바꾸기",
    ways_copy="내 정보 모두 받기",
    ways_erase="내 정보 지우기",
    since="{when}부터",
    marketing="광고",
    informational="안내",
    day_form="{0.year}년 {0.month}월 {0.day}일",
    hour_form="{0.month}월 {0.day}일 {0.hour:02}:{0.minute:02}",
)

ENGLISH: Final = HistoryTexts(
    locale="en",
    title="How your data is used",
    intro="This is what {shop} holds to write to {email}, and why each message was or was not "
    "sent. Somebody else might see this link, so some of it is masked.",
    why="Used for",
    source="From",
    nothing="Nothing yet.",
    hidden="There are {n} more. You can download all of them.",
    who_title="Who you are",
    who_why="Writing to the right address, and not to the same person twice.",
    who_source="Your sign-up, your orders and your visits.",
    traits_title="What the shop told us",
    traits_why="Choosing news that may interest you.",
    traits_source="The customer records of {shop}.",
    did_title="What you did at the shop",
    did_why="Writing only when it helps, and never about what is done already.",
    did_source="The web site and the orders of {shop}.",
    did_row="{n} times, last on {when}",
    allowed_title="What you allowed",
    allowed_why="Sending only what you allowed, and proving that you did.",
    allowed_source="Where you pressed or said so.",
    seen_title="Who saw your data",
    seen_why="Writing down who looked, and when, keeps people from looking without a reason.",
    seen_source="Written by itself at every look; nobody can change it. Kept for a year.",
    told_title="Messages, sent or not",
    told_body="The newest come first.",
    told_cause="Began with",
    notes_title="Thanks to your feedback, this changed",
    notes_body="What we mended because somebody told us. Thank you.",
    ways_title="What you can do",
    ways_choices="Change my choices",
    ways_copy="Download my data",
    ways_erase="Erase my data",
    since="since {when}",
    marketing="Promotion",
    informational="Information",
    day_form="{0.year}-{0.month:02}-{0.day:02}",
    hour_form="{0.year}-{0.month:02}-{0.day:02} {0.hour:02}:{0.minute:02}",
)

HISTORY_TEXTS: Final = {"ko": KOREAN, "en": ENGLISH}
