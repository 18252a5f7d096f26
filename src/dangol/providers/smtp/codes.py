"""What the replies of mail servers mean (RFC 5321, RFC 3463)."""

from dataclasses import dataclass
from typing import Final

from dangol.providers.vendor import Fate, FaultKind

# The address is dead: writing to it again only harms the sender's name.
ADDRESS_GONE: Final = {
    "5.1.1": "no such mailbox",
    "5.1.2": "no such domain",
    "5.1.3": "not an address",
    "5.1.6": "mailbox moved away",
    "5.1.10": "domain takes no mail",
    "5.2.1": "mailbox disabled",
}

# A firm answer that is about us, not about the message: sending again helps once it is repaired.
OUR_CONFIGURATION: Final = {
    "5.5.1": "commands out of order",
    "5.7.0": "authentication required",
    "5.7.8": "credentials refused",
    "5.7.26": "sender not authenticated (SPF or DKIM)",
    "5.7.515": "sender not authenticated (DMARC)",
}
OUR_CONFIGURATION_CODES: Final = {530, 534, 535, 538}

# "Not so fast", said of us and not of one mail.
TOO_FAST: Final = {
    "4.2.1": "the mailbox takes no more at the moment",
    "4.3.2": "the system takes no mail at the moment",
    "4.4.5": "the system is congested",
    "4.7.0": "too much mail from us lately",
    "4.7.28": "too much mail from us lately",
}
GOODBYE: Final = 421
# Without a word of it being one full mailbox (4.2.2) these are said of us, too.
TOO_MUCH: Final = {452, 454}
MAILBOX_FULL: Final = "4.2.2"

# The message itself is refused, whoever it is for.
CONTENT: Final = {"5.3.4": "too big", "5.7.1": "refused by policy"}
TOO_BIG: Final = 552
CONTENT_STATUS: Final = "5.6."

# Replies to RCPT that mean a dead mailbox where the server gives no enhanced status.
DEAD_MAILBOX_CODES: Final = {550, 551}

OK: Final = range(200, 300)
TRANSIENT: Final = range(400, 500)
PERMANENT: Final = range(500, 600)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer of a mail server; ``status`` is its enhanced code, or empty."""

    code: int
    status: str
    text: str

    @property
    def name(self) -> str:
        """The most exact code the server gave."""
        return self.status or str(self.code)


def fate_of(reply: Reply) -> Fate:
    """Say what a reply means for the message it answers."""
    if reply.code in OK:
        return Fate.ACCEPTED
    if reply.code in TRANSIENT or is_our_configuration(reply):
        return Fate.RETRYABLE
    return Fate.REJECTED


def fault_of(reply: Reply, *, to_recipient: bool) -> FaultKind | None:
    """Say what must follow from a reply; ``to_recipient`` if it answered RCPT."""
    if reply.code in OK:
        return None
    if is_our_configuration(reply):
        return FaultKind.CONFIGURATION
    if reply.code in TRANSIENT:
        return FaultKind.THROTTLED if is_too_fast(reply) else FaultKind.TRANSIENT
    if is_address_gone(reply, to_recipient=to_recipient):
        return FaultKind.PERMANENT
    if to_recipient:
        return FaultKind.UNREACHABLE
    return FaultKind.CONTENT if is_about_content(reply) else FaultKind.UNREACHABLE


def is_too_fast(reply: Reply) -> bool:
    """Tell whether a reply asks for patience with all that we send, not with one mail."""
    too_much = reply.code in TOO_MUCH and reply.status != MAILBOX_FULL
    return reply.code == GOODBYE or too_much or reply.status in TOO_FAST


def is_about_content(reply: Reply) -> bool:
    return (
        reply.status in CONTENT
        or reply.status.startswith(CONTENT_STATUS)
        or reply.code == TOO_BIG
        or not reply.status
    )


def is_our_configuration(reply: Reply) -> bool:
    return reply.code in OUR_CONFIGURATION_CODES or reply.status in OUR_CONFIGURATION


def is_address_gone(reply: Reply, *, to_recipient: bool) -> bool:
    """Tell whether a reply condemns the address; ``to_recipient`` if it answered RCPT."""
    if reply.status:
        return reply.code in PERMANENT and reply.status in ADDRESS_GONE
    return to_recipient and reply.code in DEAD_MAILBOX_CODES
