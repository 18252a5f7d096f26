"""One connection to a mail server: greeting, security, and one message after another."""

import asyncio
import base64
import re
import ssl
from asyncio import StreamReader, StreamWriter
from contextlib import suppress
from typing import Final

from dangol.providers.smtp.codes import OK, Reply, fate_of, is_address_gone
from dangol.providers.smtp.server import MailServer, Security
from dangol.providers.vendor import Fate, Outcome, Outgoing

STATUS: Final = re.compile(r"([245]\.\d{1,3}\.\d{1,3})\b")
SAFE_ADDRESS: Final = re.compile(r"[^\s<>@\x00-\x1f]+@[^\s<>@\x00-\x1f]+")
DETAIL_MAX: Final = 200
REPLY_LINES_MAX: Final = 100
START_INPUT: Final = 354
GOODBYE: Final = 421


class LineError(Exception):
    """A connection cannot be had, or broke; the text says why."""


class Line:
    """An open connection to a mail server, good for many messages."""

    def __init__(self, reader: StreamReader, writer: StreamWriter, server: MailServer) -> None:
        self._reader = reader
        self._writer = writer
        self._server = server
        self._offers: frozenset[str] = frozenset()
        self._protected = server.security is Security.TLS
        self.broken = False

    async def greet(self) -> None:
        """Exchange greetings, protect the connection as asked, and sign in."""
        self._expect(await self._read_reply(), "greeting")
        await self._hello()
        if self._server.security is Security.OFFERED and "STARTTLS" in self._offers:
            await self._protect()
        if self._server.user:
            await self._sign_in()

    async def _protect(self) -> None:
        self._expect(await self._command("STARTTLS"), "STARTTLS")
        context = ssl.create_default_context()
        if not self._server.user:
            # As between mail servers: a certificate of its own making still beats plain text.
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        await self._writer.start_tls(context, server_hostname=self._server.host)
        self._protected = True
        await self._hello()

    async def hand_over(self, mail: Outgoing) -> Outcome:
        """Give one message to the server and say what became of it.

        Until the final dot is written the server cannot have taken the message; from then on,
        only its answer tells.
        """
        if fault := self._refuse(mail):
            return fault
        dotted = False
        try:
            async with asyncio.timeout(self._server.reply_seconds):
                refusal = await self._open_envelope(mail)
                if refusal is not None:
                    return refusal
                await self._write(stuff_dots(mail.as_mail()))
                dotted = True
                await self._write(b".\r\n")
                reply = await self._read_reply()
        except (LineError, OSError, TimeoutError) as fault:
            self.broken = True
            fate = Fate.UNKNOWN if dotted else Fate.RETRYABLE
            return outcome_of(mail, fate=fate, code="connection", detail=describe(fault))
        return self._judge(mail, reply, to_recipient=False)

    async def close(self) -> None:
        """Say goodbye where possible; a server that is gone needs none."""
        with suppress(LineError, OSError, TimeoutError):
            if not self.broken:
                async with asyncio.timeout(1):
                    await self._command("QUIT")
        self._writer.close()
        with suppress(OSError, TimeoutError, ssl.SSLError):
            async with asyncio.timeout(1):
                await self._writer.wait_closed()

    def _refuse(self, mail: Outgoing) -> Outcome | None:
        """Stop what no server could carry before a byte of it is written."""
        if not SAFE_ADDRESS.fullmatch(mail.recipient):
            return outcome_of(
                mail, fate=Fate.REJECTED, code="5.1.3", detail="not an address", address_gone=True
            )
        if not mail.recipient.isascii() and "SMTPUTF8" not in self._offers:
            detail = "the mail server does not take addresses beyond ASCII (SMTPUTF8)"
            return outcome_of(mail, fate=Fate.REJECTED, code="5.6.7", detail=detail)
        return None

    async def _open_envelope(self, mail: Outgoing) -> Outcome | None:
        """Name sender and recipient; return None once the server waits for the content."""
        extra = "" if mail.recipient.isascii() else " SMTPUTF8"
        replies = await self._exchange(
            f"MAIL FROM:<{mail.sender}>{extra}", f"RCPT TO:<{mail.recipient}>", "DATA"
        )
        if replies[-1].code == START_INPUT and all(reply.code in OK for reply in replies[:-1]):
            return None
        stage = next(at for at, reply in enumerate(replies) if reply.code not in (*OK, START_INPUT))
        outcome = self._judge(mail, replies[stage], to_recipient=stage == 1)
        # With every recipient refused a server may still open for the content (RFC 2920, 3.1).
        await self._clear("." if replies[-1].code == START_INPUT else "RSET")
        return outcome

    async def _clear(self, command: str) -> None:
        """End a refused envelope; the refusal stands even where the connection breaks here."""
        try:
            if not self.broken:
                await self._command(command)
        except (LineError, OSError):
            self.broken = True

    async def _exchange(self, *commands: str) -> list[Reply]:
        """Send commands at once where the server allows it, else one by one up to the first no."""
        if "PIPELINING" in self._offers:
            await self._write("".join(f"{command}\r\n" for command in commands).encode())
            return [await self._read_reply() for _ in commands]
        replies: list[Reply] = []
        for command in commands:
            replies.append(await self._command(command))
            if replies[-1].code not in OK:
                break
        return replies

    def _judge(self, mail: Outgoing, reply: Reply, *, to_recipient: bool) -> Outcome:
        self.broken = self.broken or reply.code == GOODBYE
        return outcome_of(
            mail,
            fate=fate_of(reply),
            code=reply.name,
            detail=reply.text,
            address_gone=is_address_gone(reply, to_recipient=to_recipient),
        )

    async def _hello(self) -> None:
        reply = await self._command("EHLO dangol")
        self._expect(reply, "EHLO")
        self._offers = frozenset(line.split()[0].upper() for line in reply.text.split("\n") if line)

    async def _sign_in(self) -> None:
        if not (self._protected or self._server.is_loopback):
            raise LineError(
                f"{self._server.address} offers no STARTTLS, and the password must not travel "
                "unprotected; use smtps:// in smtp_url"
            )
        secret = f"\0{self._server.user}\0{self._server.password}".encode()
        reply = await self._command(f"AUTH PLAIN {base64.b64encode(secret).decode()}")
        self._expect(reply, "AUTH")

    async def _command(self, command: str) -> Reply:
        await self._write(f"{command}\r\n".encode())
        return await self._read_reply()

    async def _write(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    async def _read_reply(self) -> Reply:
        lines: list[str] = []
        while len(lines) < REPLY_LINES_MAX:
            raw = await self._reader.readline()
            line = raw.decode("utf-8", "replace").rstrip("\r\n")
            if not raw.endswith(b"\n") or not line[:3].isdigit():
                raise LineError("the server closed the connection" if not raw else "no SMTP reply")
            lines.append(line[4:])
            if line[3:4] != "-":
                return read_reply(int(line[:3]), lines)
        raise LineError("the server's reply does not end")

    def _expect(self, reply: Reply, what: str) -> None:
        if reply.code not in OK:
            raise LineError(f"{what} refused: {reply.code} {reply.text}"[:DETAIL_MAX])


async def open_line(server: MailServer) -> Line:
    """Connect, greet and sign in.

    Raises:
        LineError: the server cannot be reached or does not want us; nothing was sent.
    """
    tls = ssl.create_default_context() if server.security is Security.TLS else None
    try:
        async with asyncio.timeout(server.reply_seconds):
            reader, writer = await asyncio.open_connection(server.host, server.port, ssl=tls)
            line = Line(reader, writer, server)
            try:
                await line.greet()
            except BaseException:
                writer.close()
                raise
            return line
    except (OSError, TimeoutError) as fault:
        raise LineError(f"{server.address} cannot be reached: {describe(fault)}") from fault


def read_reply(code: int, lines: list[str]) -> Reply:
    found = STATUS.match(lines[-1])
    return Reply(code=code, status=found[1] if found else "", text="\n".join(lines))


def stuff_dots(content: bytes) -> bytes:
    """Double every dot that begins a line, and end with a line break (RFC 5321, 4.5.2)."""
    if content.startswith(b"."):
        content = b"." + content
    content = content.replace(b"\r\n.", b"\r\n..")
    return content if content.endswith(b"\r\n") else content + b"\r\n"


def outcome_of(
    mail: Outgoing, *, fate: Fate, code: str, detail: str, address_gone: bool = False
) -> Outcome:
    return Outcome(
        delivery_id=mail.delivery_id,
        fate=fate,
        code=code,
        detail=without_address(detail, mail.recipient)[:DETAIL_MAX],
        address_gone=address_gone,
        vendor_id=mail.vendor_id,
    )


def without_address(text: str, recipient: str) -> str:
    """Servers like to repeat the address; what we keep in the open must not."""
    if recipient.lower() not in text.lower():
        return text
    return re.sub(re.escape(recipient), "<address>", text, flags=re.IGNORECASE)


def describe(fault: BaseException) -> str:
    if isinstance(fault, TimeoutError):
        return "the server did not answer in time"
    return str(fault) or type(fault).__name__
