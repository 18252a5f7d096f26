"""What the pages to download and to erase say, in Korean and in English.

``{shop}`` stands for the sender's name, ``{email}`` for a masked address.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofTexts:
    """One language."""

    copy_title: str
    copy_lines: tuple[str, ...]
    copy_press: str
    erase_title: str
    erase_lines: tuple[str, ...]
    erase_points: tuple[str, ...]
    erase_sure: str
    erase_press: str
    erased_title: str
    erased_lines: tuple[str, ...]
    email_label: str
    email_hint: str
    wrong_email: str
    not_sure: str
    too_many: str
    back: str


KOREAN: Final = ProofTexts(
    copy_title="내 정보 모두 받기",
    copy_lines=(
        "{shop}에서 고객님에 대해 가지고 있는 모든 것을 파일 하나(ZIP)로 받아 보실 수 있어요.",
        "표로 볼 수 있는 CSV와 프로그램이 읽는 JSON, 설명서가 들어 있어요.",
        "받은 파일에는 가리지 않은 정보가 들어 있으니 안전한 곳에 보관해 주세요.",
    ),
    copy_press="모두 받기",
    erase_title="내 정보 지우기",
    erase_lines=("{shop}에서 고객님에 대해 가지고 있는 정보를 지워 드려요. 지우면:",),
    erase_points=(
        "바로 그때부터 광고도 안내도 보내지 않아요.",
        "이름과 연락처, 하신 일의 기록이 지워지고 되살릴 수 없어요.",
        "무엇을 허락하셨는지는 누구인지 알 수 없는 번호로만 남아요.",
        "법에 따라 간직해야 하는 주문 기록은 상점의 장부에 따로 남을 수 있어요.",
    ),
    erase_sure="되돌릴 수 없다는 것을 알고 있어요.",
    erase_press="지우기",
    erased_title="지우고 있어요",
    erased_lines=(
        "지금부터 {shop}에서 아무것도 보내지 않아요. 나머지 정보는 보통 몇 분 안에 지워져요.",
        "그동안 함께해 주셔서 고맙습니다.",
    ),
    email_label="이메일 주소 전체",
    email_hint="{email} 주소를 끝까지 적어 주세요. 링크만 가진 다른 사람이 할 수 없게 하려는 "
    "확인이에요.",
    wrong_email="적어 주신 주소가 이 메일을 받은 주소와 달라요. 다시 확인해 주세요.",
    not_sure="아래 칸을 눌러 알고 계신다고 알려 주세요. 아직 아무것도 지우지 않았어요.",
    too_many="여러 번 다르게 적으셔서 10분 동안 쉬었다가 다시 할 수 있어요.",
    back="내 정보로 돌아가기",
)

ENGLISH: Final = ProofTexts(
    copy_title="Download my data",
    copy_lines=(
        "You get everything {shop} holds about you in one file (ZIP).",
        "It has tables (CSV), a document for programs (JSON), and a README that explains them.",
        "Nothing in it is masked: keep it in a safe place.",
    ),
    copy_press="Download everything",
    erase_title="Erase my data",
    erase_lines=("We erase what {shop} holds about you. Then:",),
    erase_points=(
        "From that moment on you get neither promotions nor information.",
        "Your name, your addresses and what you did are gone and cannot be brought back.",
        "What you once allowed stays under a number that leads to nobody.",
        "The shop's own books may keep orders as long as the law says.",
    ),
    erase_sure="I know that this cannot be undone.",
    erase_press="Erase",
    erased_title="Your data is being erased",
    erased_lines=(
        "From now on {shop} sends you nothing. The rest is usually gone within minutes.",
        "Thank you for the time you were with us.",
    ),
    email_label="Your whole e-mail address",
    email_hint="Write out {email}. It keeps out whoever has nothing but this link.",
    wrong_email="This is not the address the e-mail went to. Please check it.",
    not_sure="Please tick the box to say that you know. Nothing has been erased yet.",
    too_many="The address was wrong too often. You can try again in 10 minutes.",
    back="Back to my data",
)

PROOF_TEXTS: Final = {"ko": KOREAN, "en": ENGLISH}
