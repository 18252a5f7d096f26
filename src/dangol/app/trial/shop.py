"""A shop that is tried out: its clock, what comes to it, and what it does about that.

Time stands still until somebody moves it, and then runs through everything that falls due on the
way: a wait that ends at twenty past ends at twenty past, wherever time is to go. The stages and the
tables are the real ones; only the vendor is none, who takes every mail.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from itertools import count
from time import sleep
from typing import Final, Self
from zoneinfo import ZoneInfo

import msgspec

from dangol.app.clock import STATEMENTS, freeze_clock
from dangol.app.delivery import Post, deliver
from dangol.app.journeys import apply_journey
from dangol.app.providers import SMTP, Provider
from dangol.app.tick import tick_until_done
from dangol.channels.claim import recover_claims
from dangol.feedback.outcomes import write_outcomes
from dangol.ingest.lines import open_body, read_lines
from dangol.ingest.payload import Reception
from dangol.providers.vendor import Fate, Outcome, Outgoing, Sender
from dangol.segments.refresh import refresh_segments
from dangol.store.connect import Connection
from dangol.store.inbox import write_lines
from dangol.store.lake import Lake, flush_events
from dangol.store.migrate import ensure_event_partitions
from dangol.store.vault import Vault
from dangol.store.vocabulary import ApiKeyKind, Channel

SEOUL: Final = ZoneInfo("Asia/Seoul")
# Who carries in a trial what no mail server does.
OTHERS: Final = Provider(
    name="postbox",
    channels=(Channel.KAKAO_ALIMTALK, Channel.KAKAO_BRAND, Channel.SMS, Channel.PUSH),
)
POST: Final = Post(base_url="https://dangol.example", bounce_domain="bounce.shop.example")
BATCH: Final = 20_000
DELIVERY_BATCH: Final = 500
# Segments are looked at whenever the clock stops, and at this hour of every day between.
MORNING: Final = time(9)
PATIENCE_SECONDS: Final = 0.01
MOST_WAITS: Final = 6_000
DAY: Final = timedelta(days=1)


class Postbox:
    """The vendor of a trial: takes everything, and hands nothing to anybody."""

    async def send(self, messages: Sequence[Outgoing]) -> list[Outcome]:
        """Take every message."""
        return [
            Outcome(
                delivery_id=message.delivery_id,
                fate=Fate.ACCEPTED,
                code="",
                detail="",
                vendor_id=message.vendor_id,
            )
            for message in messages
        ]


@dataclass(kw_only=True)
class Shop:
    """One shop and its clock."""

    connection: Connection
    workspace: int
    vault: Vault
    lake: Lake
    now: datetime = datetime(2027, 1, 1, tzinfo=UTC)
    zone: ZoneInfo = SEOUL
    sender: Sender = field(default_factory=Postbox)
    # Set once there is a segment: then the history is written and asked at every stop.
    asks_history: bool = False
    calls: "count[int]" = field(default_factory=lambda: count(1))

    # Time.

    def run_to(self, moment: datetime) -> Self:
        """Do all that falls due before a moment at its own time, and stand at the moment."""
        if moment > self.now:
            self.settle()
        while (stop := self.next_stop()) is not None and stop < moment:
            self.stand(stop).settle()
        return self.stand(moment)

    def next_stop(self) -> datetime | None:
        """Return when next something is due."""
        values = {"workspace_id": self.workspace, "now": self.now}
        with self.connection.transaction():
            row = self.connection.execute(STATEMENTS["find_next_stop"], values).fetchone()
        due: datetime | None = row[0] if row else None
        if not self.asks_history:
            return due
        return min(due, self.next_morning()) if due else self.next_morning()

    def next_morning(self) -> datetime:
        local = self.now.astimezone(self.zone)
        today = datetime.combine(local.date(), MORNING, tzinfo=self.zone)
        return today if today > local else today + DAY

    def stand(self, moment: datetime) -> Self:
        """Let time stand still at a moment."""
        self.now = moment.astimezone(UTC)
        with self.connection.transaction():
            freeze_clock(self.connection, at=self.now)
            # What the engine writes by itself needs a day to lie in, as what people do does.
            ensure_event_partitions(self.connection, days=[self.now.date()])
        return self

    # What comes in.

    def call(self, kind: str, body: Mapping[str, object]) -> Self:
        """Let the tracking API's own reader take a call that came now.

        Raises:
            BadPayload: the API would refuse it.
        """
        named = {"messageId": f"story-{next(self.calls)}", **body}
        opened = open_body(msgspec.json.encode(named), path_type=kind)
        reception = Reception(
            vault=self.vault,
            workspace_id=self.workspace,
            key_kind=ApiKeyKind.SERVER,
            received_at=self.now,
        )
        lines = read_lines(opened, reception=reception, check=lambda _: None).lines
        with self.connection.transaction():
            write_lines(self.connection, lines, days=[self.now.date()])
        return self

    # What the shop does.

    def runs(self, journey: str) -> Self:
        """The shop publishes a journey and lets it run."""
        with self.connection.transaction():
            apply_journey(self.connection, workspace_id=self.workspace, text=journey, now=self.now)
        return self

    def settle(self) -> Self:
        """Do all that is due now, and what follows from what became of the messages."""
        self.work()
        while self.hear():
            self.work()
        return self

    def hear(self) -> bool:
        """Write what became of messages as events; return whether there was anything.

        Nobody is waited for, as a shop waits for machines to give themselves away: in a trial it is
        known who a person is.
        """
        with self.connection.transaction():
            written = write_outcomes(
                self.connection,
                workspace_id=self.workspace,
                now=self.now,
                batch=BATCH,
                patience=timedelta(),
            )
        return written > 0

    def work(self) -> None:
        """Tick, and hand over what may leave, until nothing waits."""
        self.tick()
        if self.asks_history:
            self.look_up()
        with self.connection.transaction():
            recover_claims(self.connection, workspace_id=self.workspace, now=self.now)
        for provider in (SMTP, OTHERS):
            while self.deliver(provider):
                pass

    def deliver(self, provider: Provider) -> bool:
        """Hand over what may leave by a vendor; return whether there was anything."""
        delivered = deliver(
            self.connection,
            self.sender,
            workspace_id=self.workspace,
            vault=self.vault,
            post=POST,
            worker="story",
            clock=lambda _: self.now,
            batch=DELIVERY_BATCH,
            provider=provider,
        )
        return delivered.claimed > 0

    def tick(self) -> None:
        """Tick until nothing waits, and every event that came is read.

        On a server with other work an event is read once all transactions older than its own are
        over, which a story waits for.
        """
        for wait in range(MOST_WAITS):
            if wait > 1:
                sleep(PATIENCE_SECONDS)
            tick_until_done(
                self.connection,
                workspace_id=self.workspace,
                vault=self.vault,
                now=self.now,
                batch=BATCH,
            )
            if not self.has_unread():
                return

    def has_unread(self) -> bool:
        values = {"workspace_id": self.workspace}
        with self.connection.transaction():
            row = self.connection.execute(STATEMENTS["has_unread_events"], values).fetchone()
        return row == (True,)

    def look_up(self) -> None:
        """Write the history, refresh the segments from it, and act on who came and went."""
        flush_events(self.connection, self.lake, workspace_id=self.workspace, now=self.now)
        with self.connection.transaction():
            refresh_segments(self.connection, self.lake, workspace_id=self.workspace, now=self.now)
        self.tick()

    def look_back(self) -> Self:
        """Do all that is due, with the segments as they are now."""
        self.settle()
        self.look_up()
        return self.settle()
