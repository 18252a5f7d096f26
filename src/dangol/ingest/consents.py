"""Consents that travel with an event, checked before they reach the ledger."""

import re
from datetime import datetime
from typing import Final

import msgspec

from dangol.ingest.event import Json
from dangol.ingest.fault import BadPayload
from dangol.store.vocabulary import (
    ApiKeyKind,
    Channel,
    ConsentAction,
    ConsentSource,
    ConsentState,
    Purpose,
)

LONGEST_SOURCE: Final = 200
LONGEST_WORDING: Final = 2_000
# What the customer may say themselves; the rest is what the shop knows or has done.
OWN_ACTS: Final = frozenset(
    {
        ConsentAction.GRANT,
        ConsentAction.REFUSE,
        ConsentAction.WITHDRAW,
        ConsentAction.RENEW,
        ConsentAction.NIGHT_GRANT,
        ConsentAction.NIGHT_WITHDRAW,
    }
)
# What there is to say about collecting.
COLLECTING: Final = frozenset(
    {
        ConsentAction.GRANT,
        ConsentAction.REFUSE,
        ConsentAction.WITHDRAW,
        ConsentAction.IMPORT,
    }
)
COLLECTION: Final = re.compile(r"[a-z0-9-]{1,40}")


class Consent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a customer allowed or forbade, as ``context.dangol.consents`` says it."""

    channel: Channel | None = None
    purpose: Purpose | None = None
    action: ConsentAction
    source: str = ""
    wording: str = ""
    wording_version: str = ""
    locale: str = ""
    imported_state: ConsentState | None = None
    occurred_at: datetime | None = None
    source_kind: ConsentSource | None = None
    box_preticked: bool | None = None
    proof_token: str = ""
    proven_at: datetime | None = None
    # The name of a purpose of collecting, in place of a channel and a purpose of sending.
    collection: str | None = None


DECODE: Final = msgspec.json.Decoder(list[Consent])


def read_consents(text: msgspec.Raw, *, key_kind: ApiKeyKind) -> list[Json]:
    """Return consents as the ledger's fold reads them.

    A browser's key is public, so what comes with it can only be the customer's own act on the
    page: it is recorded as such, and cannot import anything.

    Raises:
        BadPayload: naming the item, the field and the remedy.
    """
    try:
        consents = DECODE.decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadPayload("bad_value", f"context.dangol.consents: {error}.") from None
    return [to_item(consent, key_kind) for consent in consents]


def to_item(consent: Consent, key_kind: ApiKeyKind) -> Json:
    """Check what the types cannot say, and return the item as JSON."""
    if key_kind is ApiKeyKind.BROWSER:
        consent = msgspec.structs.replace(
            consent, source="browser", source_kind=ConsentSource.BROWSER
        )
    elif consent.source_kind is None and consent.action is not ConsentAction.IMPORT:
        consent = msgspec.structs.replace(consent, source_kind=ConsentSource.SERVER)
    for fault in faults(consent, key_kind):
        raise BadPayload("bad_value", f"context.dangol.consents: {fault}")
    item: Json = msgspec.to_builtins(consent, str_keys=True)
    return item


def faults(consent: Consent, key_kind: ApiKeyKind) -> list[str]:
    """Say what is wrong with a consent, each with its remedy."""
    imported = consent.action is ConsentAction.IMPORT
    sending = (consent.channel, consent.purpose)
    checks = {
        "say channel and purpose, or collection in their place.": (
            None in sending if consent.collection is None else sending != (None, None)
        ),
        "purpose ad_audience is of the channel email or sms (the telephone number): networks know "
        "people by nothing else.": (
            consent.purpose is Purpose.AD_AUDIENCE
            and consent.channel not in (Channel.EMAIL, Channel.SMS)
        ),
        "purpose ad_audience has no night: nothing is sent.": (
            consent.purpose is Purpose.AD_AUDIENCE
            and consent.action in (ConsentAction.NIGHT_GRANT, ConsentAction.NIGHT_WITHDRAW)
        ),
        f"collection {consent.collection!r} is no name of a purpose: small letters, digits and "
        "hyphens; `dangol purpose list` shows them.": (
            consent.collection is not None and not COLLECTION.fullmatch(consent.collection)
        ),
        f"action is {consent.action.value!r}: about collecting one grants, refuses, withdraws or "
        "imports.": consent.collection is not None and consent.action not in COLLECTING,
        "action is 'import': only a server key may import consents.": (
            imported and key_kind is ApiKeyKind.BROWSER
        ),
        f"action is {consent.action.value!r}: a browser key says only what visitors do.": (
            consent.action not in OWN_ACTS and not imported and key_kind is ApiKeyKind.BROWSER
        ),
        "proof_token and proven_at belong together, and to a server key.": (
            bool(consent.proof_token) != (consent.proven_at is not None)
            or (bool(consent.proof_token) and key_kind is ApiKeyKind.BROWSER)
        ),
        "imported_state belongs to the action 'import', and only to it.": (
            imported != (consent.imported_state is not None)
        ),
        "source is empty: say where the customer expressed it, like 'signup form'.": (
            not consent.source.strip()
        ),
        # The ledger is kept when a person is forgotten.
        "source holds an address: say where it was expressed, not by whom.": "@" in consent.source,
        "wording_version or proof_token holds an address: name the text, or the link.": (
            "@" in consent.wording_version + consent.proof_token
        ),
        f"source has at most {LONGEST_SOURCE} characters.": len(consent.source) > LONGEST_SOURCE,
        f"wording has at most {LONGEST_WORDING} characters.": (
            len(consent.wording) > LONGEST_WORDING
        ),
        f"wording_version, as proof_token, has at most {LONGEST_SOURCE} characters.": (
            max(len(consent.wording_version), len(consent.proof_token)) > LONGEST_SOURCE
        ),
        "occurred_at needs an offset, like 2026-11-21T01:00:00Z.": (
            consent.occurred_at is not None and consent.occurred_at.tzinfo is None
        ),
        "proven_at needs an offset, like 2026-11-21T01:00:00Z.": (
            consent.proven_at is not None and consent.proven_at.tzinfo is None
        ),
    }
    return [fault for fault, holds in checks.items() if holds]
