"""Openings and clicks: kept whoever made them, with how sure we are that it was a person.

Mail programs and security gateways open and follow links by themselves. A hit of theirs is
recorded too, since "nobody" and "perhaps nobody" are different answers.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from dangol.feedback.bounces import STATEMENTS
from dangol.store.connect import Connection
from dangol.store.vocabulary import ReceiptKind

# What Apple's privacy proxy says it is, whether or not anybody reads the mail.
PRIVACY_PROXY: Final = "Mozilla/5.0"
MACHINE: Final = re.compile(
    r"bot\b|crawl|spider|scan|preview|headless|python|curl|wget|go-http|java/|libwww|okhttp|"
    r"barracuda|proofpoint|mimecast|symantec|fireeye|trendmicro",
    re.IGNORECASE,
)
SURELY: Final = 1.0
HARDLY: Final = 0.1
NEVER: Final = 0.0
# Nobody reads a mail and clicks within this time of its delivery...
TOO_SOON: Final = timedelta(seconds=5)
# ...nor follows this many of its links within the other.
BURST_LINKS: Final = 3
BURST_SPAN: Final = timedelta(seconds=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One request for a link or an opening mark of ours; ``kind`` is opened or clicked."""

    workspace_id: int
    message_id: int
    kind: ReceiptKind
    link_id: int | None
    method: str
    user_agent: str


def record_hit(connection: Connection, *, hit: Hit, now: datetime) -> None:
    """Record a hit; the same hit within a minute counts once, a person's beside a machine's."""
    confidence = judge_agent(hit.method, hit.user_agent)
    values = {
        "workspace_id": hit.workspace_id,
        "message_id": hit.message_id,
        "kind": hit.kind,
        "link_id": hit.link_id,
        "confidence": confidence,
        "too_soon": TOO_SOON,
        "hardly": HARDLY,
        "dedupe": f"{hit.kind}:{hit.message_id}:{hit.link_id or 0}:"
        f"{int(now.timestamp() // 60)}:{'person' if confidence > HARDLY else 'machine'}",
        "now": now,
    }
    connection.execute(STATEMENTS["insert_hit"], values)
    if hit.kind == ReceiptKind.CLICKED:
        burst = {"span": BURST_SPAN, "links": BURST_LINKS}
        connection.execute(STATEMENTS["doubt_burst"], {**values, **burst})


def judge_agent(method: str, user_agent: str) -> float:
    """Say how likely a person stands behind a request, by what the request says of itself."""
    if method == "HEAD" or MACHINE.search(user_agent):
        return NEVER
    if user_agent.strip() in ("", PRIVACY_PROXY):
        return HARDLY
    return SURELY


def read_link(connection: Connection, *, workspace_id: int, link_id: int) -> str | None:
    """Return where a link leads, or None if this workspace has no such link."""
    values = {"workspace_id": workspace_id, "link_id": link_id}
    row = connection.execute(STATEMENTS["read_link"], values).fetchone()
    return None if row is None else str(row[0])
