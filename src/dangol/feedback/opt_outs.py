"""What vendors tell us of people who want no more: as good as a word to us."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from dangol.feedback.bounces import forbid_addresses
from dangol.feedback.unsubscribe import Subscription, unsubscribe
from dangol.store.connect import Connection
from dangol.store.vocabulary import ConsentSource

NEVER_HEARD: Final[Mapping[int, datetime]] = {}


def refuse_messages(
    connection: Connection,
    message_ids: Sequence[int],
    *,
    workspace_id: int,
    source: str,
    now: datetime,
    heard: Mapping[int, datetime] = NEVER_HEARD,
) -> list[Subscription]:
    """Withdraw the consent of whoever got these messages, and forbid the addresses they went to.

    ``heard`` says of which messages that was heard before, and when. Does not commit. Whoever
    confirms the refusal to somebody calls ``wait_for_calls`` first.
    """
    found = [
        unsubscribe(
            connection,
            workspace_id=workspace_id,
            message_id=message_id,
            source=source,
            kind=ConsentSource.FEEDBACK,
            now=now,
            heard_at=heard.get(message_id),
        )
        for message_id in message_ids
    ]
    forbid_addresses(connection, message_ids, reason="unsubscribed", now=now)
    return [one for one in found if one is not None]
