"""Which mail server to use, read from one URL."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from urllib.parse import unquote, urlsplit

LOOPBACK: Final = {"localhost", "127.0.0.1", "::1"}


class Security(StrEnum):
    """How the connection is protected."""

    NONE = "none"
    # STARTTLS where the server offers it; a password never travels without.
    OFFERED = "offered"
    TLS = "tls"


SCHEMES: Final = {
    "smtp": (Security.OFFERED, 25),
    "smtps": (Security.TLS, 465),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """A mail server and how to speak with it."""

    host: str
    port: int
    security: Security = Security.OFFERED
    user: str = ""
    password: str = field(default="", repr=False)
    connections: int = 4
    # How long one exchange with the server may take.
    reply_seconds: float = 30.0
    # After this, a batch begins no further message; must stay well below the lease of a call.
    batch_seconds: float = 120.0
    # So long an unused connection is kept for the next batch; most servers bear five minutes.
    idle_seconds: float = 60.0

    @property
    def address(self) -> str:
        """Host and port, for people to read."""
        return f"{self.host}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        """Whether it runs on this machine, where nobody listens in between."""
        return self.host in LOOPBACK


def parse_server(url: str) -> MailServer:
    """Read ``smtp://host:25`` or ``smtps://host:465``, with ``user:password@`` if any.

    Raises:
        ValueError: naming what is wrong and how to write it; never quoting the password.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as fault:
        raise ValueError(f"smtp_url: {fault}; write it as smtp://host:25.") from fault
    if parts.scheme not in SCHEMES or not parts.hostname:
        raise ValueError(
            f"smtp_url: {parts.scheme or 'no scheme'!r} with host {parts.hostname!r} is no mail "
            "server; write smtp://host:25 or smtps://user:password@host:465."
        )
    security, usual_port = SCHEMES[parts.scheme]
    return MailServer(
        host=parts.hostname,
        port=port or usual_port,
        security=security,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )
