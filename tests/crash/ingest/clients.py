"""Clients that buy: each sends a call until it is acknowledged, then the next one.

Message ids are the client's own, so that a call sent again is the same call. Some calls go to both
servers at once, as two retries that overtake each other.
"""

import json
import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Final

from tests.crash.ingest.book import BOUGHT, JOINED, Book, Call, Sent

LOOPBACK: Final = "127.0.0.1"
CUSTOMERS_PER_CALL: Final = 3
CALLS_PER_COHORT: Final = 4
SENT_TWICE: Final = 0.1
PAUSE_SECONDS: Final = 0.01
RETRY_SECONDS: Final = 0.02
ANSWER_SECONDS: Final = 10.0
AWAY: Final = 503
GRANT: Final = {"channel": "email", "purpose": "marketing", "action": "grant", "source": "sign-up"}


def write_calls(client: str, *, chance: random.Random) -> Iterator[Call]:
    """Yield calls without end; each cohort of customers joins, buys a few times and is done."""
    number = 0
    while True:
        cohort = [f"{client}-{number}-{place}" for place in range(CUSTOMERS_PER_CALL)]
        for turn in range(CALLS_PER_COHORT):
            events = [event for who in cohort for event in visit(who, turn, chance=chance)]
            batch = [encode(event) for event in events]
            yield Call(body=json.dumps({"batch": batch}).encode(), events=tuple(events))
        number += 1


def visit(customer: str, turn: int, *, chance: random.Random) -> Iterator[Sent]:
    if turn == 0:
        yield Sent(message_id=f"join-{customer}", customer=customer, name=JOINED)
    yield Sent(
        message_id=f"order-{customer}-{turn}",
        customer=customer,
        name=BOUGHT,
        revenue=chance.randint(1, 1000),
    )


def encode(event: Sent) -> dict[str, object]:
    head = {"messageId": event.message_id, "userId": event.customer}
    if event.name == JOINED:
        traits = {"email": f"{event.customer}@shop.example"}
        context = {"dangol": {"consents": [GRANT]}}
        return {**head, "type": "identify", "traits": traits, "context": context}
    properties = {"order_id": event.message_id, "revenue": event.revenue, "currency": "KRW"}
    return {**head, "type": "track", "event": event.name, "properties": properties}


@dataclass(kw_only=True)
class Client:
    """One client with a connection to each server; ``over`` asks it to finish its last call."""

    name: str
    key: str
    ports: tuple[int, ...]
    chance: random.Random
    book: Book
    over: threading.Event
    connections: dict[int, HTTPConnection] = field(default_factory=dict)

    def run(self) -> None:
        """Send call after call."""
        for call in write_calls(self.name, chance=self.chance):
            self.send(call)
            if self.over.wait(PAUSE_SECONDS):
                break
        for connection in self.connections.values():
            connection.close()

    def send(self, call: Call) -> None:
        """Send a call until somebody acknowledges it."""
        while True:
            servers = 2 if self.chance.random() < SENT_TWICE else 1
            ports = self.chance.sample(self.ports, servers)
            asked = [port for port in ports if self.ask(port, call)]
            # Every answer is heard, so that each connection is ready for its next call.
            if True in [self.hear(port, call) for port in asked]:
                self.book.acknowledge(self.name, call)
                return
            time.sleep(RETRY_SECONDS)

    def ask(self, port: int, call: Call) -> bool:
        """Post a call; False when nobody is there."""
        self.book.note(self.name, "sent", call=call.name, port=port)
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        if port not in self.connections:
            self.connections[port] = HTTPConnection(LOOPBACK, port, timeout=ANSWER_SECONDS)
        try:
            self.connections[port].request("POST", "/v1/batch", body=call.body, headers=headers)
        except (OSError, HTTPException):
            self.connections[port].close()
            return False
        return True

    def hear(self, port: int, call: Call) -> bool:
        """Tell whether the answer is success; no answer and a busy server are not."""
        try:
            answer = self.connections[port].getresponse()
            said = answer.read()
        except (OSError, HTTPException):
            self.connections[port].close()
            return False
        if answer.status == 200:
            return True
        self.book.note(self.name, f"answered {answer.status}", call=call.name)
        if answer.status != AWAY:
            self.book.refused[f"{answer.status} {said[:200].decode(errors='replace')}"] += 1
        return False
