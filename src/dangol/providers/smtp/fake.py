"""A real mail server for demonstrations and tests: it keeps mail, and can be told to fail."""

import asyncio
import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from enum import StrEnum
from pathlib import Path
from typing import Final, Self

from aiosmtpd.smtp import SMTP, Envelope, Session

OK: Final = "250 2.0.0 Ok"
NO_SUCH_MAILBOX: Final = "550 5.1.1 No such mailbox here"
END_OF_DATA: Final = b"\r\n.\r\n"
LAST_LINE: Final = b".\r\n"
TRY_LATER: Final = "451 4.3.0 Try again later"


class Hangup(StrEnum):
    """When the server breaks the connection without an answer."""

    NEVER = "never"
    AT_RECIPIENT = "at_recipient"
    # It took the message, and nobody will know from its answer.
    AFTER_STORING = "after_storing"
    BEFORE_STORING = "before_storing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """How the server answers for one recipient."""

    recipient: str = OK
    content: str = OK
    hangup: Hangup = Hangup.NEVER


ACCEPT: Final = Script()


def accept_everyone(_recipient: str) -> Script:
    return ACCEPT


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A message as it arrived."""

    sender: str
    recipient: str
    content: bytes


class Mailbox:
    """A folder of ``.eml`` files; each appears whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._count = sum(1 for _ in folder.glob("*.eml"))

    def store(self, mail: Mail) -> None:
        """Write one mail, its envelope in two headers in front; names sort by arrival."""
        self._count += 1
        mark = hashlib.sha256(mail.content).hexdigest()[:8]
        path = self._folder / f"{self._count:08d}-{mark}.eml"
        head = f"X-Envelope-From: {mail.sender}\r\nX-Envelope-To: {mail.recipient}\r\n"
        draft = path.with_suffix(".part")
        draft.write_bytes(head.encode() + mail.content)
        draft.rename(path)


class WholeMailSMTP(SMTP):
    """aiosmtpd, reading a mail's content at once: line by line takes ten times as long.

    Content must not be empty, and is at most ``line_length_limit`` bytes.
    """

    line_length_limit = 10_000_000

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd calls it by name
        envelope = self.envelope
        if arg or envelope is None or not envelope.rcpt_tos:
            await super().smtp_DATA(arg)
            return
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        stuffed = (await self._reader.readuntil(END_OF_DATA))[: -len(LAST_LINE)]
        content = stuffed.replace(b"\r\n..", b"\r\n.")
        envelope.content = content[1:] if content.startswith(b".") else content
        status = await self.event_handler.handle_DATA(self, self.session, envelope)
        self._set_post_data_state()
        await self.push(status)


class FakeMailServer:
    """An SMTP server on loopback, in a thread of its own.

    ``store`` gets each mail before the server confirms it; without one, they stand in ``mails``.
    """

    def __init__(
        self,
        *,
        store: Callable[[Mail], None] | None = None,
        script: Callable[[str], Script] = accept_everyone,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self.mails: list[Mail] = []
        # How often somebody connected.
        self.connections = 0
        self.script = script
        self.host = host
        self.port = port
        self._store = store or self.mails.append
        self._serving: list[SMTP] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    @property
    def url(self) -> str:
        """Where to send, as a mail server URL."""
        return f"smtp://{self.host}:{self.port}"

    def start(self) -> None:
        """Listen; with port 0, ``port`` becomes the one the system chose.

        Raises:
            OSError: the port is taken.
        """
        self._thread.start()
        try:
            asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()
        except OSError:
            self._end()
            raise

    def stop(self) -> None:
        """Stop listening and drop every connection."""
        asyncio.run_coroutine_threadsafe(self._hang_up(), self._loop).result()
        self._end()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    async def _listen(self) -> None:
        self._server = await self._loop.create_server(self._answer, self.host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    def drop_connections(self) -> None:
        """Break every connection, as a server does with those that idle, and go on listening."""
        asyncio.run_coroutine_threadsafe(self._drop_all(), self._loop).result()

    async def _drop_all(self) -> None:
        for server in self._serving:
            drop(server)
        self._serving.clear()

    async def _hang_up(self) -> None:
        self._server.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _answer(self) -> SMTP:
        self.connections += 1
        serving = self._serve()
        self._serving.append(serving)
        return serving

    def _serve(self) -> SMTP:
        return WholeMailSMTP(self, hostname="fake.dangol", enable_SMTPUTF8=True, loop=self._loop)

    # aiosmtpd calls these by name, on this object as its handler.

    async def handle_EHLO(  # noqa: N802
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, offers: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*offers[:-1], "250-PIPELINING", offers[-1]]

    async def handle_RCPT(  # noqa: N802
        self,
        server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        script = self.script(address)
        if script.hangup is Hangup.AT_RECIPIENT:
            drop(server)
        if script.recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return script.recipient

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        recipient = envelope.rcpt_tos[0]
        script = self.script(recipient)
        if script.content.startswith("250") and script.hangup is not Hangup.BEFORE_STORING:
            content = envelope.content
            assert isinstance(content, bytes)  # noqa: S101 - decode_data is off
            self._store(Mail(sender=envelope.mail_from or "", recipient=recipient, content=content))
        if script.hangup is not Hangup.NEVER:
            drop(server)
        return script.content


def drop(server: SMTP) -> None:
    """Break a connection as a crash would: without a word."""
    if isinstance(server.transport, asyncio.WriteTransport):
        server.transport.abort()


def make_bounce(mail: Mail, *, status: str = "5.1.1", action: str = "failed") -> bytes:
    """Write the delivery report (RFC 3464) that another server would send back for ``mail``."""
    report = EmailMessage()
    report["From"] = "MAILER-DAEMON@elsewhere.example"
    report["To"] = mail.sender
    report["Subject"] = "Undelivered Mail Returned to Sender"
    report.set_content("Your message could not be delivered.\n")
    body = report.as_bytes().partition(b"\n\n")[2]
    head = mail.content.partition(b"\r\n\r\n")[0]
    status_part = (
        "Reporting-MTA: dns; elsewhere.example\n\n"
        f"Final-Recipient: rfc822; {mail.recipient}\nAction: {action}\nStatus: {status}\n"
        f"Diagnostic-Code: smtp; {status.replace('.', '')[:3]} {status} No such mailbox here\n"
    ).encode()
    edge = b"--edge\nContent-Type: "
    return b"".join(
        (
            f"From: {report['From']}\nTo: {report['To']}\nSubject: {report['Subject']}\n".encode(),
            b"MIME-Version: 1.0\n",
            b'Content-Type: multipart/report; report-type=delivery-status; boundary="edge"\n\n',
            edge + b"text/plain\n\n" + body + b"\n",
            edge + b"message/delivery-status\n\n" + status_part + b"\n",
            edge + b"text/rfc822-headers\n\n" + head.replace(b"\r\n", b"\n") + b"\n--edge--\n",
        )
    )
