"""Stories whose way in and way out are real: events come by HTTP, mail leaves by SMTP.

What a story can say is `dangol.app.trial.story`'s; here are the words that need a server.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from email import message_from_bytes
from typing import Self
from urllib.parse import urlsplit

import httpx
from psycopg.rows import TupleRow

from dangol.app.trial.signing_up import address_of
from dangol.app.trial.story import News
from dangol.app.trial.story import Story as TrialStory
from dangol.content.tokens import TokenPurpose, read_token
from dangol.providers.smtp.fake import FakeMailServer, Mail, make_bounce
from dangol.providers.smtp.sender import SmtpSender
from dangol.providers.smtp.server import parse_server


@dataclass(kw_only=True)
class Story(TrialStory):
    """One shop with a mail server, and what has been read of its mail."""

    client: httpx.Client
    key: str
    server: FakeMailServer
    read: int = 0
    unread: dict[str, list[Mail]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sender = SmtpSender(parse_server(self.server.url))

    def joins(self, name: str) -> Self:
        """Somebody signs up with an address, and wants advertising."""
        return self.customer(name)

    def call(self, kind: str, body: Mapping[str, object]) -> Self:
        """Send a call to the tracking API."""
        return self.post(f"/v1/{kind}", body)

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

    def news(self, name: str) -> list[News]:
        """Return what reached somebody: what the tables say, and the mail server has, too."""
        found = super().news(name)
        for mail in self.server.mails[self.read :]:
            self.unread.setdefault(mail.recipient, []).append(mail)
        self.read = len(self.server.mails)
        arrived = [self._template_of(mail) for mail in self.unread.pop(address_of(name), [])]
        assert arrived == [one.template for one in found]
        return found

    # Looking.

    def one(self, query: str, values: Mapping[str, object] | None = None) -> TupleRow | None:
        """Return the first row of a question to the tables."""
        with self.connection.transaction():
            return self.connection.execute(query.encode(), values).fetchone()

    def journey_of(self, name: str) -> tuple[str, str | None] | None:
        """State and end of somebody's latest enrollment."""
        place = self.place_of(name)
        return (place.state, place.end_reason) if place else None

    def mails_to(self, name: str) -> list[Mail]:
        return [mail for mail in self.server.mails if mail.recipient == address_of(name)]

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


def message_id_of(mail: Mail) -> str:
    """Return the Message-ID without its angle brackets."""
    return message_from_bytes(mail.content)["Message-ID"].strip().strip("<>")
