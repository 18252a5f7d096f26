"""The words for devices: an app says its token, is written to, and is lost."""

from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from tests.build import NOON, TEST_VAULT, give_consent, journey, plan_message, template
from tests.channels.sending import POST
from tests.ingest.words import owner, wait_for_vacuum

from dangol.app.delivery import Delivered, deliver
from dangol.app.providers import PROVIDERS
from dangol.app.push import PushSender, open_push
from dangol.app.settings import Settings
from dangol.feedback.devices import RENEWAL, settle_uninstalled
from dangol.ingest.calls import Envelope
from dangol.ingest.inbox import write_events
from dangol.ingest.payload import Reader, Reception
from dangol.ingest.tick import take_events
from dangol.providers.fcm import fake as fcm_fake
from dangol.providers.fcm.fake import FakeFcm
from dangol.store.connect import Connection
from dangol.store.vocabulary import ApiKeyKind

[PUSH] = [provider for provider in PROVIDERS if provider.name == "push"]
HOUR = timedelta(hours=1)
LATER = NOON + RENEWAL + HOUR


def push_by(fcm: FakeFcm, folder: Path) -> PushSender:
    """What sends by Firebase alone."""
    account = folder / "account.json"
    account.write_bytes(fcm.account_file)
    settings = Settings(fcm_account_file=str(account), fcm_url=fcm.url, egress_loopback=True)
    found = open_push(settings, clock=lambda: NOON)
    assert found is not None
    return found


def says(
    connection: Connection,
    workspace: int,
    token: str,
    *,
    user: str = "minji",
    device: str | None = "phone-1",
    kind: str | None = "android",
    at: datetime = NOON,
) -> None:
    """An app of somebody's identifies them, and says its token; the tick takes it."""
    body = msgspec.json.encode(
        {
            "type": "identify",
            "userId": user,
            "timestamp": at.isoformat(),
            "context": {"device": {"id": device, "token": token, "type": kind}},
        }
    )
    reception = Reception(
        vault=TEST_VAULT, workspace_id=workspace, key_kind=ApiKeyKind.SERVER, received_at=at
    )
    event = Reader(envelope=Envelope(), body=body, path_type=None, reception=reception).read(
        0, body
    )
    connection.commit()
    with connection.transaction():
        write_events(connection, [event], workspace_id=workspace, received_at=at)
    take(connection, workspace, at=at)


def take(connection: Connection, workspace: int, *, at: datetime) -> None:
    connection.commit()
    wait_for_vacuum(connection)
    with connection.transaction():
        take_events(connection, workspace_id=workspace, vault=TEST_VAULT, now=at, batch=1000)


def notify(
    connection: Connection,
    workspace: int,
    sender: PushSender,
    *,
    user: str = "minji",
    entry: str = "entry",
    at: datetime = NOON,
) -> Delivered:
    """A notification to somebody goes through the loop, door and vendor included."""
    who = owner(connection, "external", user)
    assert who is not None
    found = connection.execute("select id from template where name = 'note'").fetchone()
    if found is None:
        give_consent(connection, workspace, customer_id=who, channel="push")
        found = (template(connection, workspace, name="note", channel="push", body_text="안녕"),)
        journey(connection, workspace, template_id=found[0])
    plan_message(connection, workspace, customer_id=who, state="allowed", entry_key=entry, now=at)
    return deliver(
        connection,
        sender,
        workspace_id=workspace,
        vault=TEST_VAULT,
        post=POST,
        worker="worker-1",
        clock=lambda _: at,
        provider=PUSH,
    )


def lose(monkeypatch: pytest.MonkeyPatch, token: str, code: str = "UNREGISTERED") -> None:
    """From now on FCM refuses a token."""
    monkeypatch.setitem(fcm_fake.SCRIPTS, token.rpartition("-")[2], fcm_fake.SCRIPTS[code])


def settle(connection: Connection, workspace: int, *, at: datetime) -> int:
    with connection.transaction():
        return settle_uninstalled(connection, workspace_id=workspace, now=at)


def states(connection: Connection) -> list[tuple[str, str]]:
    return connection.execute(
        "select platform, state from device order by registered_at"
    ).fetchall()


def reached_at(connection: Connection, user: str = "minji") -> str | None:
    """The token at which the loop would reach somebody."""
    row = connection.execute(
        "select address.workspace_id, address.sealed, wrapped from address"
        " join customer_key on customer_key.customer_id = key_of"
        " where address.customer_id = %s and channel = 'push' and address.state = 'reachable'",
        (owner(connection, "external", user),),
    ).fetchone()
    return TEST_VAULT.open_for(row[0], "push", row[1], row[2]) if row else None


def written(connection: Connection) -> list[str]:
    rows = connection.execute("select name from event where name like 'App %' order by id")
    return [name for (name,) in rows]
