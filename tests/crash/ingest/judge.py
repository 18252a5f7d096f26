"""What must be true of a round, whoever died in it."""

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import Final

from tests.crash.ingest.book import JOINED, Book

from dangol.store.connect import Connection

LISTED: Final = 3
# What has arrived and not been read yet. One row of an index says it.
UNREAD: Final = """
select exists (
    select from event_block where workspace_id = %(workspace_id)s
) or exists (
    select from event join event_cursor using (workspace_id)
    where event.workspace_id = %(workspace_id)s and event_cursor.reader = 'tick'
    and (event.written_by, event.id) > (event_cursor.written_by, event_cursor.event_id)
)
"""
STORED: Final = "select distinct message_id from event where message_id = any(%(ids)s)"
ACTED: Final = """
select message_id from acted_event
where workspace_id = %(workspace_id)s and message_id = any(%(ids)s)
"""
DONE: Final = """
select identifier.key, activity.event_name, activity.count, activity.revenue
from identifier join activity using (customer_id)
where identifier.workspace_id = %(workspace_id)s and identifier.kind = 'external'
and identifier.key = any(%(customers)s)
"""
GRANTED: Final = """
select identifier.key, count(*) from identifier join consent_entry using (customer_id)
where identifier.workspace_id = %(workspace_id)s and identifier.kind = 'external'
and identifier.key = any(%(customers)s) group by identifier.key
"""
ALL_DONE: Final = """
select identifier.key, activity.event_name, activity.count
from identifier join activity using (customer_id)
where identifier.workspace_id = %(workspace_id)s and identifier.kind = 'external'
"""
PARKED: Final = "select reason from parked_event where workspace_id = %(workspace_id)s"


@dataclass(kw_only=True)
class Verdict:
    """What a history lacks, what it has twice, and what contradicts itself."""

    lost: int = 0
    duplicated: int = 0
    found: int = 0
    contradictions: int = 0
    findings: list[str] = field(default_factory=list)
    # Whom it concerns.
    customers: set[str] = field(default_factory=set)

    @property
    def clean(self) -> bool:
        """Whether the history is as it would be had nobody died."""
        return not (self.lost or self.duplicated or self.contradictions)

    def add(self, other: "Verdict") -> None:
        """Add what another round came to."""
        self.lost += other.lost
        self.duplicated += other.duplicated
        self.found += other.found
        self.contradictions += other.contradictions
        self.findings += other.findings
        self.customers |= other.customers

    def compare_all(
        self, *, expected: Counter[tuple[str, str]], found: Counter[tuple[str, str]]
    ) -> None:
        """Compare what all rounds came to, where no round has found anything by itself."""
        if self.clean:
            self.lost += note(self, "gone since", expected - found)
            self.duplicated += note(self, "counted again since", found - expected)

    def contradict(self, what: str, wrong: Iterable[object]) -> None:
        """Count what no history may hold."""
        found = list(wrong)
        self.contradictions += len(found)
        if found:
            self.findings.append(f"{what}: {len(found)} ({found[:LISTED]})")

    def say(self, what: str, wrong: Iterable[object]) -> None:
        """Tell of some, and how many there are."""
        found = [" ".join(one) if isinstance(one, tuple) else str(one) for one in wrong]
        if found:
            more = " …" if len(found) > LISTED else ""
            self.findings.append(f"{what}: {len(found)} ({', '.join(found[:LISTED])}{more})")


def judge(connection: Connection, book: Book, *, workspace_id: int) -> Verdict:
    """Compare everything that was acknowledged with everything it did.

    An event is lost when it did nothing, or less than it says; doubled when it did more.
    """
    verdict = Verdict()
    place: dict[str, object] = {
        "workspace_id": workspace_id,
        "ids": list(book.events),
        "customers": list({event.customer for event in book.events.values()}),
    }
    acted = {row[0] for row in rows(connection, ACTED, place)}
    missing = book.events.keys() - acted
    if missing:
        stored = {row[0] for row in rows(connection, STORED, {"ids": list(missing)})}
        verdict.say("acknowledged, but not in the inbox", sorted(missing - stored))
        verdict.say("in the inbox, but never acted", sorted(missing & stored))
    verdict.customers |= {book.events[name].customer for name in missing}
    verdict.found = len(book.events) - len(missing)
    compare_activity(verdict, rows(connection, DONE, place), book)
    compare_consents(verdict, rows(connection, GRANTED, place), book)
    verdict.lost = max(verdict.lost, len(missing))
    verdict.contradict("parked", [row[0] for row in rows(connection, PARKED, place)])
    verdict.contradict("refused for good", book.refused.elements())
    return verdict


def compare_activity(verdict: Verdict, done: list[tuple], book: Book) -> None:
    """Every event counts once for its customer, and so does what they spent."""
    counted = Counter({(who, name): count for who, name, count, _ in done})
    verdict.lost += note(verdict, "missing from activity", book.orders() - counted)
    verdict.duplicated += note(verdict, "counted twice", counted - book.orders())
    spent: Counter[str] = Counter()
    for who, _, _, revenue in done:
        spent[who] += int(revenue)
    # The same events once more, so they are told but not added.
    note(verdict, "revenue missing", book.revenues() - spent)
    if note(verdict, "revenue counted twice", spent - book.revenues()) and not verdict.duplicated:
        verdict.contradict("revenue without an event", spent - book.revenues())


def compare_consents(verdict: Verdict, granted: list[tuple], book: Book) -> None:
    """Who joined gave consent once."""
    entries = Counter(dict(granted))
    joined = Counter(event.customer for event in book.events.values() if event.name == JOINED)
    if twice := note(verdict, "consent entered twice", entries - joined):
        verdict.duplicated = max(verdict.duplicated, twice)
    if less := note(verdict, "consent missing", joined - entries):
        verdict.lost = max(verdict.lost, less)


def note(verdict: Verdict, what: str, wrong: Counter[Hashable]) -> int:
    """Tell what differs; return by how much."""
    verdict.say(what, wrong)
    verdict.customers |= {str(one[0] if isinstance(one, tuple) else one) for one in wrong}
    return wrong.total()


def rows(connection: Connection, query: str, place: dict[str, object]) -> list[tuple]:
    with connection.transaction():
        return connection.execute(query.encode(), place).fetchall()
