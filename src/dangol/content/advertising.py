"""The marks that an advertisement must carry (Korean Network Act, article 50 and its decree)."""

import re
from typing import Final

from dangol.store.vocabulary import Purpose
from dangol.store.workspace import Workspace

MARK: Final = "(광고)"
# What hides the mark from filters; the decree forbids each of them.
DISGUISE: Final = re.compile(r"^\s*[\[(\uff08\u3010]\s*(?:광\W*고|\w*광고)\s*[\])\uff09\u3011]")
KOREAN_ZONE: Final = "Asia/Seoul"


def needs_mark(workspace: Workspace, purpose: Purpose) -> bool:
    """Tell whether a message is an advertisement under Korean law."""
    korean = workspace.default_locale == "ko" or workspace.time_zone == KOREAN_ZONE
    return korean and purpose == Purpose.MARKETING


def is_disguised(subject: str) -> bool:
    """Tell whether a subject carries a mark that is not exactly ``(광고)``."""
    return not subject.startswith(MARK) and DISGUISE.match(subject) is not None


def mark_subject(subject: str) -> str:
    """Put the mark in front, once and exactly."""
    return subject if subject.startswith(MARK) else f"{MARK} {subject}"
