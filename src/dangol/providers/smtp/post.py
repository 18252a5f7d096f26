"""What any mail that comes in says of itself: to whom, about which mail of ours, from whom."""

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

RETURN_PATH: Final = re.compile(r"\bb\+([A-Za-z0-9_-]{20,})@")
MESSAGE_ID: Final = re.compile(r"<([A-Za-z0-9_-]{20,})@")
# Where a report names the address it was sent to; forwarding moves it from one to another.
RECIPIENT_HEADERS: Final = ("X-Envelope-To", "Delivered-To", "X-Original-To", "Envelope-To", "To")
RETURNED: Final = (
    "text/rfc822-headers",
    "message/rfc822",
    "message/global",
    "message/global-headers",
)
SERVERS: Final = re.compile(
    r"mailer-daemon|postmaster|mail delivery (?:sub)?system|mdaemon|발송 ?실패|메일 ?배달",
    re.IGNORECASE,
)
# Nobody reads on; a mail of ours is smaller by far.
TEXT_MAX: Final = 100_000
# Korean senders name charsets by names of their own time.
CHARSETS: Final = {
    "ks_c_5601-1987": "cp949",
    "ks_c_5601-1989": "cp949",
    "ksc5601": "cp949",
    "euc-kr": "cp949",
    "x-windows-949": "cp949",
    "ms949": "cp949",
    "unknown-8bit": "utf-8",
    "default_charset": "utf-8",
}


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail that came in, taken apart once."""

    mail: "Message[str, str]"


def read_letter(raw: bytes) -> Letter:
    return Letter(message_from_bytes(raw, policy=policy.compat32))


def find_recipients(raw: bytes) -> list[str]:
    """Return the headers that tell which address of ours a mail was sent to."""
    return recipients_of(read_letter(raw).mail)


def recipients_of(mail: "Message[str, str]") -> list[str]:
    return [str(value) for name in RECIPIENT_HEADERS for value in mail.get_all(name, [])]


def find_return_path(mail: "Message[str, str]") -> list[str]:
    """Return the tokens of the return paths it was sent to."""
    return [token for header in recipients_of(mail) for token in RETURN_PATH.findall(header)]


def find_returned_tokens(mail: "Message[str, str]") -> list[str]:
    """Return the tokens in the returned mail: its Message-ID's first, then its return path's."""
    lines = [line for text in returned_texts(mail) for line in header_lines(text)]
    named = [
        token
        for line in lines
        if is_header(line, "message-id")
        for token in MESSAGE_ID.findall(line)
    ]
    sent = [
        token
        for line in lines
        if is_header(line, "return-path")
        for token in RETURN_PATH.findall(line)
    ]
    return named + sent


def find_answered(mail: "Message[str, str]") -> list[str]:
    """Return the tokens of the mails that a mail answers, the nearest first."""
    answered = MESSAGE_ID.findall(str(mail.get("In-Reply-To", "")))
    return [*answered, *reversed(MESSAGE_ID.findall(str(mail.get("References", ""))))]


def returned_texts(mail: "Message[str, str]") -> "Iterator[str]":
    """Yield the mails that stand in a mail, whole or in part, whichever way they are attached."""
    for part in mail.walk():
        if part.get_content_type() in RETURNED:
            yield part.as_string() if part.is_multipart() else decode(part)


def header_lines(text: str) -> list[str]:
    """Return lines with what was folded put back."""
    return re.sub(r"\r?\n[ \t]+", " ", text).splitlines()


def is_header(line: str, name: str) -> bool:
    return line.lower().startswith(f"{name}:")


def is_from_a_server(mail: "Message[str, str]") -> bool:
    """Tell whether a mail server wrote this by itself."""
    return str(mail.get("Return-Path", "")).strip() == "<>" or bool(
        SERVERS.search(header_text(mail, "From"))
    )


def header_text(mail: "Message[str, str]", name: str) -> str:
    """Return a header's words, decoded as far as that can be."""
    value = str(mail.get(name, ""))
    try:
        return str(make_header(decode_header(value)))
    except (LookupError, UnicodeError, ValueError):
        return value


def read_text(mail: "Message[str, str]") -> str:
    """Return what a mail says: its plain parts, else its pages without their marks."""
    plain = [decode(part) for part in own_parts(mail, "text/plain")]
    pages = [re.sub(r"<[^>]*>", " ", decode(part)) for part in own_parts(mail, "text/html")]
    return "\n".join(plain or pages)[:TEXT_MAX]


def own_parts(mail: "Message[str, str]", kind: str) -> "Iterator[Message[str, str]]":
    """Yield the parts of a kind, none of a mail inside the mail."""
    if mail.get_content_type() in RETURNED:
        return
    if not mail.is_multipart():
        if mail.get_content_type() == kind:
            yield mail
        return
    for part in list_parts(mail):
        yield from own_parts(part, kind)


def list_parts(mail: "Message[str, str]") -> "list[Message[str, str]]":
    payload = mail.get_payload()
    return cast("list[Message[str, str]]", payload) if isinstance(payload, list) else []


def decode(part: "Message[str, str]") -> str:
    """Return a part's text, whatever charset it claims to be in."""
    payload = part.get_payload(decode=True)
    raw = payload if isinstance(payload, bytes) else b""
    said = (part.get_content_charset() or "").strip().lower()
    for charset in (CHARSETS.get(said, said), "utf-8", "cp949"):
        try:
            return raw.decode(charset)
        except (LookupError, UnicodeDecodeError, ValueError):
            continue
    return raw.decode("utf-8", "replace")
