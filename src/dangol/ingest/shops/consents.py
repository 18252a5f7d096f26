"""What platforms say about consent, as the ledger takes it."""

from datetime import datetime

from dangol.ingest.consents import Consent, to_item
from dangol.ingest.event import Json
from dangol.store.vocabulary import (
    ApiKeyKind,
    Channel,
    ConsentAction,
    ConsentSource,
    ConsentState,
    Purpose,
)


def marketing_consent(*, granted: bool, source: str, at: datetime | None) -> list[Json]:
    """Return consent to advertising by e-mail, given or taken away.

    Without the time at which the customer gave it, a platform's yes is only a claim: it is
    imported, so that it never gives back what the customer took away here. A no always counts.
    """
    imported = granted and at is None
    yes = ConsentAction.IMPORT if imported else ConsentAction.GRANT
    consent = Consent(
        channel=Channel.EMAIL,
        purpose=Purpose.MARKETING,
        action=yes if granted else ConsentAction.WITHDRAW,
        imported_state=ConsentState.GRANTED if imported else None,
        source=source,
        occurred_at=at,
        source_kind=ConsentSource.SHOP,
    )
    return [to_item(consent, ApiKeyKind.SERVER)]
