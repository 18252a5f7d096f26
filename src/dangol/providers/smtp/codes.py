"""What the replies of mail servers mean (RFC 5321, RFC 3463)."""

from dataclasses import dataclass
from typing import Final

from dangol.providers.vendor import Fate

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


def is_our_configuration(reply: Reply) -> bool:
    return reply.code in OUR_CONFIGURATION_CODES or reply.status in OUR_CONFIGURATION


def is_address_gone(reply: Reply, *, to_recipient: bool) -> bool:
    """Tell whether a reply condemns the address; ``to_recipient`` if it answered RCPT."""
    if reply.status:
        return reply.code in PERMANENT and reply.status in ADDRESS_GONE
    return to_recipient and reply.code in DEAD_MAILBOX_CODES
