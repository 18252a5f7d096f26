"""Why people stop, as the page asks for it."""

from collections.abc import Mapping
from typing import Final

from dangol.pages.history_words import Word
from dangol.store.vocabulary import ExitReason

EXIT_WORDS: Final[Mapping[ExitReason, Word]] = {
    ExitReason.TOO_MANY: Word("너무 자주 와요", "Too many messages"),
    ExitReason.NOT_RELEVANT: Word("관심 없는 내용이에요", "Not interesting to me"),
    ExitReason.NEVER_ASKED: Word("받겠다고 한 적이 없어요", "I never asked for them"),
    ExitReason.NO_LONGER_NEEDED: Word("이제 필요하지 않아요", "I no longer need this"),
    ExitReason.BAD_EXPERIENCE: Word(
        "이용하면서 불편한 일이 있었어요", "I had a bad experience with the shop"
    ),
    ExitReason.PRIVACY: Word("내 정보가 쓰이는 게 걱정돼요", "I worry about my data"),
    ExitReason.OTHER: Word("다른 이유예요", "Another reason"),
}
