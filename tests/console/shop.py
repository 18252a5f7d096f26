"""A small shop in every state the console can show, made by the real stages where they decide."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from tests.build import (
    NOON,
    customer,
    give_consent,
    happened,
    journey,
    one,
    plan_message,
    suppress,
    template,
)

from dangol.console.members import create_member
from dangol.guard.decide import decide_messages
from dangol.store.connect import Connection
from dangol.store.vocabulary import MemberRole

EMAIL = "owner@shop.example"
PASSWORD = "a long enough password"  # noqa: S105  nobody's but the tests'
MAIL = """\
X-Envelope-From: bounce@shop.example\r
X-Envelope-To: minji@shop.example\r
From: =?utf-8?b?64uo6rOoIOyDgeygkA==?= <hello@shop.example>\r
To: minji@shop.example\r
Subject: =?utf-8?b?KOq0keqzoCkg7Jik656c66eM7J207JeQ7JqU?=\r
Date: Tue, 02 Mar 2027 03:00:00 +0000\r
Message-ID: <m1@shop.example>\r
List-Unsubscribe: <https://shop.example/u/token>\r
MIME-Version: 1.0\r
Content-Type: multipart/alternative; boundary=part\r
\r
--part\r
Content-Type: text/plain; charset=utf-8\r
\r
잘 지내셨나요?\r
--part\r
Content-Type: text/html; charset=utf-8\r
\r
<html><head></head><body><h1>잘 지내셨나요?</h1>\r
<script>document.title = "stolen"</script></body></html>\r
--part--\r
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """Who is who: each customer's id, and the message planned for them."""

    minji: int
    sent: int
    jiwoo: int
    unasked: int
    hana: int
    bounced: int
    segment: int


def open_shop(connection: Connection, workspace: int) -> Shop:
    """Three customers: one got the note, one never agreed, one's address bounced."""
    add_owner(connection, workspace)
    minji = customer(connection, workspace, name="minji", email="minji@shop.example")
    jiwoo = customer(connection, workspace, name="jiwoo", email="jiwoo@shop.example")
    hana = customer(connection, workspace, name="hana", email="hana@shop.example")
    for agreed in (minji, hana):
        give_consent(connection, workspace, customer_id=agreed)
    suppress(connection, workspace, email="hana@shop.example")
    segment = add_segment(connection, workspace, members=(minji, hana))
    for days_ago, revenue in ((120, 42_000), (95, 18_500)):
        buy(connection, workspace, customer_id=minji, days_ago=days_ago, revenue=revenue)
    note = template(connection, workspace)
    journey(connection, workspace, template_id=note)
    sent, unasked, bounced = (
        plan_message(connection, workspace, customer_id=one) for one in (minji, jiwoo, hana)
    )
    decide_messages(connection, workspace_id=workspace, now=NOON, batch=100)
    connection.commit()
    hand_over(connection, workspace, message=sent, customer_id=minji)
    return Shop(
        minji=minji,
        sent=sent,
        jiwoo=jiwoo,
        unasked=unasked,
        hana=hana,
        bounced=bounced,
        segment=segment,
    )


def add_owner(connection: Connection, workspace: int, *, email: str = EMAIL) -> int:
    with connection.transaction():
        return create_member(
            connection,
            workspace_id=workspace,
            email=email,
            password=PASSWORD,
            role=MemberRole.OWNER,
            locale="ko",
            now=NOON,
        )


def add_segment(connection: Connection, workspace: int, *, members: tuple[int, ...]) -> int:
    made = one(
        connection,
        "insert into segment (workspace_id, name, title_ko, title_en, created_at, refreshed_at)"
        " values (%(workspace)s, 'lapsed', '뜸해진 단골', 'Lapsed regulars', %(now)s, %(now)s)"
        " returning id",
        workspace=workspace,
        now=NOON,
    )
    for member in members:
        connection.execute(
            "insert into membership (workspace_id, segment_id, customer_id, entered_at)"
            " values (%s, %s, %s, %s)",
            (workspace, made, member, NOON),
        )
    connection.commit()
    return made


def buy(
    connection: Connection, workspace: int, *, customer_id: int, days_ago: int, revenue: int
) -> None:
    """An order, folded into the customer's activity."""
    at = NOON - timedelta(days=days_ago)
    happened(connection, workspace, customer_id=customer_id, revenue=revenue, occurred_at=at)
    connection.execute(
        "insert into activity (workspace_id, customer_id, event_name, first_at, last_at, count,"
        " revenue) values (%s, %s, 'Order Completed', %s, %s, 1, %s)"
        " on conflict (customer_id, event_name) do update set count = activity.count + 1,"
        " last_at = excluded.last_at, revenue = activity.revenue + excluded.revenue",
        (workspace, customer_id, at, at, revenue),
    )
    connection.commit()


def hand_over(
    connection: Connection,
    workspace: int,
    *,
    message: int,
    customer_id: int,
    state: str = "accepted",
) -> None:
    """An attempt that is over, and a customer who opened what came."""
    connection.execute(
        "update message set state = 'handed', act_at = null where id = %s", (message,)
    )
    connection.execute(
        "insert into delivery (workspace_id, message_id, customer_id, attempt, channel, provider,"
        " address_key, state, claimed_by, claimed_at, lease_until, calling_at, settled_at)"
        " values (%s, %s, %s, 1, 'email', 'smtp', 'key', %s, 'worker', %s, %s, %s, %s)",
        (workspace, message, customer_id, state, NOON, NOON, NOON, NOON),
    )
    connection.execute(
        "insert into receipt (workspace_id, message_id, customer_id, kind, occurred_at, dedupe_key)"
        " values (%s, %s, %s, 'opened', %s, %s)",
        (workspace, message, customer_id, NOON + timedelta(hours=2), f"open {message}"),
    )
    connection.commit()


def fill_mailbox(folder: Path, *, mails: int = 1) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(1, mails + 1):
        (folder / f"{number:08d}-abcdef12.eml").write_bytes(MAIL.encode())
