"""The words the tests are written in: each makes one real row and returns its id."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta

from dangol.store.connect import Connection
from dangol.store.vault import Vault, normalize_email

# A Tuesday noon in Seoul.
NOON = datetime(2027, 3, 2, 3, 0, tzinfo=UTC)
TEST_VAULT = Vault(bytes(range(32)))


def days_around(moment: datetime) -> Iterator[date]:
    """Every UTC day from a week before to sixty days after ``moment``."""
    return (moment.date() + timedelta(days=offset) for offset in range(-7, 60))


def one(connection: Connection, query: str, **values: object) -> int:
    row = connection.execute(query.encode(), values).fetchone()
    assert row is not None
    return row[0]


def customer(
    connection: Connection,
    workspace: int,
    *,
    name: str = "minji",
    email: str | None = "minji@shop.example",
    time_zone: str | None = None,
    now: datetime = NOON,
) -> int:
    """A customer known by an external id and, unless ``email`` is None, reachable by e-mail."""
    made = one(
        connection,
        "insert into customer (workspace_id, first_seen_at, last_seen_at, time_zone)"
        " values (%(workspace)s, %(now)s, %(now)s, %(time_zone)s) returning id",
        workspace=workspace,
        now=now,
        time_zone=time_zone,
    )
    connection.execute(
        "insert into identifier (workspace_id, kind, key, customer_id, first_seen_at)"
        " values (%s, 'external', %s, %s, %s)",
        (workspace, name, made, now),
    )
    if email is not None:
        address(connection, workspace, customer_id=made, email=email, now=now)
    connection.commit()
    return made


def address(
    connection: Connection, workspace: int, *, customer_id: int, email: str, now: datetime = NOON
) -> str:
    """An e-mail address of a customer; returns its lookup key."""
    value = normalize_email(email)
    key, sealed = (
        TEST_VAULT.key(workspace, "email", value),
        TEST_VAULT.seal(workspace, "email", value),
    )
    connection.execute(
        "insert into identifier (workspace_id, kind, key, sealed, customer_id, first_seen_at)"
        " values (%s, 'email', %s, %s, %s, %s)",
        (workspace, key, sealed, customer_id, now),
    )
    connection.execute(
        "insert into address (workspace_id, customer_id, channel, key, sealed, changed_at)"
        " values (%s, %s, 'email', %s, %s, %s)",
        (workspace, customer_id, key, sealed, now),
    )
    return key


def give_consent(
    connection: Connection, workspace: int, *, customer_id: int, now: datetime = NOON
) -> None:
    """Consent to advertising by e-mail, in the ledger and in its fold."""
    entry = one(
        connection,
        "insert into consent_entry (workspace_id, customer_id, channel, purpose, action, source,"
        " occurred_at, recorded_at) values (%(workspace)s, %(customer_id)s, 'email', 'marketing',"
        " 'grant', 'sign-up form', %(now)s, %(now)s) returning id",
        workspace=workspace,
        customer_id=customer_id,
        now=now,
    )
    connection.execute(
        "insert into consent (workspace_id, customer_id, channel, purpose, state, since, entry_id)"
        " values (%s, %s, 'email', 'marketing', 'granted', %s, %s)",
        (workspace, customer_id, now, entry),
    )
    connection.commit()


def suppress(
    connection: Connection,
    workspace: int,
    *,
    email: str,
    reason: str = "bounced",
    now: datetime = NOON,
) -> None:
    """Forbid an address to everybody."""
    key = TEST_VAULT.key(workspace, "email", normalize_email(email))
    connection.execute(
        "insert into suppression (workspace_id, channel, address_key, reason, since)"
        " values (%s, 'email', %s, %s, %s)",
        (workspace, key, reason, now),
    )
    connection.commit()


def template(
    connection: Connection,
    workspace: int,
    *,
    name: str = "note",
    purpose: str = "marketing",
    locale: str = "ko",
    subject: str = "오랜만이에요, {{ shop.name }}입니다",
    body_text: str = "잘 지내셨나요?\n{{ links.unsubscribe }}",
    body_html: str = "<p>잘 지내셨나요?</p>",
    now: datetime = NOON,
) -> int:
    """A template for e-mail."""
    return one(
        connection,
        "insert into template (workspace_id, name, channel, purpose, locale, subject, body_text,"
        " body_html, created_at) values (%(workspace)s, %(name)s, 'email', %(purpose)s,"
        " %(locale)s, %(subject)s, %(body_text)s, %(body_html)s, %(now)s) returning id",
        workspace=workspace,
        name=name,
        purpose=purpose,
        locale=locale,
        subject=subject,
        body_text=body_text,
        body_html=body_html,
        now=now,
    )


def event(
    connection: Connection,
    workspace: int,
    *,
    name: str,
    user_id: str | None = None,
    customer_id: int | None = None,
    message_id: str | None = None,
    properties: Mapping[str, object] | None = None,
    revenue: float | None = None,
    occurred_at: datetime = NOON,
    received_at: datetime | None = None,
) -> int:
    """A track event in the inbox, not yet committed."""
    return one(
        connection,
        "insert into event (workspace_id, received_at, occurred_at, type, name, message_id,"
        " customer_id, user_id, revenue, properties) values (%(workspace)s, %(received_at)s,"
        " %(occurred_at)s, 'track', %(name)s, %(message_id)s, %(customer_id)s, %(user_id)s,"
        " %(revenue)s, %(properties)s) returning id",
        workspace=workspace,
        received_at=received_at or occurred_at,
        occurred_at=occurred_at,
        name=name,
        message_id=message_id or f"{name}:{user_id or customer_id}:{occurred_at.isoformat()}",
        customer_id=customer_id,
        user_id=user_id,
        revenue=revenue,
        properties=json.dumps(properties or {}),
    )
