"""The words for a message on its way out: composed as app composes the stages."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from tests.build import NOON, TEST_VAULT, customer, give_consent, plan_message

from dangol.app.clock import Clock
from dangol.app.delivery import Delivered, Post, deliver
from dangol.channels.claim import Claimed, claim_messages
from dangol.providers.smtp.fake import FakeMailServer, Script
from dangol.providers.smtp.sender import SmtpSender
from dangol.providers.smtp.server import MailServer
from dangol.store.connect import Connection
from dangol.store.vocabulary import Channel

POST = Post(base_url="https://dangol.example", bounce_domain="bounce.shop.example")
LEASE = timedelta(minutes=10)


def allowed_message(
    connection: Connection,
    workspace: int,
    *,
    name: str = "minji",
    template_id: int | None = None,
    lasts: timedelta = timedelta(days=3),
) -> int:
    """A message to a new, consenting customer that waits for a sender."""
    found = customer(connection, workspace, name=name, email=f"{name}@shop.example")
    give_consent(connection, workspace, customer_id=found)
    return plan_message(
        connection,
        workspace,
        customer_id=found,
        template_id=template_id,
        state="allowed",
        lasts=lasts,
    )


def claim(
    connection: Connection,
    workspace: int,
    *,
    now: datetime = NOON,
    batch: int = 100,
    worker: str = "worker-1",
) -> list[Claimed]:
    with connection.transaction():
        return claim_messages(
            connection,
            workspace_id=workspace,
            channels=[Channel.EMAIL],
            provider="smtp",
            worker=worker,
            now=now,
            lease=LEASE,
            batch=batch,
        )


@contextmanager
def mail_server(script: Callable[[str], Script] | None = None) -> Iterator[FakeMailServer]:
    with FakeMailServer() as server:
        if script is not None:
            server.script = script
        yield server


def deliver_to(
    server: FakeMailServer,
    connection: Connection,
    workspace: int,
    *,
    now: datetime = NOON,
    clock: Clock | None = None,
) -> Delivered:
    """One turn of the delivery loop at ``now``, or while ``clock`` goes on."""
    at = MailServer(host=server.host, port=server.port, connections=1, reply_seconds=5.0)
    return deliver(
        connection,
        SmtpSender(at),
        workspace_id=workspace,
        vault=TEST_VAULT,
        post=POST,
        worker="worker-1",
        clock=clock or (lambda _: now),
    )


def message_state(connection: Connection, message_id: int) -> str:
    row = connection.execute("select state from message where id = %s", (message_id,)).fetchone()
    assert row is not None
    connection.commit()
    return row[0]


def delivery_states(connection: Connection, message_id: int) -> list[str]:
    rows = connection.execute(
        "select state from delivery where message_id = %s order by attempt", (message_id,)
    ).fetchall()
    connection.commit()
    return [row[0] for row in rows]
