"""Openings and clicks: kept whoever made them, with how sure we are that it was a person.

Mail programs and security gateways open and follow links by themselves. A hit of theirs is
recorded too, since "nobody" and "perhaps nobody" are different answers. Whoever counts takes what
is a person's with at least ``LIKELY``.

What a receipt keeps of the request, in ``detail``: why it is trusted or not, a keyed hash of the
address and of its network, the method, and what the program says it is.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import AddressValueError, IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

from dangol.feedback.bounces import STATEMENTS
from dangol.store.connect import Connection
from dangol.store.vault import Vault
from dangol.store.vocabulary import ReceiptKind

# What Apple's privacy proxy says it is, whether or not anybody reads the mail.
PRIVACY_PROXY: Final = "Mozilla/5.0"
# Fetch pictures when somebody opens the mail, and for many at once.
IMAGE_PROXY: Final = re.compile(r"GoogleImageProxy|YahooMailProxy", re.IGNORECASE)
MACHINE: Final = re.compile(
    r"bot\b|crawl|spider|scan|preview|headless|phantomjs|selenium|puppeteer|playwright|"
    r"python|curl|wget|go-http|java/|libwww|okhttp|axios|node-fetch|httpclient|"
    r"barracuda|proofpoint|mimecast|symantec|messagelabs|fireeye|trendmicro|sophos|safelinks|"
    r"forcepoint|ironport|zscaler|trustwave|urldefense|cloudmark|vade",
    re.IGNORECASE,
)
SURELY: Final = 1.0
LIKELY: Final = 0.5
HARDLY: Final = 0.1
NEVER: Final = 0.0
# Nobody reads a mail and clicks within this time of its delivery...
TOO_SOON: Final = timedelta(seconds=5)
# ...nor follows this many of its links within the other.
BURST_LINKS: Final = 3
BURST_SPAN: Final = timedelta(seconds=2)
# Around a hit on the link nobody can see, everything from there is a machine's.
TRAP_SPAN: Final = timedelta(seconds=60)
TRAP_LINK: Final = 0
# One network that looks into the mail of so many within a minute is a gateway. Telephone companies
# lend one address to many people, so that fewer say nothing.
CROWD: Final = 30
CROWD_SPAN: Final = timedelta(minutes=1)
AGENT_MAX: Final = 200
HASH_DIGITS: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One request for a link or an opening mark of ours; ``kind`` is opened or clicked.

    ``link_id`` of ``TRAP_LINK`` is the link nobody can see; ``ip`` and ``net`` are keyed hashes,
    empty where the address says nothing (see ``hash_address``).
    """

    workspace_id: int
    message_id: int
    kind: ReceiptKind
    link_id: int | None
    method: str
    user_agent: str
    ip: str = ""
    net: str = ""

    @property
    def is_trap(self) -> bool:
        """Whether no person could have made it."""
        return self.link_id == TRAP_LINK


def record_hit(connection: Connection, *, hit: Hit, now: datetime) -> None:
    """Record a hit; the same hit within a minute counts once, a person's beside a machine's."""
    why, confidence = ("trap", NEVER) if hit.is_trap else judge_agent(hit.method, hit.user_agent)
    values = {
        "workspace_id": hit.workspace_id,
        "message_id": hit.message_id,
        "kind": hit.kind,
        "link_id": hit.link_id or None,
        "confidence": confidence,
        "why": why,
        "ip": hit.ip,
        "net": hit.net,
        "request": f"{hit.method} {clean(hit.user_agent)}",
        "too_soon": TOO_SOON,
        "trap_span": TRAP_SPAN,
        "hardly": HARDLY,
        "dedupe": f"{hit.kind}:{hit.message_id}:{hit.link_id or 0}:"
        f"{int(now.timestamp() // 60)}:{'person' if confidence > HARDLY else 'machine'}",
        "now": now,
    }
    connection.execute(STATEMENTS["insert_hit"], values)
    if hit.is_trap:
        connection.execute(STATEMENTS["doubt_trapped"], values)
        return
    if hit.kind == ReceiptKind.CLICKED:
        burst = {"span": BURST_SPAN, "links": BURST_LINKS}
        connection.execute(STATEMENTS["doubt_burst"], {**values, **burst})
    if hit.net and not IMAGE_PROXY.search(hit.user_agent):
        crowd = {"crowd": CROWD, "crowd_span": CROWD_SPAN}
        connection.execute(STATEMENTS["doubt_crowd"], {**values, **crowd})


def judge_agent(method: str, user_agent: str) -> tuple[str, float]:
    """Say how likely a person stands behind a request, by what it says of itself, and why."""
    if method == "HEAD":
        return "head", NEVER
    if IMAGE_PROXY.search(user_agent):
        return "image_proxy", SURELY
    if MACHINE.search(user_agent):
        return "scanner", NEVER
    if user_agent.strip() in ("", PRIVACY_PROXY):
        return "privacy_proxy", HARDLY
    return "person", SURELY


def hash_address(vault: Vault, *, workspace_id: int, address: str) -> tuple[str, str]:
    """Return the hashes of an address and of its network (/24, or /48 of IPv6).

    Both are empty for an address that is not of the public internet: it is that of a proxy of our
    own, and says nothing about who asked.
    """
    try:
        parsed: IPv4Address | IPv6Address = ip_address(address)
    except (AddressValueError, ValueError):
        return "", ""
    if not parsed.is_global:
        return "", ""
    wide = ip_network(f"{parsed}/{24 if parsed.version == 4 else 48}", strict=False)  # noqa: PLR2004 - IP's versions
    return (
        vault.key(workspace_id, "ip", str(parsed))[:HASH_DIGITS],
        vault.key(workspace_id, "net", str(wide))[:HASH_DIGITS],
    )


def clean(text: str) -> str:
    """What a program says it is, without what PostgreSQL or a reader could stumble over."""
    return "".join(c if c.isprintable() else " " for c in text)[:AGENT_MAX].strip()


def read_link(connection: Connection, *, workspace_id: int, link_id: int) -> str | None:
    """Return where a link leads, or None if this workspace has no such link."""
    values = {"workspace_id": workspace_id, "link_id": link_id}
    row = connection.execute(STATEMENTS["read_link"], values).fetchone()
    return None if row is None else str(row[0])
