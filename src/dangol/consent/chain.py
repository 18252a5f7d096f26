"""The chain of the ledger: each link binds one entry to everything before it.

Whoever changes, removes, swaps or slips in an entry breaks a hash. Whoever cuts off the end, or
computes the chain anew from some entry on, is found only by an anchor: a head of the chain that was
written down somewhere else. Entries are written without a link and chained a moment later by one
writer at a time, so that nobody who records a consent waits for anybody else's.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Literal

from dangol.consent.ledger import STATEMENTS
from dangol.consent.verify import NOTHING, hash_link, hash_of
from dangol.store.connect import Connection

# So many links are written at once, and read at once.
LINKS_AT_ONCE: Final = 5_000

FaultKind = Literal[
    "missing_link",
    "missing_entry",
    "altered_entry",
    "broken_link",
    "unlinked_entry",
    "cut_off",
    "rewritten",
]
# What each means, and what to do about it.
REMEDIES: Final[dict[FaultKind, str]] = {
    "missing_link": "A link was removed from the chain, or stands in another's place.",
    "missing_entry": "The entry that the link binds was deleted.",
    "altered_entry": "The entry says something else than when it was chained.",
    "broken_link": "The link was altered, or does not follow the one before it.",
    "unlinked_entry": "The entry was slipped in, or its link was removed.",
    "cut_off": "The chain ends before an anchor: entries were removed from its end.",
    "rewritten": "The chain is another one than when the anchor was written.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """The head of a chain at a time: how many links it had, and the last one's hash."""

    workspace_id: int
    seq: int
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link as it is stored, with the facts of its entry; None where there is no such entry."""

    seq: int
    entry_id: int
    digest: str
    hash: str
    at: str
    facts: dict[str, object] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong with a ledger; ``seq`` or ``entry_id`` says where, if one does."""

    kind: FaultKind
    seq: int | None = None
    entry_id: int | None = None

    @property
    def where(self) -> str:
        """What is wrong and where, in a few words."""
        places = {"link": self.seq, "entry": self.entry_id}
        named = [f"{name} {number}" for name, number in places.items() if number is not None]
        return f"{self.kind.replace('_', ' ')}, {', '.join(named)}"

    @property
    def remedy(self) -> str:
        """What it means, and what to do."""
        return f"{REMEDIES[self.kind]} Compare with a backup; docs/guides/consent.md."


@dataclass(slots=True, kw_only=True)
class Walk:
    """A way along a chain, link by link; where one is wrong, it goes on from what is stored."""

    workspace_id: int
    anchors: Iterable[Anchor] = ()
    seq: int = 0
    hash: str = NOTHING
    _expected: dict[int, set[str]] = field(init=False)

    def __post_init__(self) -> None:
        self._expected = {}
        for anchor in self.anchors:
            if anchor.workspace_id == self.workspace_id and anchor.seq > self.seq:
                self._expected.setdefault(anchor.seq, set()).add(anchor.hash)

    def step(self, link: Link) -> Fault | None:
        """Take the next link; return what is wrong with it, the first thing only."""
        kind = self._judge(link)
        self.seq, self.hash = link.seq, link.hash
        expected = self._expected.pop(link.seq, None)
        if kind is None and expected is not None and expected != {link.hash}:
            kind = "rewritten"
        return Fault(kind=kind, seq=link.seq, entry_id=link.entry_id) if kind else None

    def end(self) -> list[Fault]:
        """Say which anchors lie beyond the end of the chain."""
        return [Fault(kind="cut_off", seq=seq) for seq in sorted(self._expected) if seq > self.seq]

    def _judge(self, link: Link) -> FaultKind | None:
        if link.seq != self.seq + 1:
            return "missing_link"
        if link.facts is None:
            return "missing_entry"
        if link.facts.get("entry") != link.entry_id or hash_of(link.facts) != link.digest:
            return "altered_entry"
        computed = hash_link(
            workspace=self.workspace_id,
            seq=link.seq,
            previous=self.hash,
            digest=link.digest,
            at=link.at,
        )
        return None if computed == link.hash else "broken_link"


def chain_entries(connection: Connection, *, workspace_id: int, now: datetime) -> int:
    """Give the entries that wait for one their links, in one step; return how many got one.

    To be called inside a transaction, which holds the chain until it ends. Nobody who records a
    consent waits for it.
    """
    values = {"workspace_id": workspace_id, "most": LINKS_AT_ONCE}
    connection.execute(STATEMENTS["lock_chain"], values)
    waiting = connection.execute(STATEMENTS["read_unchained"], values).fetchall()
    if not waiting:
        return 0
    seq, head = read_head(connection, workspace_id=workspace_id)
    at = stamp(now)
    with connection.cursor() as cursor, cursor.copy(STATEMENTS["copy_links"]) as copy:
        for entry_id, facts in waiting:
            seq += 1
            digest = hash_of(facts)
            head = hash_link(workspace=workspace_id, seq=seq, previous=head, digest=digest, at=at)
            copy.write_row(
                (workspace_id, seq, entry_id, bytes.fromhex(digest), bytes.fromhex(head), now)
            )
    ids = [row[0] for row in waiting]
    connection.execute(STATEMENTS["delete_unchained"], {**values, "entry_ids": ids})
    return len(ids)


def chain_everything(connection: Connection, *, workspace_id: int, now: datetime) -> int:
    """Chain until nothing waits, each step in a transaction of its own; return how many."""
    chained = 0
    while True:
        with connection.transaction():
            step = chain_entries(connection, workspace_id=workspace_id, now=now)
        chained += step
        if step < LINKS_AT_ONCE:
            return chained


def read_head(connection: Connection, *, workspace_id: int) -> tuple[int, str]:
    """Return the number and the hash of the last link."""
    row = connection.execute(STATEMENTS["read_head"], {"workspace_id": workspace_id}).fetchone()
    return (row[0], row[1].hex()) if row else (0, NOTHING)


def read_chain(connection: Connection, *, workspace_id: int) -> Iterator[Link]:
    """Yield the links of a workspace in order, a few at a time. Needs a transaction."""
    with connection.cursor(name="chain") as cursor:
        cursor.itersize = LINKS_AT_ONCE
        for seq, entry_id, digest, own, at, facts in cursor.execute(
            STATEMENTS["read_chain"], {"workspace_id": workspace_id}
        ):
            yield Link(
                seq=seq, entry_id=entry_id, digest=digest.hex(), hash=own.hex(), at=at, facts=facts
            )


def verify_chain(
    connection: Connection, *, workspace_id: int, anchors: Iterable[Anchor] = ()
) -> Iterator[Fault | None]:
    """Walk the chain of a workspace; yield for each link what is wrong with it, then all else.

    Reads only. To be called inside a transaction that sees one moment.
    """
    walk = Walk(workspace_id=workspace_id, anchors=anchors)
    for link in read_chain(connection, workspace_id=workspace_id):
        yield walk.step(link)
    yield from walk.end()
    values = {"workspace_id": workspace_id}
    for (entry_id,) in connection.execute(STATEMENTS["list_unlinked"], values):
        yield Fault(kind="unlinked_entry", entry_id=entry_id)


def stamp(at: datetime) -> str:
    """Say a time as the chain does: in UTC, to the microsecond."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
