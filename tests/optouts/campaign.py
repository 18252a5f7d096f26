"""Every way to say no, at every point of the delivery loop: no call begins once it is confirmed.

    python -m tests.optouts.campaign --cases 10000

One thread delivers, another says no, each with connections of its own to a real PostgreSQL. The
delivery loop stops at a named point, lets the refusal go as far as it gets, and goes on; later it
runs again. The vendor notes when each call begins. What may not be is a call that begins after the
refusal was confirmed, and a confirmation that does not come within its bound. An event with a
withdrawal and a bounce confirm nothing to anybody: of them it is asked that nothing that comes to
the door afterwards leaves. The last line is one JSON object.
"""

import argparse
import json
import logging
import random
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Final

from litestar import Litestar
from litestar.testing import TestClient
from tests.build import NOON, TEST_VAULT, event, give_consent, journey, plan_message
from tests.build import customer as make_customer
from tests.build import template as make_template

from dangol.app.delivery import Post, deliver
from dangol.app.tick import run_tick
from dangol.channels.claim import recover_claims
from dangol.consent.topics import save_topic
from dangol.content.tokens import TokenPurpose, sign_message, sign_page
from dangol.feedback.bounces import Bounce, record_bounces
from dangol.feedback.mail import receive_mail
from dangol.feedback.unsubscribe import wait_for_calls
from dangol.pages import page_routes
from dangol.pages.limiter import PageLimiter
from dangol.pages.nights import PLACES
from dangol.providers.vendor import Fate, Outcome, Outgoing
from dangol.store import crash
from dangol.store.connect import Connection, connect, connect_bare, open_pool
from dangol.store.embedded import EmbeddedPostgres
from dangol.store.lake import Lake
from dangol.store.migrate import ensure_event_partitions, migrate
from dangol.store.vocabulary import Channel
from dangol.store.workspace import create_workspace

# Where the refusal begins: points of the code, inside the vendor's call, or when a turn is over.
POINTS: Final = (
    "claim.after_commit",
    "door.before_commit",
    "calling.after_commit",
    "call",
    "send.after_accept",
    "record.before_commit",
    "record.after_commit",
    "allowed",
    "retry",
    "lost claim",
    "at random",
)
CONFIRMED: Final = ("page", "one click", "mail off", "all off", "topic off", "rest", "by mail")
UNCONFIRMED: Final = ("event", "bounce")
PATHS: Final = CONFIRMED + UNCONFIRMED
# Who agreed has a consent that can be locked; elsewhere who never said anything has none.
PEOPLE: Final = ("agreed", "never asked")
# So long the loop stands still for a refusal that has to wait for it.
HEAD_START_SECONDS: Final = 0.04
BOUND_SECONDS: Final = 30.0
LEASE: Final = timedelta(minutes=10)
POST: Final = Post(base_url="https://dangol.example", bounce_domain="bounce.shop.example")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One interleaving."""

    path: str
    point: str
    people: str
    fate: Fate


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one case came to: calls before and after the confirmation, and how long it took."""

    early: int
    late: int
    confirmed: bool
    seconds: float


@dataclass(slots=True)
class Scene:
    """A shop, and the means to speak to it."""

    dsn: str
    workspace: int
    topic: int
    template: int
    journey: int
    connection: Connection
    other: Connection
    client: TestClient[Litestar]
    numbers: Iterator[int] = field(default_factory=count)


class Vendor:
    """Takes everything, and notes when each call begins."""

    def __init__(self, log: list[str], *, fate: Fate, during: Callable[[], None]) -> None:
        self.log = log
        self.fate = fate
        self.during = during

    async def send(self, messages: Sequence[Outgoing]) -> list[Outcome]:
        self.log.extend("call" for _ in messages)
        self.during()
        return [
            Outcome(delivery_id=mail.delivery_id, fate=self.fate, code="250", detail="")
            for mail in messages
        ]


@contextmanager
def open_scene(dsn: str, folder: Path) -> Iterator[Scene]:
    """Make a shop with one journey about a topic, and its pages behind a real application."""
    pool = open_pool(dsn, size=4)
    ticks = count()
    app = Litestar(route_handlers=page_routes)
    app.state.update(
        pool=pool,
        vault=TEST_VAULT,
        lake=Lake(folder / "lake"),
        channels=frozenset(Channel),
        machine_clock=lambda: NOON,
        page_limiter=PageLimiter(clock=lambda: NOON + next(ticks) * timedelta(seconds=5)),
        clock=lambda _: NOON,
    )
    with connect(dsn) as connection, connect(dsn) as other, TestClient(app) as client:
        client.follow_redirects = False
        workspace = found_shop(connection)
        topic = save_topic(
            connection,
            workspace_id=workspace,
            name="news",
            title_ko="소식",
            title_en="News",
            now=NOON,
        )
        template = make_template(connection, workspace)
        connection.execute("update template set topic_id = %s", (topic.id,))
        yield Scene(
            dsn=dsn,
            workspace=workspace,
            topic=topic.id,
            template=template,
            journey=journey(connection, workspace, template_id=template),
            connection=connection,
            other=other,
            client=client,
        )
    pool.close()


def found_shop(connection: Connection) -> int:
    """A shop in the United States, where whoever said nothing may be written to."""
    with connection.transaction():
        ensure_event_partitions(connection, days=[NOON.date()])
        return create_workspace(
            connection,
            name="opt-outs",
            time_zone="Asia/Seoul",
            default_locale="ko",
            sender_name="opt-outs",
            sender_email="hello@shop.example",
            sender_postal="-",
            sender_phone="-",
            country="US",
            now=NOON,
        )


def play(scene: Scene, case: Case) -> Found:
    """Let one customer say no at one point of the delivery of one message to them."""
    number = next(scene.numbers)
    name = f"c{number}"
    # Calls that come to nothing let a vendor rest; the clock stands, so it would do so for good.
    with scene.connection.transaction():
        scene.connection.execute("truncate provider_state, provider_domain")
    customer = make_customer(
        scene.connection, scene.workspace, name=name, email=f"{name}@{name}.example"
    )
    if case.people == "agreed":
        give_consent(scene.connection, scene.workspace, customer_id=customer)
    message = plan_message(
        scene.connection,
        scene.workspace,
        customer_id=customer,
        journey_id=scene.journey,
        template_id=scene.template,
        state="allowed",
    )
    log: list[str] = []
    refusal = Refusal(scene, case, log, name=name, message=message)
    stop = stop_at(case, refusal)
    with at_points(stop):
        turn(scene, case, log, stop, now=NOON)
    if case.point == "lost claim":
        with scene.connection.transaction():
            _ = recover_claims(scene.connection, workspace_id=scene.workspace, now=NOON + 2 * LEASE)
    refusal.begin()
    refusal.thread.join()
    turn(scene, case, log, lambda _: None, now=NOON + timedelta(hours=2))
    return judge(log, refusal)


def judge(log: list[str], refusal: "Refusal") -> Found:
    """Count the calls on both sides of the confirmation."""
    where = log.index("confirmed") if "confirmed" in log else len(log)
    return Found(
        early=log[:where].count("call"),
        late=log[where:].count("call"),
        confirmed="confirmed" in log,
        seconds=refusal.seconds,
    )


def turn(
    scene: Scene, case: Case, log: list[str], stop: Callable[[str], None], *, now: datetime
) -> None:
    """One turn of the delivery loop; a worker that dies leaves its claim behind."""
    try:
        _ = deliver(
            scene.connection,
            Vendor(log, fate=case.fate, during=lambda: stop("call")),
            workspace_id=scene.workspace,
            vault=TEST_VAULT,
            post=POST,
            worker="worker",
            clock=lambda _: now,
            lease=LEASE,
        )
    except WorkerDied:
        scene.connection.rollback()


class WorkerDied(Exception):  # noqa: N818 - what happened to it
    """Stands for kill -9 after the claim."""


def stop_at(case: Case, refusal: "Refusal") -> Callable[[str], None]:
    """Return what happens at each point: at the case's, the refusal goes as far as it gets."""

    def stop(point: str) -> None:
        if case.point == "lost claim" and point == "claim.after_commit":
            raise WorkerDied
        if point == case.point:
            refusal.begin()
            is_free = case.path in UNCONFIRMED and point == "claim.after_commit"
            refusal.thread.join(timeout=None if is_free else HEAD_START_SECONDS)

    if case.point in ("allowed", "at random"):
        refusal.begin()
        # Ahead of the loop, or side by side with it.
        refusal.thread.join(timeout=None if case.point == "allowed" else random.random() * 0.02)  # noqa: S311
    return stop


@contextmanager
def at_points(stop: Callable[[str], None]) -> Iterator[None]:
    """Stop this thread, and no other, at the named points of the code."""
    mine = threading.get_ident()
    crash.handle_crashpoints(lambda point: stop(point) if threading.get_ident() == mine else None)
    try:
        yield
    finally:
        del crash._handlers[1:]  # noqa: SLF001 - the handler of this test alone


class Refusal:
    """Somebody who says no, in a thread of their own, once."""

    def __init__(
        self, scene: Scene, case: Case, log: list[str], *, name: str, message: int
    ) -> None:
        self.scene = scene
        self.case = case
        self.log = log
        self.name = name
        self.message = message
        self.seconds = 0.0
        self.thread = threading.Thread(target=self.run, daemon=True)

    def begin(self) -> None:
        """Begin, unless that was done."""
        if self.thread.ident is None:
            self.thread.start()

    def run(self) -> None:
        begun = time.monotonic()
        confirmed = WAYS[self.case.path](self)
        if confirmed:
            self.log.append("confirmed")
        self.seconds = time.monotonic() - begun

    def unsubscribe_link(self) -> str:
        return sign_message(
            TEST_VAULT,
            TokenPurpose.UNSUBSCRIBE,
            workspace_id=self.scene.workspace,
            message_id=self.message,
        )

    def on_page(self) -> bool:
        answer = self.scene.client.post(
            f"/u/{self.unsubscribe_link()}", data={"action": "unsubscribe"}
        )
        return answer.status_code == 303 and "slow" not in answer.headers["location"]

    def by_one_click(self) -> bool:
        answer = self.scene.client.post(
            f"/u/{self.unsubscribe_link()}", data={"List-Unsubscribe": "One-Click"}
        )
        return answer.status_code == 200

    def choose(self, action: str, value: int = 0) -> bool:
        token = sign_page(
            TEST_VAULT,
            TokenPurpose.PREFERENCES,
            workspace_id=self.scene.workspace,
            message_id=self.message,
            now=NOON,
        )
        answer = self.scene.client.post(f"/p/{token}", data={"action": action, "value": str(value)})
        where = answer.headers.get("location", "")
        return answer.status_code == 303 and "done=" in where and "slow" not in where

    def by_mail(self) -> bool:
        raw = f"To: <u+{self.unsubscribe_link()}@bounce.shop.example>\r\n\r\nstop\r\n".encode()
        with self.scene.other.transaction():
            received = receive_mail(
                self.scene.other,
                workspace_id=self.scene.workspace,
                vault=TEST_VAULT,
                raw=raw,
                now=NOON,
            )
        assert received is not None
        assert received.subscription is not None
        return wait_for_calls(self.scene.other, subscription=received.subscription)

    def by_event(self) -> bool:
        consent = {"channel": "email", "purpose": "marketing", "action": "withdraw", "source": "a"}
        with self.scene.other.transaction():
            made = event(self.scene.other, self.scene.workspace, name="x", user_id=self.name)
            _ = self.scene.other.execute(
                "update event set consents = %s where id = %s", (json.dumps([consent]), made)
            )
        # Ticks stop before what an open transaction may still write: here, the door's.
        where = {"workspace_id": self.scene.workspace, "vault": TEST_VAULT}
        while (ticked := run_tick(self.scene.other, **where, now=NOON, batch=9)) is not None:
            if ticked.events:
                return True
        return False

    def by_bounce(self) -> bool:
        with self.scene.other.transaction():
            bounce = Bounce(message_id=self.message, status="5.1.1", detail="", address_gone=True)
            _ = record_bounces(self.scene.other, [bounce], now=NOON)
        return True


WAYS: Final[dict[str, Callable[[Refusal], bool]]] = {
    "page": Refusal.on_page,
    "one click": Refusal.by_one_click,
    "mail off": lambda refusal: refusal.choose("way-off", PLACES[Channel.EMAIL]),
    "all off": lambda refusal: refusal.choose("all-off"),
    "topic off": lambda refusal: refusal.choose("topic-off", refusal.scene.topic),
    "rest": lambda refusal: refusal.choose("rest"),
    "by mail": Refusal.by_mail,
    "event": Refusal.by_event,
    "bounce": Refusal.by_bounce,
}
# Where a message has already come past the guard, or may come past it meanwhile.
AT_THE_DOOR: Final = ("door.before_commit", "calling.after_commit", "at random")


def is_fault(case: Case, found: Found) -> bool:
    """Tell whether a case came to what may not be."""
    if not found.confirmed or found.seconds > BOUND_SECONDS:
        return True
    if case.path in UNCONFIRMED and case.point in AT_THE_DOOR:
        # What stood at the door leaves once; nothing leaves at the next turn.
        return found.early + found.late > 1
    return found.late > 0


def cases(number: int, *, seed: int) -> Iterator[Case]:
    """Yield so many cases: every combination in turn, in an order of its own."""
    every = [
        Case(path=path, point=point, people=people, fate=fate)
        for path in PATHS
        for point in POINTS
        for people in PEOPLE
        for fate in (Fate.ACCEPTED, Fate.RETRYABLE)
        # Whoever says no between two attempts needs a first one that failed.
        if point != "retry" or fate is Fate.RETRYABLE
        # Nothing bounces that was never claimed.
        if path != "bounce" or point not in ("allowed", "at random")
    ]
    dice = random.Random(seed)  # noqa: S311 - no secret
    while number > 0:
        dice.shuffle(every)
        yield from every[:number]
        number -= len(every)


def campaign(
    dsn: str,
    folder: Path,
    *,
    number: int,
    seed: int,
    say: Callable[[int], None] = lambda _: None,
) -> tuple[Counter[str], list[tuple[Case, Found]]]:
    """Play so many cases; return what was counted, and those that came to what may not be."""
    counts: Counter[str] = Counter()
    faults: list[tuple[Case, Found]] = []
    slowest = 0.0
    with open_scene(dsn, folder) as scene:
        for done, case in enumerate(cases(number, seed=seed), start=1):
            found = play(scene, case)
            counts["cases"] += 1
            counts["calls before"] += found.early
            counts["calls after"] += found.late if case.path in CONFIRMED else 0
            counts["stopped"] += found.early == found.late == 0
            slowest = max(slowest, found.seconds)
            if is_fault(case, found):
                faults.append((case, found))
            say(done)
    counts["slowest confirmation, ms"] = round(slowest * 1000)
    return counts, faults


def main() -> None:
    """Play the campaign on a server of its own, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    _ = parser.add_argument("--cases", type=int, default=10_000)
    _ = parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    logging.disable(logging.INFO)
    with tempfile.TemporaryDirectory(prefix="dangol-optouts-") as name:
        folder = Path(name)
        server = EmbeddedPostgres.start(folder / "pg", durable=False)
        try:
            with connect_bare(server.dsn) as connection:
                _ = migrate(connection)
            begun = time.monotonic()
            counts, faults = campaign(
                server.dsn,
                folder,
                number=options.cases,
                seed=options.seed,
                say=lambda done: print(done, flush=True) if done % 500 == 0 else None,
            )
        finally:
            server.stop()
    for case, found in faults[:20]:
        print(case, found)
    seconds = round(time.monotonic() - begun)
    print(json.dumps({**counts, "faults": len(faults), "seed": options.seed, "seconds": seconds}))
    raise SystemExit(1 if faults else 0)


if __name__ == "__main__":
    main()
