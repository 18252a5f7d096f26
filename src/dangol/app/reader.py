"""The made-up readers of a demonstration: they open real mail and follow its real links.

What they do is decided by a hash of the mail's Message-ID, so that every replay has the same
readers; what becomes of it (receipts, withdrawn consents) is real.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from hashlib import blake2b
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import httpx

from dangol.app.problem import ProblemError

# Shares of those who get a mail; stated in the workspace's notice and in the summary.
OPENED: Final = 0.35
CLICKED: Final = 0.08
UNSUBSCRIBED: Final = 0.015
SHARES: Final = {"opened": OPENED, "clicked": CLICKED, "unsubscribed": UNSUBSCRIBED}
LINK: Final = re.compile(rb"https?://[^\s\"'<>]+?/([uoc])/[A-Za-z0-9_\-.=]+")
HEAD_BYTES: Final = 4_096
MESSAGE_ID: Final = re.compile(rb"^Message-ID:\s*(<[^>]+>)", re.IGNORECASE | re.MULTILINE)
AWAY: Final = 503
# A reader on a telephone, as far as a server can tell.
AGENT: Final = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 made-up-reader"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbag:
    """Finds a mail in the mailbox folder by what we called it."""

    folder: Path
    paths: dict[str, Path] = field(default_factory=dict[str, Path])
    seen: set[str] = field(default_factory=set[str])

    def find(self, message_id: str) -> Path | None:
        """Return the file of a mail."""
        bare = message_id.strip("<>")
        if bare not in self.paths:
            self._look()
        return self.paths.get(bare)

    def _look(self) -> None:
        # Plain names: a mailbox of tens of thousands is looked through at every step.
        names = os.listdir(self.folder)  # noqa: PTH208 - Path objects cost ten times as much
        arrived = {name for name in names if name.endswith(".eml")} - self.seen
        self.seen.update(arrived)
        for path in (self.folder / name for name in arrived):
            with path.open("rb") as file:
                found = MESSAGE_ID.search(file.read(HEAD_BYTES))
            if found:
                self.paths[found[1].decode().strip("<>")] = path


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Everybody who gets the demonstration's mail."""

    mailbag: Mailbag
    client: httpx.Client

    def read(self, message_ids: list[str]) -> None:
        """Let each recipient do with the mail what its hash says."""
        for message_id in message_ids:
            wishes = wishes_for(message_id)
            path = self.mailbag.find(message_id) if wishes else None
            if path is not None:
                self._act(wishes, links=dict(find_links(path.read_bytes())))

    def _act(self, wishes: set[str], *, links: dict[str, str]) -> None:
        if "opened" in wishes and "o" in links:
            self._get(links["o"])
        if "clicked" in wishes and "c" in links:
            self._get(links["c"])
        if "unsubscribed" in wishes and "u" in links:
            self._get(links["u"])
            check(self.client.post(own_path(links["u"]), data={"List-Unsubscribe": "One-Click"}))

    def _get(self, link: str) -> None:
        check(self.client.get(own_path(link)))


def check(answer: httpx.Response) -> None:
    """Accept what a reader would.

    Raises:
        httpx.TransportError: the server asks to come back later.
        ProblemError: it refuses or fails, which waiting will not change.
    """
    if answer.status_code == AWAY:
        raise httpx.ReadError("the server's database is away", request=answer.request)
    if answer.is_error:
        raise ProblemError(
            f"The server answered {answer.status_code} to a reader who followed a link of a mail. "
            "Its log says why; start the demonstration again once that is repaired."
        )


def wishes_for(message_id: str) -> set[str]:
    """Return what the reader of this mail does; most do nothing."""
    chance = chance_of("read", message_id)
    if chance >= OPENED:
        return set()
    wishes = {"opened"}
    if chance < CLICKED:
        wishes.add("clicked")
    if chance_of("leave", message_id) < UNSUBSCRIBED / OPENED:
        wishes.add("unsubscribed")
    return wishes


def chance_of(what: str, message_id: str) -> float:
    """Return a number in [0, 1) that is always the same for the same mail."""
    digest = blake2b(f"{what}:{message_id.strip('<>')}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) / 2**64


def find_links(mail: bytes) -> Iterator[tuple[str, str]]:
    """Yield the kind (u, o, c) and address of every tracked link; of one kind the last counts."""
    for part in message_from_bytes(mail).walk():
        text = part.get_payload(decode=True)
        if isinstance(text, bytes):
            yield from ((found[1].decode(), found[0].decode()) for found in LINK.finditer(text))


def own_path(link: str) -> str:
    """Return a link's path: an earlier run may have listened on another port."""
    return urlsplit(link).path
