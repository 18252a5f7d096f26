"""A vendor in a process of its own, which survives its clients and writes down what it took.

It hears one client after the other, each to its end: what a dead client still had on the line comes
before anything of the next. It honours keys as long as it says, knows what it took a minute later,
and now and then breaks off, before or after taking a message, or refuses it.
"""

import hashlib
import json
import os
import random
import socket
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BufferedReader
from pathlib import Path
from typing import Final

from tests.channels.vendors import KEY_LASTS
from tests.crash.delivery.limits import is_storm
from tests.crash.delivery.plan import ANSWERED, CALLED
from tests.crash.postgres import die_with_parent

from dangol.providers.vendor import Asked, Fate, FaultKind, Idempotency, Outcome, Outgoing
from dangol.store.crash import crashpoint

TAKEN: Final = "taken"
# The same key once more: no other message.
AGAIN: Final = "again"
REFUSED: Final = "refused"
BUSY: Final = "busy"
# Nobody heard how it went: before it was taken, or after.
LOST: Final = "lost"
MUTE: Final = "mute"
# Its receiver says that it is too much.
CROWDED: Final = "crowded"
# What it does, in hundredths; takes and says so otherwise.
MOODS: Final = {LOST: 3, MUTE: 4, BUSY: 3, REFUSED: 2}
UNSURE_ONE_IN: Final = 10
# How soon what it took can be asked about.
VISIBLE_AFTER: Final = timedelta(minutes=1)

FATES: Final = {
    TAKEN: Fate.ACCEPTED,
    AGAIN: Fate.ACCEPTED,
    BUSY: Fate.RETRYABLE,
    CROWDED: Fate.RETRYABLE,
    REFUSED: Fate.REJECTED,
}
FAULTS: Final = {REFUSED: FaultKind.UNREACHABLE, CROWDED: FaultKind.THROTTLED}

Told = dict[str, str | int]


@dataclass(kw_only=True)
class Desk:
    """The vendor's own mind: what it does with a message, and its durable record of that."""

    kind: Idempotency
    record: Path
    seed: str
    # When it took what, by our key.
    taken: dict[str, datetime] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    heard: Counter[str] = field(default_factory=Counter)

    def hear(self, told: Told) -> Told | None:
        """Return the answer; None breaks off."""
        if "ask" in told:
            return {"says": self.recall(str(told["ask"]), now=moment(told))}
        to = str(told["to"])
        crowded = is_storm(to, at=moment(told))
        mood = CROWDED if crowded else self.judge(str(told["key"]), self.mood(to, MOODS))
        if mood in {LOST, BUSY, REFUSED, CROWDED}:
            self.write(mood, told)
            return None if mood == LOST else {"says": mood}
        what = self.take(str(told["key"]), now=moment(told))
        self.write(what, told)
        return None if mood == MUTE else {"says": what}

    def judge(self, key: str, mood: str) -> str:
        """Return what it does with a message: whom it refused it refuses, but not what it has."""
        if key in self.refused and mood != LOST:
            return REFUSED
        if mood != REFUSED:
            return mood
        if key in self.taken:
            return MUTE
        self.refused.add(key)
        return REFUSED

    def take(self, key: str, *, now: datetime) -> str:
        """Take a message, unless its key is one that it still honours."""
        known = self.taken.get(key)
        if self.kind is Idempotency.KEYED and known is not None and now < known + KEY_LASTS:
            return AGAIN
        self.taken[key] = now
        return TAKEN

    def recall(self, key: str, *, now: datetime) -> str:
        """Say whether it has a message; nothing where it cannot say."""
        if self.mood(key, {"unsure": 100 // UNSURE_ONE_IN}):
            return ""
        return TAKEN if key in self.taken and self.taken[key] + VISIBLE_AFTER <= now else LOST

    def mood(self, of: str, moods: dict[str, int]) -> str:
        """Return what it does this time: the same when all is repeated."""
        self.heard[of] += 1
        chance = random.Random(f"{self.seed} {of} {self.heard[of]}")  # noqa: S311 - to be repeated
        rest = 100 - sum(moods.values())
        return chance.choices([*moods, ""], weights=[*moods.values(), rest])[0]

    def write(self, what: str, told: Told) -> None:
        """Write down what it did before anybody hears of it."""
        line = json.dumps({"what": what, **told}) + "\n"
        with self.record.open("a", encoding="utf-8") as file:
            file.write(line)


def moment(told: Told) -> datetime:
    return datetime.fromisoformat(str(told["now"]))


@dataclass(kw_only=True)
class Vendor:
    """The process, and the line to it: it can be called as soon as it is open."""

    desk: Desk
    pid: int = 0

    @property
    def line(self) -> Path:
        return self.desk.record.with_suffix(".line")

    def open(self) -> None:
        """Start it."""
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(self.line))
        listener.listen()
        self.pid = os.fork()
        if self.pid == 0:
            die_with_parent()
            serve(listener, self.desk)
            os._exit(0)
        listener.close()

    def close(self) -> list[Told]:
        """Let it hear everybody out and end; return what it wrote down."""
        with socket.socket(socket.AF_UNIX) as call:
            call.connect(str(self.line))
            call.sendall(b"null\n")
            os.waitpid(self.pid, 0)
        if not self.desk.record.exists():
            return []
        return [json.loads(line) for line in self.desk.record.read_text("utf-8").splitlines()]


def serve(listener: socket.socket, desk: Desk) -> None:
    """Hear one client after the other, until one says that it is over."""
    while True:
        call, _ = listener.accept()
        with call, call.makefile("rb") as lines:
            if not hear_out(call, lines, desk):
                return


def hear_out(call: socket.socket, lines: BufferedReader, desk: Desk) -> bool:
    """Answer a client until it hangs up or dies, or we break off; False: all is over."""
    try:
        for line in lines:
            if not line.endswith(b"\n"):
                break
            told = json.loads(line)
            if told is None:
                return False
            answer = desk.hear(told)
            if answer is None:
                break
            call.sendall(json.dumps(answer).encode() + b"\n")
    except ConnectionError:
        # Dead before it heard us; what it said is done.
        pass
    return True


def digest(message: Outgoing) -> str:
    """Return by what to know a message's words; a mail bears its date, and differs each time."""
    if isinstance(message.content, bytes):
        return ""
    return hashlib.sha256(repr(message.content).encode()).hexdigest()[:16]


@dataclass(kw_only=True)
class Caller:
    """Our side of the line: hands messages over one by one, and asks."""

    line: Path
    now: Callable[[], datetime]

    async def send(self, messages: Sequence[Outgoing]) -> list[Outcome]:
        return [self.hand_over(message) for message in messages]

    def hand_over(self, message: Outgoing) -> Outcome:
        said = self.call(
            {
                # A Message-ID holds it, with our domain behind it.
                "key": message.vendor_id.strip("<>").partition("@")[0],
                "to": message.recipient,
                "delivery": message.delivery_id,
                "body": digest(message),
            }
        )
        return Outcome(
            delivery_id=message.delivery_id,
            fate=FATES.get(said, Fate.UNKNOWN),
            code=said or "no answer",
            detail="",
            fault=FAULTS.get(said),
            vendor_id=message.vendor_id,
        )

    async def ask(self, calls: Sequence[Asked]) -> list[Outcome]:
        """Say of each call whether it came, where the vendor can say."""
        told = [(call, self.call({"ask": call.vendor_id}, passing=False)) for call in calls]
        return [
            Outcome(
                delivery_id=call.delivery_id,
                fate=Fate.ACCEPTED if said == TAKEN else Fate.RETRYABLE,
                code="asked",
                detail="",
                vendor_id=call.vendor_id,
            )
            for call, said in told
            if said
        ]

    def call(self, told: Told, *, passing: bool = True) -> str:
        """Return what the vendor says, or nothing where it breaks off."""
        with socket.socket(socket.AF_UNIX) as call, call.makefile("rb") as lines:
            call.connect(str(self.line))
            call.sendall(json.dumps({**told, "now": self.now().isoformat()}).encode() + b"\n")
            if passing:
                crashpoint(CALLED)
            answer = lines.readline()
        if passing:
            crashpoint(ANSWERED)
        return str(json.loads(answer)["says"]) if answer else ""
