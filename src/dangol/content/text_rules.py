"""What a text message in Korea must be: short enough, of characters it can carry, and marked.

An advertisement begins with ``(광고)`` and who sends it, and ends with how to refuse it for free
(Network Act, article 50 (4) and (6); decree, annex 6). Pure: text in, faults out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from dangol.content.advertising import MARK, is_disguised

SMS_BYTES: Final = 90
LMS_BYTES: Final = 2_000
# So far into the text the sender's name must have come.
NAME_WITHIN: Final = 120
OPT_OUT: Final = re.compile(r"무료\s*(?:수신\s*)?거부[\]\s:]*080[-\d\s]{6,12}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFault:
    """What is wrong with a text, and what to do about it, in Korean and English."""

    code: str
    ko: str
    en: str


def count_bytes(text: str) -> int:
    """Count the bytes of a text as carriers do (CP949); what they cannot carry counts two."""
    return sum(len(encode(character)) or 2 for character in text)


def find_uncarried(text: str) -> str:
    """Return the characters that no text message can carry, each once, as emoji are."""
    return "".join(dict.fromkeys(one for one in text if not encode(one)))


def encode(character: str) -> bytes:
    return character.encode("cp949", errors="ignore")


def lint_text(text: str, *, is_advertisement: bool, sender_name: str) -> list[TextFault]:
    """Return every fault of a text message, whole and with its gaps filled."""
    return [*find_carrier_faults(text), *find_mark_faults(text, is_advertisement, sender_name)]


def find_carrier_faults(text: str) -> Iterator[TextFault]:
    if uncarried := find_uncarried(text):
        yield TextFault(
            code="uncarried",
            ko=f"문자로 보낼 수 없는 글자가 있습니다: {uncarried}. 빼거나 바꾸세요.",
            en=f"Text messages cannot carry {uncarried}: leave it out or write it otherwise.",
        )
    if (size := count_bytes(text)) > LMS_BYTES:
        yield TextFault(
            code="too_long",
            ko=f"{size:,}바이트입니다. {LMS_BYTES:,}바이트까지 줄이세요.",
            en=f"It has {size:,} bytes: shorten it to {LMS_BYTES:,}.",
        )


def find_mark_faults(text: str, is_advertisement: bool, sender_name: str) -> Iterator[TextFault]:  # noqa: FBT001 - named by its caller
    if not is_advertisement:
        return
    if not text.startswith(MARK):
        what = "다르게 쓴 표시가 있습니다" if is_disguised(text) else "표시가 없습니다"
        yield TextFault(
            code="mark",
            ko=f"광고 {what}. 정확히 {MARK}로 시작하세요.",
            en=f"An advertisement begins with exactly {MARK}, without spaces or other signs in it.",
        )
    if sender_name not in text[:NAME_WITHIN]:
        yield TextFault(
            code="sender",
            ko=f"보내는 이({sender_name})가 앞부분에 없습니다. {MARK} 뒤에 쓰세요.",
            en=f"Say who sends it ({sender_name}) behind {MARK}.",
        )
    if not OPT_OUT.search(text.rstrip()):
        yield TextFault(
            code="opt_out",
            ko="무료 수신거부 방법이 끝에 없습니다. '무료수신거부 080-…'으로 끝내세요.",
            en="It must end with the free way out: 무료수신거부 080-….",
        )
