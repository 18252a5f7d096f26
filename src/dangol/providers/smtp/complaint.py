"""Reads complaints that mailbox providers send back: "this is spam" (RFC 5965)."""

import re
from dataclasses import dataclass
from email.parser import Parser
from typing import TYPE_CHECKING, Final, cast

from dangol.providers.smtp.post import (
    RETURN_PATH,
    Letter,
    decode,
    find_return_path,
    find_returned_tokens,
    header_lines,
    is_header,
    returned_texts,
)

if TYPE_CHECKING:
    from email.message import Message

REFUSAL: Final = re.compile(r"\bu\+([A-Za-z0-9_-]{20,})@")
# A person took the mail out of the spam folder.
NOT_SPAM: Final = "not-spam"


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """Somebody's word against one message."""

    # Tokens that may name the message, the most trustworthy first.
    tokens: tuple[str, ...]
    # Tokens of its way out, which survive where the rest has been blackened.
    refusals: tuple[str, ...]
    # abuse, fraud, virus, opt-out, not-spam or other.
    kind: str
    # The provider's program, as it names itself.
    told_by: str
    # Names the journey and the shop where nothing names the message (see Feedback-ID).
    feedback_id: str

    @property
    def is_against_us(self) -> bool:
        """Whether the person wants no such mail."""
        return self.kind != NOT_SPAM


def read_complaint(letter: Letter) -> Complaint | None:
    """Return what a complaint says, or None where the letter is none."""
    fields = next(
        (
            report_fields(part)
            for part in letter.mail.walk()
            if part.get_content_type() == "message/feedback-report"
        ),
        None,
    )
    if fields is None or fields.get("Feedback-Type") is None:
        return None
    lines = [line for text in returned_texts(letter.mail) for line in header_lines(text)]
    return Complaint(
        tokens=(
            *RETURN_PATH.findall(str(fields.get("Original-Mail-From", ""))),
            *find_returned_tokens(letter.mail),
            *find_return_path(letter.mail),
        ),
        refusals=tuple(
            token
            for line in lines
            if is_header(line, "list-unsubscribe")
            for token in REFUSAL.findall(line)
        ),
        kind=str(fields.get("Feedback-Type", "")).strip().lower(),
        told_by=str(fields.get("User-Agent", "")).strip()[:80],
        feedback_id=next(
            (line.partition(":")[2].strip() for line in lines if is_header(line, "feedback-id")), ""
        ),
    )


def report_fields(part: "Message[str, str]") -> "Message[str, str]":
    """Return the fields of the machine-readable part, which parsers take for a mail of its own."""
    payload = part.get_payload()
    if isinstance(payload, list):
        return cast("list[Message[str, str]]", payload)[0]
    return Parser().parsestr(decode(part).strip() + "\n\n", headersonly=True)
