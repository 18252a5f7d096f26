"""What a list of winners may show of a person, as such lists are written in Korea.

Somebody recognises themselves by it, and nobody else can tell who it is or reach them.
"""

import re
from typing import Final

# Hangul syllables and Chinese characters, of which a name is written without a space.
ONE_WORD: Final = re.compile(r"[\uac00-\ud7a3\u4e00-\u9fff]+")
STAR: Final = "*"
# Korean mobile numbers: 010 and its forerunners.
MOBILE: Final = re.compile(r"01[016789]")
KOREA: Final = "82"
LAST_DIGITS: Final = 4
SHORTEST_PHONE: Final = 8


def star_name(name: str) -> str:
    """Keep the first and last syllable of a Korean name, of others the first letter of each word.

    >>> [star_name(name) for name in ("홍", "홍길", "홍길동", "남궁길동", "황보아름다")]
    ['*', '홍*', '홍*동', '남**동', '황***다']
    >>> star_name("Anna Maria Smith")
    'A*** M**** S****'
    """
    words = name.split()
    if len(words) == 1 and ONE_WORD.fullmatch(words[0]):
        return star_syllables(words[0])
    return " ".join(star_rest(word) for word in words)


def star_syllables(name: str) -> str:
    if len(name) == 1:
        return STAR
    last = name[-1] if len(name) > len("홍길") else ""
    return f"{name[0]}{STAR * (len(name) - 1 - len(last))}{last}"


def star_rest(word: str) -> str:
    return f"{word[0]}{STAR * (len(word) - 1)}" if len(word) > 1 else STAR


def star_phone(phone: str) -> str:
    """Keep the prefix of a Korean mobile number and the last four digits; of others only these.

    >>> [star_phone(phone) for phone in ("+821012345678", "010 1234 5678", "02-123-4567")]
    ['010-****-5678', '010-****-5678', '****-4567']
    """
    digits = re.sub(r"[^0-9]", "", phone)
    if digits.startswith(f"00{KOREA}"):
        digits = digits[2:]
    if digits.startswith(KOREA) and (phone.strip().startswith(("+", "00"))):
        digits = "0" + digits[len(KOREA) :].removeprefix("0")
    if len(digits) < SHORTEST_PHONE:
        return STAR * 4
    prefix = f"{digits[:3]}-" if MOBILE.match(digits) else ""
    return f"{prefix}{STAR * 4}-{digits[-LAST_DIGITS:]}"


def star_email(email: str) -> str:
    """Keep the first letter, and the domain of an address.

    >>> star_email("hong.gil@shop.example")
    'h***@shop.example'
    """
    local, at, domain = email.strip().rpartition("@")
    return f"{local[:1]}***@{domain}" if at and local and domain else "***"
