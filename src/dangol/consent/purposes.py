"""What a shop collects data for, and what each customer allows it to collect.

A purpose names the events and traits that are collected for it. Where its lawful basis is consent,
``ingest.gate`` keeps them only of customers who have granted it. What customers say about a purpose
stands in the same append-only, chained ledger as what they say about messages; its fold is
``collection_consent``.
"""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Final

from psycopg.errors import UniqueViolation
from psycopg.rows import class_row

from dangol.consent.ledger import (
    STATEMENTS,
    UNKNOWN,
    Origin,
    fold_entries,
    insert,
    lock_customer,
)
from dangol.consent.retention_law import EXAMPLES, Short, legal_period
from dangol.store.connect import Connection
from dangol.store.vocabulary import ConsentAction, ConsentState, LawfulBasis, WithoutConsent

NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
LONGEST_WORDS: Final = 300
LONGEST_PATTERN: Final = 200


class PurposeError(Exception):
    """A purpose cannot be saved; the text names the field, the value and the remedy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionPurpose:
    """What data is collected for; customers read titles and reasons in their language.

    In patterns ``*`` is any text; the longest that fits decides, and ``covers_rest`` is the purpose
    of what no pattern fits. Days of keeping are None for as long as the customer is one.
    """

    id: int = 0
    name: str
    title_ko: str
    title_en: str
    why_ko: str
    why_en: str
    basis: LawfulBasis
    without_consent: WithoutConsent = WithoutConsent.DROP
    event_names: Sequence[str] = ()
    trait_names: Sequence[str] = ()
    covers_rest: bool = False
    keep_events_days: int | None = None
    keep_traits_days: int | None = None
    active: bool = True

    @property
    def is_asked(self) -> bool:
        """Whether customers decide about it."""
        return self.active and self.basis == LawfulBasis.CONSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """A purpose that needs consent, and what a customer says about it; None for nothing yet."""

    purpose: CollectionPurpose
    state: ConsentState | None = None
    since: datetime | None = None

    @property
    def is_on(self) -> bool:
        """Whether it may be collected."""
        return self.state == ConsentState.GRANTED


ORDERS = CollectionPurpose(
    name="orders",
    title_ko="주문과 배송",
    title_en="Orders and delivery",
    why_ko="주문하신 상품을 보내 드리고, 취소와 환불을 처리하려고 주문 내용을 보관해요.",
    why_en="We keep your orders to deliver them and to handle cancellations and refunds.",
    basis=LawfulBasis.CONTRACT,
    event_names=(
        *("Order *", "Payment *", "Refund *", "Shipment *", "Delivery *", "Return *"),
        *("order_*", "payment_*", "refund_*", "shipment_*", "delivery_*", "return_*"),
    ),
)
ACCOUNT = CollectionPurpose(
    name="account",
    title_ko="회원 정보와 안내",
    title_en="Account and service notices",
    why_ko="회원 정보를 관리하고 주문, 계정에 꼭 필요한 안내를 보내려고 이름과 연락처를 보관해요.",
    why_en="We keep your name and how to reach you, to run your account and send needed notices.",
    basis=LawfulBasis.CONTRACT,
    event_names=("Identified", "Identity Linked", "Group Joined", "Signed *", "Account *"),
    trait_names=(
        *("email", "phone", "phone_number", "mobile", "name", "first_name", "last_name"),
        *("firstName", "lastName", "username", "address", "city", "postal_code", "country"),
        *("locale", "language", "timezone", "time_zone", "created_at", "createdAt"),
    ),
)
BEHAVIOUR = CollectionPurpose(
    name="behaviour",
    title_ko="이용 기록 수집",
    title_en="What you do on our site",
    why_ko="어떤 화면과 상품을 보셨는지 기록해서, 필요할 때 알맞은 소식을 드리려고 해요.",
    why_en="We record which pages and products you look at, to write when it is of use to you.",
    basis=LawfulBasis.CONSENT,
    without_consent=WithoutConsent.ANONYMOUS,
    covers_rest=True,
    # Three years as the law counts them for complaints, which may be among the rest.
    keep_events_days=1096,
)
PERSONALISATION = CollectionPurpose(
    name="personalisation",
    title_ko="맞춤 추천",
    title_en="Personal recommendations",
    why_ko="알려 주신 취향과 관심사를 보관해서, 맞는 상품과 내용을 골라 드리려고 해요.",
    why_en="We keep the tastes and interests you tell us, to choose what suits you.",
    basis=LawfulBasis.CONSENT,
    trait_names=("*",),
    keep_traits_days=1095,
)
STRICT: Final = (ORDERS, ACCOUNT, BEHAVIOUR, PERSONALISATION)
OPEN: Final = (
    ORDERS,
    ACCOUNT,
    replace(BEHAVIOUR, basis=LawfulBasis.LEGITIMATE_INTEREST),
    replace(PERSONALISATION, basis=LawfulBasis.LEGITIMATE_INTEREST),
)
# What a new workspace may start with.
PRESETS: Final = {"strict": STRICT, "open": OPEN}


def install_purposes(
    connection: Connection, *, workspace_id: int, preset: str, now: datetime
) -> None:
    """Give a workspace the purposes of a preset."""
    for purpose in PRESETS[preset]:
        save_purpose(connection, purpose, workspace_id=workspace_id, now=now)


def save_purpose(
    connection: Connection, purpose: CollectionPurpose, *, workspace_id: int, now: datetime
) -> None:
    """Add a purpose, or change the one of its name; what customers said about it stays.

    Raises:
        PurposeError: a field is not what it must be, another purpose covers the rest already, or
            events would be kept for less time than the law asks.
    """
    for fault in faults(purpose):
        raise PurposeError(fault)
    short = list_short(connection, workspace_id=workspace_id)
    values = asdict(purpose) | {
        "event_names": list(purpose.event_names),
        "trait_names": list(purpose.trait_names),
        "workspace_id": workspace_id,
        "now": now,
    }
    try:
        with connection.transaction():
            _ = connection.execute(STATEMENTS["save_purpose"], values)
            for found in list_short(connection, workspace_id=workspace_id):
                if found.purpose == purpose.name or found not in short:
                    raise PurposeError(found.fault)
    except UniqueViolation as error:
        raise PurposeError(
            f"covers_rest of {purpose.name!r}: another purpose covers the rest already; "
            "change that one first."
        ) from error


def list_short(connection: Connection, *, workspace_id: int) -> list[Short]:
    """Return which events are to be kept for less time than the law asks."""
    values = {"workspace_id": workspace_id, "examples": list(EXAMPLES)}
    rows = connection.execute(STATEMENTS["list_covered_events"], values).fetchall()
    return [
        Short(purpose=purpose, event_name=name, days=days, period=period)
        for name, purpose, days in rows
        if (period := legal_period(name)) and days < period.days
    ]


def faults(purpose: CollectionPurpose) -> list[str]:
    """Say what is wrong with a purpose, each with its remedy."""
    found: list[str] = []
    if not NAME.fullmatch(purpose.name):
        found.append(
            f"name {purpose.name!r} is no name of a purpose: write up to 40 small letters, digits "
            "and hyphens, such as behaviour."
        )
    for field in ("title_ko", "title_en", "why_ko", "why_en"):
        text = str(getattr(purpose, field))
        if not 0 < len(text.strip()) <= LONGEST_WORDS:
            found.append(
                f"{field} {text[:40]!r}: write 1 to {LONGEST_WORDS} characters; customers read "
                "them before they decide."
            )
    for field in ("event_names", "trait_names"):
        found.extend(
            f"{field} {pattern[:40]!r}: 1 to {LONGEST_PATTERN} characters each."
            for pattern in getattr(purpose, field)
            if not 0 < len(pattern) <= LONGEST_PATTERN
        )
    for field in ("keep_events_days", "keep_traits_days"):
        days = getattr(purpose, field)
        if days is not None and days < 1:
            found.append(f"{field} {days}: write at least 1, or leave it out to keep for good.")
    return found


def list_purposes(connection: Connection, *, workspace_id: int) -> list[CollectionPurpose]:
    """Return the purposes of a workspace, the oldest first."""
    with connection.cursor(row_factory=class_row(CollectionPurpose)) as cursor:
        values = {"workspace_id": workspace_id}
        return cursor.execute(STATEMENTS["list_purposes"], values).fetchall()


def find_purpose(connection: Connection, *, workspace_id: int, name: str) -> CollectionPurpose:
    """Return the purpose of a name.

    Raises:
        PurposeError: there is none; the text names those there are.
    """
    known = {one.name: one for one in list_purposes(connection, workspace_id=workspace_id)}
    if name not in known:
        raise PurposeError(
            f"purpose {name!r} is not known here. Known are: {', '.join(known) or 'none'}."
        )
    return known[name]


def list_collections(
    connection: Connection, *, workspace_id: int, customer_id: int
) -> list[Collection]:
    """Return the purposes a customer decides about, each with what they said."""
    values = {"workspace_id": workspace_id, "customer_id": customer_id}
    said = {
        name: (ConsentState(state), since)
        for name, state, since in connection.execute(STATEMENTS["list_collections"], values)
    }
    return [
        Collection(
            purpose=purpose,
            state=said.get(purpose.name, (None, None))[0],
            since=said.get(purpose.name, (None, None))[1],
        )
        for purpose in list_purposes(connection, workspace_id=workspace_id)
        if purpose.is_asked
    ]


def allow_collecting(
    connection: Connection,
    purpose: CollectionPurpose,
    *,
    workspace_id: int,
    customer_id: int,
    source: str,
    now: datetime,
    locale: str = "",
    origin: Origin = UNKNOWN,
) -> int:
    """Record that a customer lets the shop collect for a purpose; return the entry's id.

    Raises:
        LookupError: the workspace has no such customer.
    """
    return say(
        connection,
        purpose,
        ConsentAction.GRANT,
        workspace_id=workspace_id,
        customer_id=customer_id,
        source=source,
        wording=purpose.why_ko if locale == "ko" else purpose.why_en,
        locale=locale,
        now=now,
        origin=origin,
    )


def stop_collecting(
    connection: Connection,
    purpose: CollectionPurpose,
    *,
    workspace_id: int,
    customer_id: int,
    source: str,
    delete: bool,
    now: datetime,
    origin: Origin = UNKNOWN,
) -> int:
    """Record that collecting must stop, from the next tick on; return the entry's id.

    With ``delete``, what was collected for the purpose is deleted soon (``rights.collected``).

    Raises:
        LookupError: the workspace has no such customer.
    """
    entry_id = say(
        connection,
        purpose,
        ConsentAction.WITHDRAW,
        workspace_id=workspace_id,
        customer_id=customer_id,
        source=source,
        wording="",
        locale="",
        now=now,
        origin=origin,
    )
    if delete:
        values = {"workspace_id": workspace_id, "customer_id": customer_id, "now": now}
        _ = connection.execute(
            STATEMENTS["ask_collection_erasure"], {**values, "collection": purpose.name}
        )
    return entry_id


def say(
    connection: Connection,
    purpose: CollectionPurpose,
    action: ConsentAction,
    *,
    workspace_id: int,
    customer_id: int,
    source: str,
    wording: str,
    locale: str,
    now: datetime,
    origin: Origin,
) -> int:
    """Write the last word about a purpose, even where our clock has gone backwards, and fold it."""
    lock_customer(connection, workspace_id=workspace_id, customer_id=customer_id)
    values = {
        "workspace_id": workspace_id,
        "customer_id": customer_id,
        "collection": purpose.name,
    }
    row = connection.execute(STATEMENTS["last_collection_word"], values).fetchone()
    last = row[0] if row and row[0] else now
    entry_id = insert(
        connection,
        "insert_entry",
        **values,
        channel=None,
        purpose=None,
        action=action,
        imported_state=None,
        source=source,
        wording=wording,
        locale=locale,
        occurred_at=max(now, last),
        now=max(now, last),
        **origin.values,
    )
    _ = fold_entries(connection, workspace_id=workspace_id, customer_ids=[customer_id])
    return entry_id
