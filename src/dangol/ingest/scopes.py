"""What a call may say by its key: the scopes, applied to what was read."""

from dangol.ingest.event import Event
from dangol.ingest.keys import ApiKey, require_scope
from dangol.store.vocabulary import ApiKeyScope, ConsentAction


def check_scopes(event: Event, key: ApiKey) -> None:
    """Let an event pass that its key may write.

    Raises:
        BadPayload: it claims a consent given elsewhere, and the key may not import.
    """
    if any(item.get("action") == ConsentAction.IMPORT for item in event.consents):
        require_scope(key, ApiKeyScope.IMPORT)
