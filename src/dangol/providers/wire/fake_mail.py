"""What the name of a recipient makes every fake of a mail service do.

``bounce@…`` or ``bounce.minji@…`` comes back, ``click@…`` is delivered, opened and followed;
``status-422@…`` is refused with that status, ``status-422-406@…`` with that code as well.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

REFUSED: Final = re.compile(r"status-(\d{3})(?:-(\w+))?@")
NAME: Final = re.compile(r"[a-z]+")


class MailEvent(StrEnum):
    """What a mail service tells of a mail it took."""

    DELIVERED = "delivered"
    # There is no such mailbox.
    BOUNCED = "bounced"
    # The mailbox is full.
    SOFT_BOUNCED = "soft_bounced"
    # The receiver's server is busy; it is tried again.
    DEFERRED = "deferred"
    COMPLAINED = "complained"
    OPENED = "opened"
    CLICKED = "clicked"
    UNSUBSCRIBED = "unsubscribed"


DELIVERED: Final = (MailEvent.DELIVERED,)
# In the order in which it happens; what is not named here is delivered.
STORIES: Final[Mapping[str, tuple[MailEvent, ...]]] = {
    "bounce": (MailEvent.BOUNCED,),
    "soft": (MailEvent.SOFT_BOUNCED,),
    "defer": (MailEvent.DEFERRED, MailEvent.DELIVERED),
    "complain": (MailEvent.DELIVERED, MailEvent.COMPLAINED),
    "open": (MailEvent.DELIVERED, MailEvent.OPENED),
    "click": (MailEvent.DELIVERED, MailEvent.OPENED, MailEvent.CLICKED),
    "unsubscribe": (MailEvent.DELIVERED, MailEvent.UNSUBSCRIBED),
    # Its reports are lost on the way.
    "mute": (),
}


def read_story(recipient: str) -> tuple[MailEvent, ...]:
    """Return what becomes of a mail to a recipient."""
    named = NAME.match(recipient)
    return STORIES.get(named[0] if named else "", DELIVERED)


def read_refusal(recipient: str) -> tuple[int, str] | None:
    """Return the status and the code that a recipient asks for; None for one that is taken."""
    found = REFUSED.match(recipient)
    return (int(found[1]), found[2] or "") if found else None
