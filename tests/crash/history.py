"""What must be true of a history, whoever died while it was made."""

import re
from collections import Counter
from collections.abc import Hashable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, LiteralString

from tests.crash.shop import PURCHASE, REGULAR_FROM, Shop, expected_activity

from dangol.app.demo_report import find_violations
from dangol.app.keyfile import open_vault
from dangol.content.tokens import TokenPurpose, read_token
from dangol.store.connect import Connection
from dangol.store.lake import Lake
from dangol.store.vault import BadToken

MESSAGE_ID: Final = re.compile(rb"^Message-ID:\s*<([^>]+)>", re.IGNORECASE | re.MULTILINE)
HEAD_BYTES: Final = 4_096
LISTED: Final = 3
# Whether anything is still on its way through the flow.
OPEN_WORK: Final = """
select
    (select coalesce(sum(events), 0) from event_block where workspace_id = %(workspace_id)s),
    (select count(*) from event where event.workspace_id = %(workspace_id)s and not exists (
        select from acted_event where acted_event.message_id = event.message_id)),
    (select count(*) from enrollment where state in ('active', 'waiting')),
    (select count(*) from message where state in ('planned', 'held', 'allowed')),
    (select count(*) from delivery where state in ('claimed', 'calling')),
    (select count(*) from event as latest where latest.written_by > (
        select written_by from event_cursor where reader = 'lake'))
"""


@dataclass(kw_only=True)
class Verdict:
    """What a history lacks, what it has twice, and what contradicts itself."""

    lost: int = 0
    duplicated: int = 0
    contradictions: int = 0
    unknown: int = 0
    figures: dict[str, int] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether the history is as it would be had nobody died."""
        return not (self.lost or self.duplicated or self.contradictions)

    def compare(self, what: str, *, expected: Counter[Hashable], found: Counter[Hashable]) -> None:
        """Count what is missing as lost and what is too much as duplicated."""
        missing, extra = expected - found, found - expected
        self.lost += missing.total()
        self.duplicated += extra.total()
        for word, wrong in (("lost", missing), ("twice", extra)):
            if wrong:
                shown = ", ".join(str(one) for one in [*wrong][:LISTED])
                self.findings.append(f"{what}: {wrong.total()} {word} ({shown} …)")

    def contradict(self, what: str, wrong: Iterable[object]) -> None:
        """Count what no history may hold."""
        found = list(wrong)
        self.contradictions += len(found)
        if found:
            self.findings.append(f"{what}: {len(found)} ({found[:LISTED]})")


def open_work(connection: Connection, *, workspace_id: int) -> tuple[int, ...]:
    """Count what is still on its way: events, enrollments, messages, deliveries, events to flush.

    All zero means that nothing more will happen by itself.
    """
    with connection.transaction():
        return connection.execute(OPEN_WORK, {"workspace_id": workspace_id}).fetchall()[0]


def judge(shop: Shop) -> Verdict:
    """Compare everything that was acknowledged with everything that is there."""
    verdict = Verdict()
    with shop.connect() as connection:
        check_events(verdict, connection, shop)
        check_lake(verdict, connection, shop)
        check_journeys(verdict, connection, shop)
        check_mail(verdict, connection, shop)
        with connection.transaction():
            unaccounted = find_violations(connection, workspace_id=shop.workspace_id)
        verdict.contradict("messages unaccounted for", unaccounted)
    return verdict


def check_events(verdict: Verdict, connection: Connection, shop: Shop) -> None:
    """Every acknowledged event acted exactly once on its customer."""
    found = rows(
        connection,
        "select identifier.key, activity.event_name, activity.count from activity"
        " join identifier using (customer_id) where identifier.kind = 'external'"
        " and activity.event_name in ('Identified', 'Order Completed')",
    )
    verdict.compare(
        "events",
        expected=Counter(expected_activity(shop)),
        found=Counter({(key, name): count for key, name, count in found}),
    )
    verdict.contradict("parked events", rows(connection, "select reason from parked_event"))
    verdict.figures["events"] = len(shop.acknowledged)


def check_lake(verdict: Verdict, connection: Connection, shop: Shop) -> None:
    """The history holds each event that acted once, those of our own stages included."""
    table = Lake(shop.settings.lake_folder).event_dataset().to_table(columns=["message_id"])
    own = rows(connection, "select message_id from event where message_id like 'segment:%'")
    verdict.compare(
        "events in the lake",
        expected=Counter([*shop.acknowledged, *(row[0] for row in own)]),
        found=Counter(table["message_id"].to_pylist()),
    )


def check_journeys(verdict: Verdict, connection: Connection, shop: Shop) -> None:
    """Each order planned one thank-you, each regular one note; nothing was planned twice."""
    orders = Counter(key for key, (_, name) in shop.acknowledged.items() if name == PURCHASE)
    bought = Counter(who for who, name in shop.acknowledged.values() if name == PURCHASE)
    planned = (
        "select {} from message join enrollment on enrollment.id = message.enrollment_id"
        " join journey on journey.id = message.journey_id join identifier"
        " on identifier.customer_id = message.customer_id and identifier.kind = 'external'"
        " where journey.name = '{}'"
    )
    thanked = rows(connection, planned.format("enrollment.entry_key", "thanks"))
    noted = rows(connection, planned.format("identifier.key", "regulars"))
    verdict.compare("thank-yous", expected=orders, found=Counter(row[0] for row in thanked))
    verdict.compare(
        "notes to regulars",
        expected=Counter(who for who, times in bought.items() if times >= REGULAR_FROM),
        found=Counter(row[0] for row in noted),
    )
    verdict.figures["messages"] = len(thanked) + len(noted)


def check_mail(verdict: Verdict, connection: Connection, shop: Shop) -> None:
    """No message arrived twice; every accepted one arrived; one that arrived is not forgotten."""
    ours = {
        name.strip("<>"): state
        for name, state in rows(
            connection,
            "select provider_message_id, state::text from delivery"
            " where provider_message_id is not null and state in ('accepted', 'rejected')",
        )
    }
    arrived = mails(shop)
    verdict.compare("mails", expected=Counter(set(arrived)), found=arrived)
    accepted = Counter(name for name, state in ours.items() if state == "accepted")
    verdict.compare(
        "accepted mails", expected=accepted, found=Counter(set(arrived) & set(accepted))
    )
    unknown = rows(connection, "select message_id from delivery where state = 'unknown'")
    verdict.unknown = len(unknown)
    # What arrived without our knowing its end must stand as unknown, one for one at most.
    unexplained = len(set(arrived) - set(accepted)) - len(unknown)
    verdict.contradict("mails that no delivery admits", range(max(0, unexplained)))
    verdict.figures["mails"] = arrived.total()
    verdict.contradict("a shop without mail proves nothing", [] if arrived else [shop.folder])


def mails(shop: Shop) -> Counter[str]:
    """Count the mails of this shop that arrived, by Message-ID."""
    vault = open_vault(shop.settings.key_path)
    found: Counter[str] = Counter()
    for path in shop.mailbox.glob("*.eml"):
        with path.open("rb") as file:
            named = MESSAGE_ID.search(file.read(HEAD_BYTES))
        assert named, f"{path} has no Message-ID"
        message_id = named[1].decode()
        # Every shop signs with a key of its own; the mail server serves them all.
        with suppress(BadToken):
            read_token(vault, TokenPurpose.MESSAGE, message_id.partition("@")[0])
            found[message_id] += 1
    return found


def rows(connection: Connection, query: LiteralString | str) -> list[tuple]:
    with connection.transaction():
        return connection.execute(query.encode()).fetchall()
