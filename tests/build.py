"""The words the tests are written in: each makes one real row and returns its id."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from dangol.ingest.blocks import unpack_everything
from dangol.store.connect import Connection
from dangol.store.migrate import ensure_event_partitions
from dangol.store.vault import CustomerKey, Vault, normalize_email
from dangol.store.workspace import create_workspace

# A Tuesday noon in Seoul.
NOON = datetime(2027, 3, 2, 3, 0, tzinfo=UTC)
TEST_VAULT = Vault(bytes(range(32)))


def unpack(connection: Connection) -> None:
    """Let what has come in be rows of the inbox."""
    with connection.transaction():
        for (workspace_id,) in connection.execute("select id from workspace").fetchall():
            unpack_everything(connection, workspace_id=workspace_id, vault=TEST_VAULT)


def one(connection: Connection, query: str, **values: object) -> int:
    row = connection.execute(query.encode(), values).fetchone()
    assert row is not None
    return row[0]


def open_shop(connection: Connection, *, name: str) -> int:
    """A Korean shop of that name, beside any other."""
    with connection.transaction():
        return create_workspace(
            connection,
            name=name,
            time_zone="Asia/Seoul",
            default_locale="ko",
            sender_name="-",
            sender_email="hello@shop.example",
            sender_postal="-",
            sender_phone="-",
            now=NOON,
        )


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
    """An e-mail address that a customer gave; returns its lookup key."""
    value = normalize_email(email)
    key = TEST_VAULT.key(workspace, "email", value)
    sealed = customer_key(connection, workspace, customer_id=customer_id).seal("email", value)
    connection.execute(
        "insert into identifier (workspace_id, kind, key, sealed, key_of, customer_id,"
        " first_seen_at, acts) values (%s, 'email', %s, %s, %s, %s, %s, false)",
        (workspace, key, sealed, customer_id, customer_id, now),
    )
    connection.execute(
        "insert into identity_link (workspace_id, from_kind, from_key, to_kind, to_key, source,"
        " occurred_at) select workspace_id, 'email', %s, kind, key, 'event', %s from identifier"
        " where customer_id = %s and kind = 'external' on conflict do nothing",
        (key, now, customer_id),
    )
    connection.execute(
        "insert into address (workspace_id, customer_id, channel, key, sealed, key_of, changed_at)"
        " values (%s, %s, 'email', %s, %s, %s, %s)",
        (workspace, customer_id, key, sealed, customer_id, now),
    )
    return key


def reach(
    connection: Connection,
    workspace: int,
    *,
    customer_id: int,
    channel: str = "sms",
    value: str = "+821012345678",
    now: datetime = NOON,
) -> str:
    """An address on another channel than e-mail; returns its lookup key."""
    kind = "push" if channel == "push" else "phone"
    key = TEST_VAULT.key(workspace, kind, value)
    sealed = customer_key(connection, workspace, customer_id=customer_id).seal(kind, value)
    connection.execute(
        "insert into address (workspace_id, customer_id, channel, key, sealed, key_of, changed_at)"
        " values (%s, %s, %s, %s, %s, %s, %s)",
        (workspace, customer_id, channel, key, sealed, customer_id, now),
    )
    return key


def customer_key(connection: Connection, workspace: int, *, customer_id: int) -> CustomerKey:
    """The key of a customer, who gets one where they have none."""
    made, wrapped = TEST_VAULT.make_key(workspace)
    kept = connection.execute(
        "insert into customer_key (customer_id, workspace_id, wrapped, master_version)"
        " values (%s, %s, %s, 1) on conflict do nothing returning wrapped",
        (customer_id, workspace, wrapped),
    ).fetchone()
    if kept:
        return made
    row = connection.execute(
        "select wrapped from customer_key where customer_id = %s", (customer_id,)
    ).fetchone()
    assert row is not None
    return TEST_VAULT.unwrap(workspace, row[0])


def give_consent(
    connection: Connection,
    workspace: int,
    *,
    customer_id: int,
    channel: str = "email",
    purpose: str = "marketing",
    now: datetime = NOON,
) -> None:
    """Consent on a channel, to advertising unless said otherwise, in the ledger and in its fold."""
    entry = one(
        connection,
        "insert into consent_entry (workspace_id, customer_id, channel, purpose, action, source,"
        " occurred_at, recorded_at) values (%(workspace)s, %(customer_id)s, %(channel)s,"
        " %(purpose)s, 'grant', 'sign-up form', %(now)s, %(now)s) returning id",
        workspace=workspace,
        customer_id=customer_id,
        channel=channel,
        purpose=purpose,
        now=now,
    )
    connection.execute(
        "insert into consent (workspace_id, customer_id, channel, purpose, state, since,"
        " confirmed_at, entry_id) values (%s, %s, %s, %s, 'granted', %s, %s, %s)",
        (workspace, customer_id, channel, purpose, now, now, entry),
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
    channel: str = "email",
    purpose: str = "marketing",
    locale: str = "ko",
    subject: str = "오랜만이에요, {{ shop.name }}입니다",
    body_text: str = "잘 지내셨나요?\n{{ links.unsubscribe }}",
    body_html: str = "<p>잘 지내셨나요?</p>",
    now: datetime = NOON,
) -> int:
    """A template, for e-mail unless ``channel`` says another."""
    return one(
        connection,
        "insert into template (workspace_id, name, channel, purpose, locale, subject, body_text,"
        " body_html, created_at) values (%(workspace)s, %(name)s, %(channel)s, %(purpose)s,"
        " %(locale)s, %(subject)s, %(body_text)s, %(body_html)s, %(now)s) returning id",
        workspace=workspace,
        name=name,
        channel=channel,
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
    ensure_event_partitions(connection, days=[(received_at or occurred_at).date()])
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


def journey(
    connection: Connection,
    workspace: int,
    *,
    name: str = "win-back",
    template_id: int | None = None,
    state: str = "running",
    goal_event: str | None = None,
    now: datetime = NOON,
) -> int:
    """A journey of one message and an exit, without the stage that publishes journeys."""
    made = one(
        connection,
        "insert into journey (workspace_id, name, title_ko, title_en, state, created_at)"
        " values (%(workspace)s, %(name)s, %(name)s, %(name)s, %(state)s, %(now)s) returning id",
        workspace=workspace,
        name=name,
        state=state,
        now=now,
    )
    version = one(
        connection,
        "insert into journey_version (workspace_id, journey_id, number, definition, entry_kind,"
        " entry_event, goal_event, first_step, published_at) values (%(workspace)s, %(journey)s,"
        " 1, '{}', 'event', 'Cart Viewed', %(goal_event)s, 1, %(now)s) returning id",
        workspace=workspace,
        journey=made,
        goal_event=goal_event,
        now=now,
    )
    connection.execute("update journey set version_id = %s where id = %s", (version, made))
    connection.execute(
        "insert into journey_step (version_id, number, name, kind, next_step, template_id,"
        " expires_after, ending) values"
        " (%(version)s, 1, 'note', 'message', 2, %(template)s, '3 days', null),"
        " (%(version)s, 2, 'end', 'exit', null, null, null, 'completed')",
        {
            "version": version,
            "template": template_id or template(connection, workspace, name=f"{name} note"),
        },
    )
    connection.commit()
    return made


def enrollment(
    connection: Connection,
    workspace: int,
    *,
    journey_id: int,
    customer_id: int,
    entry_key: str = "entry",
    now: datetime = NOON,
) -> int:
    """An enrollment that has come to the end of its journey, as one that planned a message has."""
    made = one(
        connection,
        "insert into enrollment (workspace_id, journey_id, version_id, customer_id, entry_key,"
        " state, step_number, planned, entered_at, ended_at, end_reason) select %(workspace)s, id,"
        " version_id, %(customer_id)s, %(entry_key)s, 'ended', 2, 1, %(now)s, %(now)s,"
        " 'completed' from journey where id = %(journey_id)s returning id",
        workspace=workspace,
        journey_id=journey_id,
        customer_id=customer_id,
        entry_key=entry_key,
        now=now,
    )
    connection.commit()
    return made


def plan_message(
    connection: Connection,
    workspace: int,
    *,
    customer_id: int,
    journey_id: int | None = None,
    template_id: int | None = None,
    entry_key: str = "entry",
    state: str = "planned",
    lasts: timedelta = timedelta(days=3),
    now: datetime = NOON,
) -> int:
    """A message of a journey's first step, waiting for the guard unless ``state`` says more.

    With ``state='allowed'`` it waits for a sender, with ``'handed'`` a delivery is to be added.
    Without ``journey_id`` it makes (or takes) the journey ``win-back``.
    """
    found = connection.execute(
        "select id from journey where workspace_id = %s and name = 'win-back'", (workspace,)
    ).fetchone()
    target = journey_id or (found[0] if found else None)
    if target is None:
        target = journey(connection, workspace, template_id=template_id, now=now)
    made = one(
        connection,
        "insert into message (workspace_id, customer_id, enrollment_id, journey_id, version_id,"
        " step_number, visit, template_id, channel, purpose, planned_at, expires_at, state, act_at,"
        " allowed_at) select %(workspace)s, %(customer_id)s, %(enrollment)s, journey.id,"
        " journey.version_id, 1, 1, template.id, template.channel, template.purpose, %(now)s,"
        " %(now)s + %(lasts)s, %(state)s::message_state,"
        " case when %(state)s in ('planned', 'held', 'allowed') then %(now)s end,"
        " case when %(state)s in ('allowed', 'handed') then %(now)s end"
        " from journey join journey_step on journey_step.version_id = journey.version_id"
        " and journey_step.number = 1 join template on template.id ="
        " coalesce(%(template_id)s, journey_step.template_id) where journey.id = %(journey_id)s"
        " returning id",
        workspace=workspace,
        customer_id=customer_id,
        enrollment=enrollment(
            connection,
            workspace,
            journey_id=target,
            customer_id=customer_id,
            entry_key=entry_key,
            now=now,
        ),
        journey_id=target,
        template_id=template_id,
        state=state,
        lasts=lasts,
        now=now,
    )
    connection.commit()
    return made


def happened(
    connection: Connection,
    workspace: int,
    *,
    customer_id: int,
    name: str = "Order Completed",
    revenue: float | None = None,
    properties: Mapping[str, object] | None = None,
    message_id: str | None = None,
    occurred_at: datetime = NOON,
    received_at: datetime | None = None,
) -> int:
    """An event that has acted and that the tick has left behind it; committed."""
    made = event(
        connection,
        workspace,
        name=name,
        customer_id=customer_id,
        revenue=revenue,
        properties=properties,
        message_id=message_id,
        occurred_at=occurred_at,
        received_at=received_at or NOON,
    )
    connection.execute(
        "insert into acted_event (workspace_id, message_id, event_id, customer_id)"
        " select workspace_id, message_id, id, customer_id from event where id = %s",
        (made,),
    )
    connection.execute(
        "insert into event_cursor (workspace_id, reader, written_by, event_id, moved_at)"
        " select workspace_id, 'tick', written_by, id, %s from event where id = %s"
        " on conflict (workspace_id, reader) do update"
        " set written_by = excluded.written_by, event_id = excluded.event_id",
        (NOON, made),
    )
    connection.commit()
    return made
