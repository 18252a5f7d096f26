"""What a call may say by its key: the scopes, applied to what was read."""

from dangol.ingest.event import Event
from dangol.ingest.fault import BadPayload
from dangol.ingest.keys import ApiKey, missing_scope
from dangol.ingest.payload import Parsed, Refused
from dangol.store.vocabulary import ApiKeyScope, ConsentAction


def within_scopes(parsed: Parsed, key: ApiKey, *, alone: bool) -> Parsed:
    """Return a body with the events refused that its key may not write.

    Raises:
        BadPayload: the event came ``alone``, so that nothing is left to take.
    """
    if ApiKeyScope.IMPORT in key.scopes or not any(map(imports, parsed.events)):
        return parsed
    fault = missing_scope(key, ApiKeyScope.IMPORT)
    if alone:
        raise fault
    return refuse_imports(parsed, fault)


def imports(event: Event) -> bool:
    """Tell whether an event claims a consent that was given elsewhere."""
    return any(item.get("action") == ConsentAction.IMPORT for item in event.consents)


def refuse_imports(parsed: Parsed, fault: BadPayload) -> Parsed:
    """Move the events that import a consent to the refused."""
    before = {one.index for one in parsed.refused}
    total = len(parsed.events) + len(before)
    places = [index for index in range(total) if index not in before]
    refused = [
        Refused(index=index, code=fault.code, message=fault.message)
        for index, event in zip(places, parsed.events, strict=True)
        if imports(event)
    ]
    return Parsed(
        events=[event for event in parsed.events if not imports(event)],
        refused=sorted([*parsed.refused, *refused], key=lambda one: one.index),
    )
