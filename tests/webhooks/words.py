"""The words in which tests speak of webhooks."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.build import NOON, TEST_VAULT
from tests.webhooks.receiver import Receiver, receiving

from dangol.app.courier import Courier
from dangol.providers.egress.client import Limits, open_egress
from dangol.store.connect import Connection
from dangol.webhooks.endpoints import Endpoint, add_endpoint, find_endpoint


@dataclass
class Desk:
    """A shop, a receiver, and a courier between them whose clock is ``now``."""

    connection: Connection
    workspace: int
    receiver: Receiver
    now: datetime = NOON
    seconds: float = 5.0

    def add(self, name: str = "desk", *, kinds: tuple[str, ...] = (), path: str = "") -> str:
        """Add an endpoint that listens at ``/<name>``; return its secret."""
        with self.connection.transaction():
            return add_endpoint(
                self.connection,
                workspace_id=self.workspace,
                name=name,
                url=self.receiver.url(path or f"/{name}"),
                kinds=kinds,
                vault=TEST_VAULT,
                now=self.now,
                loopback=True,
            )

    def tell(self, name: str = "desk", *, times: int = 1, customer_id: int | None = None) -> None:
        """Plan calls to one endpoint."""
        self.connection.execute(
            "insert into webhook_call (workspace_id, endpoint_id, customer_id, kind, occurred_at,"
            " data) select workspace_id, id, %s, 'journey.entered', %s, '{\"journey\": \"환영\"}'"
            " from webhook_endpoint, generate_series(1, %s) where name = %s",
            (customer_id, self.now, times, name),
        )
        self.connection.commit()

    def deliver(self) -> int:
        """Let the courier work until nothing is due."""
        limits = Limits(seconds=self.seconds)
        courier = Courier(
            vault=TEST_VAULT,
            open_egress=lambda: open_egress(limits=limits, loopback=True),
            clock=lambda _: self.now,
        )
        return courier.work(self.connection)

    def endpoint(self, name: str = "desk") -> Endpoint:
        with self.connection.transaction():
            return find_endpoint(
                self.connection, workspace_id=self.workspace, name=name, now=self.now
            )

    def calls(self) -> list[tuple[Any, ...]]:
        """What stands in the table: kind, state, attempts and when it is due."""
        rows = self.connection.execute(
            "select kind::text, state::text, attempts, nullif(due_at, '-infinity')"
            " from webhook_call order by id"
        ).fetchall()
        self.connection.commit()
        return rows


@contextmanager
def open_desk(connection: Connection, workspace: int) -> Iterator[Desk]:
    """Open a desk whose receiver listens as long as the block lasts."""
    with receiving() as receiver:
        yield Desk(connection=connection, workspace=workspace, receiver=receiver)
