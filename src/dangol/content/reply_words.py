"""What people write back when they want to hear no more."""

import re
import unicodedata
from typing import Final

# Whole replies, without spaces and marks; somebody who writes more may mean something else.
STOP_WORDS: Final = frozenset(
    {
        "수신거부",
        "수신거절",
        "수신거부요청",
        "수신거부합니다",
        "수신거부해주세요",
        "무료수신거부",
        "거부",
        "거절",
        "그만",
        "그만보내",
        "그만보내세요",
        "그만보내주세요",
        "보내지마",
        "보내지마세요",
        "보내지말아주세요",
        "문자보내지마세요",
        "중단",
        "해지",
        "차단",
        "철회",
        "동의철회",
        "수신동의철회",
        "stop",
        "stopall",
        "unsubscribe",
        "cancel",
        "end",
        "quit",
        "optout",
        "remove",
        "removeme",
    }
)
# However it is put, this refuses: in a longer sentence, too.
STOP_PHRASES: Final = ("수신거부", "수신을거부", "수신동의철회", "unsubscribe")
# Who asks how to refuse, or thanks for something, has not refused by that; it is still heard as a
# refusal, for a message too few can be mended, one too many cannot.
NOISE: Final = re.compile(r"[\W_]+")
LONGEST: Final = 200


def means_stop(reply: str) -> bool:
    """Tell whether a reply to a message asks for no more; in doubt about its form, it does."""
    text = NOISE.sub("", unicodedata.normalize("NFKC", reply[:LONGEST])).casefold()
    return text in STOP_WORDS or any(phrase in text for phrase in STOP_PHRASES)
