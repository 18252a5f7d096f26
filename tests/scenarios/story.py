"""A shop's days in its own words, over the real stages: events in by HTTP, mail out by SMTP.

Time stands still until the story moves it; times are written as they read in Seoul. Before a story
looks at what became of somebody it lets the shop settle: tick, then deliver, until nothing waits.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from typing import Final, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import httpx
from psycopg.rows import TupleRow

from dangol.app.clock import freeze_clock, shifted_clock
from dangol.app.delivery import deliver
from dangol.app.journeys import apply_journey
from dangol.app.tick import tick_until_done
from dangol.channels.claim import recover_claims
from dangol.channels.mould import Post
from dangol.content.tokens import TokenPurpose, read_token
from dangol.providers.smtp.fake import FakeMailServer, Mail, make_bounce
from dangol.providers.smtp.sender import SmtpSender
from dangol.providers.smtp.server import parse_server
from dangol.segments.refresh import refresh_segments
from dangol.store.connect import Connection
from dangol.store.lake import Lake, flush_events
from dangol.store.vault import Vault

SEOUL: Final = ZoneInfo("Asia/Seoul")
POST: Final = Post(base_url="https://dangol.example", bounce_domain="bounce.shop.example")
GRANT: Final = {
    "channel": "email",
    "purpose": "marketing",
    "action": "grant",
    "source": "sign-up form",
}
BATCH: Final = 20_000


@dataclass(kw_only=True)
class Story:
    """One shop with a mail server, and what has been read of its mail."""

    connection: Connection
    workspace: int
    vault: Vault
    lake: Lake
    client: httpx.Client
    key: str
    server: FakeMailServer
    now: datetime = datetime(2027, 1, 1, tzinfo=UTC)
    read: int = 0
    unread: dict[str, list[Mail]] = field(default_factory=dict)

    def at(self, text: str) -> Self:
        """Move time on to a moment, as it reads in Seoul."""
        moment = seoul(text)
        assert moment >= self.now, "a story goes forward"
        self.now = moment
        with self.connection.transaction():
            freeze_clock(self.connection, at=moment)
        return self

    # What people do.

    def joins(self, name: str) -> Self:
        """Somebody signs up with an address, and wants advertising."""
        context = {"dangol": {"consents": [GRANT]}}
        traits = {"email": address_of(name), "name": name}
        return self.post("/v1/identify", {"userId": name, "traits": traits, "context": context})

    def event(self, name: str, what: str, *, id: str = "", **properties: object) -> Self:  # noqa: A002 - the story's own word
        """Somebody does something, now."""
        body = {"userId": name, "event": what, "properties": properties}
        return self.post("/v1/track", {**body, "messageId": id} if id else body)

    def buys(self, name: str, revenue: int = 30_000) -> Self:
        """Somebody buys something, now."""
        return self.event(name, "Order Completed", revenue=revenue, currency="KRW")

    def unsubscribes(self, name: str) -> Self:
        """Somebody presses the button their mail program shows beside the last mail they got."""
        mail = self.mails_to(name)[-1]
        header = message_from_bytes(mail.content)["List-Unsubscribe"]
        path = urlsplit(header.split(">")[0].removeprefix("<")).path
        answer = self.client.post(path, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200, answer.text
        return self

    def bounces(self, name: str) -> Self:
        """The last mail comes back from a server further on: there is no such mailbox."""
        answer = self.client.post(
            "/callbacks/smtp/bounce",
            content=make_bounce(self.mails_to(name)[-1]),
            headers={"Content-Type": "message/rfc822", "Authorization": f"Bearer {self.key}"},
        )
        assert answer.json() == {"recorded": True}
        return self

    # What the shop does.

    def runs(self, journey: str) -> Self:
        """The shop publishes a journey and lets it run."""
        with self.connection.transaction():
            apply_journey(self.connection, workspace_id=self.workspace, text=journey, now=self.now)
        return self

    def settle(self) -> Self:
        """Do all that is due now."""
        tick_until_done(
            self.connection,
            workspace_id=self.workspace,
            vault=self.vault,
            now=self.now,
            batch=BATCH,
        )
        with self.connection.transaction():
            recover_claims(self.connection, workspace_id=self.workspace, now=self.now)
        while deliver(
            self.connection,
            SmtpSender(parse_server(self.server.url)),
            workspace_id=self.workspace,
            vault=self.vault,
            post=POST,
            worker="story",
            clock=shifted_clock,
            batch=500,
        ).claimed:
            pass
        return self

    def look_back(self) -> Self:
        """Write what happened to the history, and refresh the segments from it."""
        self.settle()
        flush_events(self.connection, self.lake, workspace_id=self.workspace, now=self.now)
        with self.connection.transaction():
            refresh_segments(self.connection, self.lake, workspace_id=self.workspace, now=self.now)
        return self.settle()

    # What must have become of it.

    def expect_sent(self, name: str, template: str) -> Self:
        """Exactly this reached them since the story last looked."""
        self.settle()
        assert self._news(name) == [template], f"what reached {name}"
        return self

    def expect_nothing(self, name: str) -> Self:
        """Nothing reached them since the story last looked."""
        self.settle()
        assert self._news(name) == [], f"what reached {name}"
        return self

    def expect_held(self, name: str, *, until: str, reason: str = "quiet_hours") -> Self:
        """Their latest message waits, and for this reason."""
        self.expect_nothing(name)
        assert self.last_decision(name) == ("hold", reason, seoul(until))
        return self

    def expect_skipped(self, name: str, *, reason: str) -> Self:
        """Their latest message will never be sent, and for this reason."""
        self.expect_nothing(name)
        assert self.last_decision(name) == ("skip", reason, None)
        return self

    # Looking.

    def one(self, query: str, values: Mapping[str, object] | None = None) -> TupleRow | None:
        """Return the first row of a question to the tables."""
        with self.connection.transaction():
            return self.connection.execute(query.encode(), values).fetchone()

    def last_decision(self, name: str) -> TupleRow | None:
        """Verdict, reason and end of the hold: of the last decision about somebody's message."""
        return self.one(
            "select decision.verdict, decision.reason, decision.hold_until from decision"
            " join identifier on identifier.customer_id = decision.customer_id"
            " where identifier.kind = 'external' and identifier.key = %(name)s"
            " order by decision.message_id desc, decision.evaluation desc limit 1",
            {"name": name},
        )

    def journey_of(self, name: str) -> TupleRow | None:
        """State and end of somebody's latest enrollment."""
        return self.one(
            "select enrollment.state, enrollment.end_reason from enrollment"
            " join identifier on identifier.customer_id = enrollment.customer_id"
            " where identifier.kind = 'external' and identifier.key = %(name)s"
            " order by enrollment.id desc limit 1",
            {"name": name},
        )

    def mails_to(self, name: str) -> list[Mail]:
        return [mail for mail in self.server.mails if mail.recipient == address_of(name)]

    def _news(self, name: str) -> list[str]:
        for mail in self.server.mails[self.read :]:
            self.unread.setdefault(mail.recipient, []).append(mail)
        self.read = len(self.server.mails)
        return [self._template_of(mail) for mail in self.unread.pop(address_of(name), [])]

    def _template_of(self, mail: Mail) -> str:
        token = message_id_of(mail).split("@")[0]
        named = read_token(self.vault, TokenPurpose.MESSAGE, token)
        row = self.one(
            "select template.name from message join template on template.id = message.template_id"
            " where message.id = %(id)s",
            {"id": named.message_id},
        )
        return row[0] if row else "nothing of ours"

    def post(self, path: str, body: object) -> Self:
        answer = self.client.post(path, json=body, auth=(self.key, ""))
        assert answer.status_code == 200, answer.text
        return self


def seoul(text: str) -> datetime:
    """Read a moment as a clock in Seoul shows it."""
    return datetime.fromisoformat(text).replace(tzinfo=SEOUL).astimezone(UTC)


def address_of(name: str) -> str:
    return f"{name}@shop.example"


def message_id_of(mail: Mail) -> str:
    """Return the Message-ID without its angle brackets."""
    return message_from_bytes(mail.content)["Message-ID"].strip().strip("<>")
