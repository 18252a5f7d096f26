"""What the API answers about what is collected, and about who saw whose data."""

from datetime import datetime
from typing import Annotated

import msgspec

from dangol.store.vocabulary import AccessBy, LawfulBasis, MemberRole, WithheldKind, WithoutConsent


class WithheldCount(msgspec.Struct, frozen=True, kw_only=True):
    """How much of a purpose's was not kept: events, or traits that were taken out."""

    kind: WithheldKind
    count: int


class PurposeView(msgspec.Struct, frozen=True, kw_only=True):
    """What data is collected for, what it covers, and how long that is kept.

    In patterns ``*`` is any text. Days of keeping are null for as long as the customer is one.
    """

    name: str
    title_ko: str
    title_en: str
    why_ko: str
    why_en: str
    basis: LawfulBasis
    without_consent: WithoutConsent
    event_names: list[str]
    trait_names: list[str]
    covers_rest: bool
    keep_events_days: int | None
    keep_traits_days: int | None
    active: bool
    withheld: list[WithheldCount]


class Privacy(msgspec.Struct, frozen=True, kw_only=True):
    """Every purpose; ``withheld_days`` is over how many days what was withheld is counted."""

    purposes: list[PurposeView]
    withheld_days: int


class AccessWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which entries of the access log: about whom, by whom, and before which entry.

    ``who`` is an e-mail address, the shop's own id, a telephone number or id:NUMBER, ``by`` the
    viewer's e-mail address, key number or account; empty for everybody.
    """

    who: Annotated[str, msgspec.Meta(max_length=320)] = ""
    by: Annotated[str, msgspec.Meta(max_length=320)] = ""
    before: int | None = None


class AccessLine(msgspec.Struct, frozen=True, kw_only=True):
    """That somebody saw data about people; ``customer_ids`` is empty where they were many."""

    id: int
    seen_at: datetime
    by_kind: AccessBy
    by_whom: str
    role: MemberRole | None
    from_address: str
    what: str
    reason: str
    subjects: int
    customer_ids: list[int]


class AccessPage(msgspec.Struct, frozen=True, kw_only=True):
    """Some entries, the newest first, and the cursor that asks for the next ones."""

    accesses: list[AccessLine]
    next_cursor: int | None
