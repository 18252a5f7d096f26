"""Reads what people, and their machines, answer to a mail."""

import re
from enum import StrEnum
from typing import Final

from dangol.providers.smtp.post import Letter, header_text, read_text


class Answer(StrEnum):
    """What an answer is."""

    HUMAN = "human"
    # Out of office, a ticket number, "we have received your mail".
    AUTOMATIC = "automatic"
    # They want no more of it.
    REFUSAL = "refusal"


AUTOMATIC_HEADERS: Final = (
    "X-Autoreply",
    "X-Autorespond",
    "X-Auto-Reply-From",
    "X-Mail-Autoreply",
)
BULK: Final = {"bulk", "junk", "auto_reply", "list"}
AUTOMATIC_SUBJECT: Final = re.compile(
    r"^\s*(?:re:\s*)?(?:out of (?:the )?office|auto(?:matic|-)?\s*(?:re(?:ply|sponse)|답장)|"
    r"away from|on vacation|\[?(?:자동|부재)\s*(?:응답|회신|답장|중)|부재\s*알림|휴가)",
    re.IGNORECASE,
)
# Said anywhere in what somebody wrote themselves.
REFUSAL_WORDS: Final = re.compile(
    r"unsubscribe|opt[ -]?out|(?:take|remove) me (?:off|from)|stop (?:sending|e?-?mailing)|"
    r"do(?:n'?t| not) (?:send|e?-?mail)|수신\s*거부|수신\s*동의\s*철회|구독\s*(?:취소|해지)|"
    r"(?:그만|이제|더\s*이상|다시는|메일|광고)[^\n.]{0,20}(?:보내지|받고\s*싶지|받지\s*않|그만)|"
    r"보내지\s*(?:마|말)",
    re.IGNORECASE,
)
# These mean it only where nothing else is said.
REFUSAL_ALONE: Final = {
    "stop",
    "remove",
    "cancel",
    "end",
    "quit",
    "거부",
    "거절",
    "그만",
    "해지",
    "취소",
}
QUOTED: Final = re.compile(
    r"^\s*(?:>|-{2,}\s*original message|-{2,}\s*원본|_{10,}|on .{5,200} wrote:|from:\s|"
    r"보낸\s*사람\s*:|"
    r".{5,80}(?:님이|에|작성).{0,20}(?:작성|썼습니다|wrote)\s*:?\s*$|-{5,})",
    re.IGNORECASE,
)
# Whoever writes more than this writes about something else as well.
WISH_CHARACTERS: Final = 600


def judge_answer(letter: Letter) -> Answer:
    """Say what an answer to a mail of ours is."""
    if is_automatic(letter):
        return Answer.AUTOMATIC
    own = own_words(read_text(letter.mail))
    subject = re.sub(
        r"^\s*(?:re|fwd?|회신|답장)\s*:.*$",
        "",
        header_text(letter.mail, "Subject"),
        flags=re.IGNORECASE,
    )
    wishes = (own[:WISH_CHARACTERS], subject)
    if any(REFUSAL_WORDS.search(wish) or is_refusal_alone(wish) for wish in wishes):
        return Answer.REFUSAL
    return Answer.HUMAN


def is_refusal_alone(text: str) -> bool:
    return text.strip().strip(".!~ ").lower() in REFUSAL_ALONE


def is_automatic(letter: Letter) -> bool:
    """Tell whether a program wrote this (RFC 3834, and what programs did before it)."""
    mail = letter.mail
    said = str(mail.get("Auto-Submitted", "no")).partition(";")[0].strip().lower()
    return (
        said != "no"
        or any(mail.get(name) is not None for name in AUTOMATIC_HEADERS)
        or str(mail.get("Precedence", "")).strip().lower() in BULK
        or AUTOMATIC_SUBJECT.match(header_text(mail, "Subject")) is not None
        or mail.get_content_type() == "multipart/report"
    )


def own_words(text: str) -> str:
    """Return what stands above and between the lines somebody quotes."""
    written: list[str] = []
    for line in text.splitlines():
        if QUOTED.match(line):
            if not line.lstrip().startswith(">"):
                break
            continue
        written.append(line)
    return "\n".join(written).strip()
