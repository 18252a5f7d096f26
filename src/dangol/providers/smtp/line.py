"""One connection to a mail server: greeting, security, and one message after another.

The end of one mail and the envelope of the next leave together (RFC 2920), so that a mail costs one
round trip. Nothing of a mail is written before the server has taken its envelope.
"""

import asyncio
import base64
import re
import ssl
from typing import Final

from dangol.providers.smtp.codes import OK, Reply, fate_of, fault_of, is_address_gone
from dangol.providers.smtp.server import MailServer, Security
from dangol.providers.smtp.talk import LineError, Talk
from dangol.providers.vendor import Fate, FaultKind, Outcome, Outgoing

__all__ = ["Line", "LineError", "open_line", "outcome_of", "stuff_dots"]

SAFE_ADDRESS: Final = re.compile(r"[^\s<>@\x00-\x1f]+@[^\s<>@\x00-\x1f]+")
DETAIL_MAX: Final = 200
START_INPUT: Final = 354
GOODBYE: Final = 421
# Where in an envelope each reply stands.
ENVELOPE: Final = ("MAIL", "RCPT", "DATA")


class Line:
    """An open connection to a mail server, good for many messages."""

    def __init__(self, talk: Talk, server: MailServer) -> None:
        self._talk = talk
        self._server = server
        self._offers: frozenset[str] = frozenset()
        self._protected = server.security is Security.TLS
        # The mail whose envelope has left already.
        self._opened: Outgoing | None = None
        self.broken = False
        # Whether the server has answered since the line was last taken into use.
        self.proven = False

    @property
    def is_usable(self) -> bool:
        """Whether a line that was kept may be used again."""
        return not self.broken and self._talk.is_quiet

    async def greet(self) -> None:
        """Exchange greetings, protect the connection as asked, and sign in."""
        self._expect(await self._talk.read(), "greeting")
        await self._hello()
        if self._server.security is Security.OFFERED and "STARTTLS" in self._offers:
            await self._protect()
        if self._server.user:
            await self._sign_in()

    async def _protect(self) -> None:
        self._expect(await self._command("STARTTLS"), "STARTTLS")
        transport = self._talk.transport
        if transport is None or not self._talk.is_quiet:
            # What came in the open behind the answer was written by somebody in between.
            raise LineError("the server said more than its answer to STARTTLS")
        context = ssl.create_default_context()
        if not self._server.user:
            # As between mail servers: a certificate of its own making still beats plain text.
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        self._talk.transport = await asyncio.get_running_loop().start_tls(
            transport, self._talk, context, server_hostname=self._server.host
        )
        self._protected = True
        await self._hello()

    async def hand_over(self, mail: Outgoing, *, following: Outgoing | None = None) -> Outcome:
        """Give one message to the server and say what became of it.

        Until the final dot is written the server cannot have taken the message; from then on,
        only its answer tells. ``following`` is the mail for which this is called next, if any: of
        that, no more than the envelope leaves.
        """
        if fault := self._refuse(mail):
            return fault
        dotted = False
        try:
            async with asyncio.timeout(self._server.reply_seconds):
                refusal = await self._open_envelope(mail)
                self.proven = True
                if refusal is not None:
                    return refusal
                dotted = True
                self._talk.write(stuff_dots(mail.as_mail()) + b".\r\n" + self._begin(following))
                reply = await self._talk.read()
        except (LineError, OSError, TimeoutError) as fault:
            self.broken = True
            fate = Fate.UNKNOWN if dotted else Fate.RETRYABLE
            return outcome_of(mail, fate=fate, code="connection", detail=describe(fault))
        return self._judge(mail, reply, to_recipient=False)

    def close(self) -> None:
        """Say goodbye where possible, and do not wait for an answer."""
        transport = self._talk.transport
        if transport is None:
            return
        if not self.broken and self._opened is None and self._talk.is_quiet:
            transport.write(b"QUIT\r\n")
        self.broken = True
        transport.close()

    def _refuse(self, mail: Outgoing) -> Outcome | None:
        """Stop what no server could carry before a byte of it is written."""
        if not SAFE_ADDRESS.fullmatch(mail.recipient):
            return outcome_of(
                mail,
                fate=Fate.REJECTED,
                code="5.1.3",
                detail="not an address",
                address_gone=True,
                fault=FaultKind.PERMANENT,
            )
        if not mail.recipient.isascii() and "SMTPUTF8" not in self._offers:
            detail = "the mail server does not take addresses beyond ASCII (SMTPUTF8)"
            return outcome_of(mail, fate=Fate.REJECTED, code="5.6.7", detail=detail)
        return None

    def _begin(self, mail: Outgoing | None) -> bytes:
        """Return the envelope of the next mail, where it may leave before the last is answered."""
        if mail is None or "PIPELINING" not in self._offers or self._refuse(mail):
            return b""
        self._opened = mail
        return envelope_of(mail)

    async def _open_envelope(self, mail: Outgoing) -> Outcome | None:
        """Name sender and recipient; return None once the server waits for the content."""
        replies = await self._exchange(mail)
        if replies[-1].code == START_INPUT and all(reply.code in OK for reply in replies[:-1]):
            return None
        stage = next(at for at, reply in enumerate(replies) if reply.code not in (*OK, START_INPUT))
        outcome = self._judge(mail, replies[stage], to_recipient=ENVELOPE[stage] == "RCPT")
        # With every recipient refused a server may still open for the content (RFC 2920, 3.1).
        await self._clear("." if replies[-1].code == START_INPUT else "RSET")
        return outcome

    async def _exchange(self, mail: Outgoing) -> list[Reply]:
        """Send the envelope at once where the server allows it, else up to the first no."""
        if self._opened is mail or "PIPELINING" in self._offers:
            if self._opened is not mail:
                self._talk.write(envelope_of(mail))
            self._opened = None
            return [await self._talk.read() for _ in ENVELOPE]
        replies: list[Reply] = []
        for command in envelope_of(mail).decode().splitlines():
            replies.append(await self._command(command))
            if replies[-1].code not in OK:
                break
        return replies

    async def _clear(self, command: str) -> None:
        """End a refused envelope; the refusal stands even where the connection breaks here."""
        try:
            if not self.broken:
                await self._command(command)
        except (LineError, OSError):
            self.broken = True

    def _judge(self, mail: Outgoing, reply: Reply, *, to_recipient: bool) -> Outcome:
        self.broken = self.broken or reply.code == GOODBYE
        return outcome_of(
            mail,
            fate=fate_of(reply),
            code=reply.name,
            detail=reply.text,
            address_gone=is_address_gone(reply, to_recipient=to_recipient),
            fault=fault_of(reply, to_recipient=to_recipient),
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
        self._talk.write(f"{command}\r\n".encode())
        return await self._talk.read()

    def _expect(self, reply: Reply, what: str) -> None:
        if reply.code not in OK:
            raise LineError(f"{what} refused: {reply.code} {reply.text}"[:DETAIL_MAX])


async def open_line(server: MailServer) -> Line:
    """Connect, greet and sign in.

    Raises:
        LineError: the server cannot be reached or does not want us; nothing was sent.
    """
    tls = ssl.create_default_context() if server.security is Security.TLS else None
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(server.reply_seconds):
            transport, talk = await loop.create_connection(Talk, server.host, server.port, ssl=tls)
            line = Line(talk, server)
            try:
                await line.greet()
            except BaseException:
                transport.close()
                raise
            return line
    except (OSError, TimeoutError) as fault:
        raise LineError(f"{server.address} cannot be reached: {describe(fault)}") from fault


def envelope_of(mail: Outgoing) -> bytes:
    extra = "" if mail.recipient.isascii() else " SMTPUTF8"
    return f"MAIL FROM:<{mail.sender}>{extra}\r\nRCPT TO:<{mail.recipient}>\r\nDATA\r\n".encode()


def stuff_dots(content: bytes) -> bytes:
    """Double every dot that begins a line, and end with a line break (RFC 5321, 4.5.2)."""
    if content.startswith(b"."):
        content = b"." + content
    content = content.replace(b"\r\n.", b"\r\n..")
    return content if content.endswith(b"\r\n") else content + b"\r\n"


def outcome_of(
    mail: Outgoing,
    *,
    fate: Fate,
    code: str,
    detail: str,
    address_gone: bool = False,
    fault: FaultKind | None = None,
) -> Outcome:
    return Outcome(
        delivery_id=mail.delivery_id,
        fate=fate,
        code=code,
        detail=without_address(detail, mail.recipient)[:DETAIL_MAX],
        address_gone=address_gone,
        vendor_id=mail.vendor_id,
        fault=fault,
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
