"""What is held about a visitor, read for the page that shows it: masked, and the newest first."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from psycopg.rows import class_row

from dangol.content.masks import mask_email, mask_phone, mask_trait, mask_word
from dangol.pages.history_words import say_reason
from dangol.pages.visitor import STATEMENTS, Visitor
from dangol.rights.access import count_accesses
from dangol.rights.gather import Subject
from dangol.rights.sections import SECTIONS
from dangol.store.connect import Connection
from dangol.store.lake import Lake
from dangol.store.vault import Vault
from dangol.store.vocabulary import AccessBy, Channel, EntryKind, MemberRole, MessageState, Purpose

MOST_TOLD = 50
MASKS = {"email": mask_email, "phone": mask_phone, "external": mask_word}

# What stands in a row of a customer's consents.
CONSENT: Final = next(
    [column.name for column in section.columns]
    for section in SECTIONS
    if section.name == "consents"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One message, why it began, and what became of it; empty where nobody has said."""

    id: int
    planned_at: datetime
    act_at: datetime | None
    channel: Channel
    purpose: Purpose
    state: MessageState
    subject: str
    entry_kind: EntryKind
    entry_event: str
    # What the law has told by it (result, reminder); empty for all other messages.
    notice: str
    reason: str
    delivery_state: str
    settled_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One thing held: what it is, what it says, and since when."""

    name: str
    value: str
    at: datetime | None
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything the page shows."""

    identifiers: list[Held]
    traits: list[Held]
    activity: list[Held]
    consents: list[Held]
    told: list[Told]
    # The name the shop calls them by and their other traits, for the subjects of messages.
    called: Mapping[str, object]
    # Who saw their data: through what, in which role, how often, and when last.
    viewers: list[tuple[AccessBy, MemberRole | None, int, datetime]]


def read_facts(connection: Connection, visitor: Visitor, *, vault: Vault, lake: Lake) -> Facts:
    """Return what is held about a visitor. Needs a transaction."""
    subject = subject_of(connection, visitor, vault=vault, lake=lake)
    people = subject.people()
    values = {"workspace_id": visitor.workspace_id, "customer_id": visitor.customer_id}
    with connection.cursor(row_factory=class_row(Told)) as cursor:
        asked = {**values, "most": MOST_TOLD}
        told = cursor.execute(STATEMENTS["list_told"], asked).fetchall()
    row = connection.execute(STATEMENTS["read_traits"], values).fetchone()
    return Facts(
        identifiers=[
            hold_identifier(*found) for found in subject.rows_at_once("identifiers", people=people)
        ],
        traits=[hold_trait(*found) for found in subject.rows_at_once("traits", people=people)],
        activity=sorted(
            (hold_activity(*found) for found in subject.rows_at_once("activity", people=people)),
            key=lambda held: held.count,
            reverse=True,
        ),
        consents=[
            hold_consent(*found) for found in subject.rows_at_once("consents", people=people)
        ][::-1],
        told=told,
        called=row[0] if row else {},
        viewers=count_accesses(connection, **values),
    )


def subject_of(connection: Connection, visitor: Visitor, *, vault: Vault, lake: Lake) -> Subject:
    """Return who it is about, for what reads and exports things about people."""
    return Subject(
        connection=connection,
        lake=lake,
        vault=vault,
        workspace_id=visitor.workspace_id,
        customer_id=visitor.customer_id,
        explain=lambda _: ("", ""),
    )


def explained_subject(
    connection: Connection, visitor: Visitor, *, vault: Vault, lake: Lake
) -> Subject:
    """Return who it is about, with the reason of each of their messages in words."""
    values = {"workspace_id": visitor.workspace_id, "customer_id": visitor.customer_id}
    rows = connection.execute(STATEMENTS["list_reasons"], values).fetchall()
    said: dict[int, tuple[str, str]] = {
        int(message_id): (
            say_reason(reason, purpose=purpose, locale="ko"),
            say_reason(reason, purpose=purpose, locale="en"),
        )
        for message_id, purpose, reason in rows
    }
    subject = subject_of(connection, visitor, vault=vault, lake=lake)

    def explain(message_id: int) -> tuple[str, str]:
        return said.get(message_id, ("", ""))

    return replace(subject, explain=explain)


def hold_identifier(kind: object, value: object, first_seen_at: object) -> Held:
    mask = MASKS.get(str(kind))
    return Held(
        name=str(kind), value=mask(str(value)) if mask and value else "", at=as_time(first_seen_at)
    )


def hold_trait(name: object, value: object, said_at: object) -> Held:
    # As JSON has it: a text stands in quotes.
    said = str(value).strip('"')
    return Held(name=str(name), value=mask_trait(str(name), said), at=as_time(said_at))


def hold_activity(name: object, count: object, _: object, __: object, last_at: object) -> Held:
    return Held(name=str(name), value="", at=as_time(last_at), count=int(str(count)))


def hold_consent(*row: object) -> Held:
    said = dict(zip(CONSENT, row, strict=True))
    at = as_time(said["occurred_at"])
    action = str(said["action"])
    if said["purpose"] == Purpose.AD_AUDIENCE:
        action = f"{Purpose.AD_AUDIENCE} {action}"
    return Held(name=action, value=str(said["source"]), at=at)


def as_time(value: object) -> datetime | None:
    return value if isinstance(value, datetime) else None
