"""What clients sent and were told, kept apart from everything that may be killed."""

import json
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

JOINED: Final = "Identified"
BOUGHT: Final = "Order Completed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One event as its client knows it."""

    message_id: str
    customer: str
    name: str
    revenue: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request, sent again until it is acknowledged."""

    body: bytes
    events: tuple[Sent, ...]

    @property
    def name(self) -> str:
        """What to call it in a history."""
        return self.events[0].message_id


@dataclass(kw_only=True)
class Book:
    """The history of one round; safe to write from several threads."""

    events: dict[str, Sent] = field(default_factory=dict)
    lines: list[dict[str, object]] = field(default_factory=list)
    told: threading.Condition = field(default_factory=threading.Condition)
    refused: Counter[str] = field(default_factory=Counter)

    def note(self, who: str, what: str, **detail: object) -> None:
        """Write down what somebody did or was told, in seconds of the machine's own clock."""
        self.lines.append({"at": round(time.monotonic(), 6), "who": who, "what": what, **detail})

    def acknowledge(self, who: str, call: Call) -> None:
        """Write down that a call was answered with success."""
        with self.told:
            self.events.update((event.message_id, event) for event in call.events)
            self.note(who, "acknowledged", call=call.name)
            self.told.notify_all()

    def await_acknowledgement(self, *, seconds: float) -> bool:
        """Return right after the next call is acknowledged; False when none is."""
        with self.told:
            return self.told.wait(seconds)

    def orders(self) -> Counter[tuple[str, str]]:
        """Count the acknowledged events by customer and name."""
        return Counter((event.customer, event.name) for event in self.events.values())

    def revenues(self) -> Counter[str]:
        """Sum up what each customer spent in acknowledged events."""
        total: Counter[str] = Counter()
        for event in self.events.values():
            total[event.customer] += event.revenue
        return total

    def write(self, path: Path) -> None:
        """Write the history, a line of JSON for each entry."""
        with path.open("w") as file:
            file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in self.lines)
