"""Many customers and messages at once, each a case for the law, judged by the real statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tests.build import NOON, journey, one, template

from dangol.guard.decide import decide_messages
from dangol.store.connect import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One message to one customer, and all that a law may ask about it."""

    channel: str
    purpose: str = "marketing"
    country: str | None = None
    zone: str | None = None
    # granted, refused or withdrawn; None where they never said anything.
    consent: str | None = None
    night: bool = False
    confirmed_at: datetime = NOON
    bought_at: datetime | None = None
    # Whether the message is about goods like those bought.
    similar: bool = False


Fate = tuple[str, str, datetime | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """The customers of the cases, and the journey that writes to them."""

    connection: Connection
    workspace: int
    cases: Sequence[Case]
    first_id: int
    journey_id: int
    version_id: int
    # About anything, and about goods like those bought.
    templates: tuple[int, int]

    def judge(self, now: datetime) -> list[Fate]:
        """Plan every case's message at ``now`` and let the guard decide about all of them."""
        with self.connection.transaction():
            self.connection.execute("delete from decision")
            self.connection.execute("delete from message")
            self.plan(now)
            decide_messages(
                self.connection, workspace_id=self.workspace, now=now, batch=len(self.cases)
            )
        return self.connection.execute(
            "select verdict::text, reason::text, hold_until from decision order by customer_id"
        ).fetchall()

    def plan(self, now: datetime) -> None:
        with self.connection.cursor().copy(
            "copy message (workspace_id, customer_id, enrollment_id, journey_id, version_id,"
            " step_number, visit, template_id, channel, purpose, planned_at, expires_at, act_at)"
            " from stdin"
        ) as rows:
            for number, case in enumerate(self.cases):
                customer = self.first_id + number
                rows.write_row(
                    (
                        *(self.workspace, customer, customer, self.journey_id, self.version_id),
                        *(1, 1, self.templates[case.similar], case.channel, case.purpose),
                        *(now, datetime(2099, 1, 1, tzinfo=now.tzinfo), now),
                    )
                )


def gather(connection: Connection, workspace: int, cases: Sequence[Case]) -> Crowd:
    """Make every case's customer; nothing but the law speaks against their messages."""
    connection.execute(
        "update workspace set quiet_from = '00:00', quiet_until = '00:00', cap_messages = 100000,"
        " daily_messages = 100000 where id = %s",
        (workspace,),
    )
    plain = template(connection, workspace, name="about anything")
    alike = template(connection, workspace, name="about goods like theirs")
    connection.execute("update template set similar_goods = true where id = %s", (alike,))
    made = journey(connection, workspace, template_id=plain)
    version = one(connection, "select version_id from journey where id = %(id)s", id=made)
    first = one(connection, "select coalesce(max(id), 0) + 1000 from customer")
    crowd = Crowd(
        connection=connection,
        workspace=workspace,
        cases=cases,
        first_id=first,
        journey_id=made,
        version_id=version,
        templates=(plain, alike),
    )
    with connection.transaction():
        fill(crowd)
    return crowd


def fill(crowd: Crowd) -> None:
    people = list(enumerate(crowd.cases, start=crowd.first_id))
    shop = crowd.workspace
    pour(
        crowd.connection,
        "customer (id, workspace_id, first_seen_at, last_seen_at, country, time_zone)",
        [(who, shop, NOON, NOON, case.country, case.zone) for who, case in people],
    )
    pour(
        crowd.connection,
        "address (workspace_id, customer_id, channel, key, sealed, key_of, changed_at)",
        [(shop, who, case.channel, str(who), b"-", who, NOON) for who, case in people],
    )
    pour(
        crowd.connection,
        "consent (workspace_id, customer_id, channel, purpose, state, since, night, confirmed_at,"
        " entry_id)",
        [
            (
                *(shop, who, case.channel, "marketing", case.consent, case.confirmed_at),
                *(case.night, case.confirmed_at, 0),
            )
            for who, case in people
            if case.consent
        ],
    )
    pour(
        crowd.connection,
        "activity (workspace_id, customer_id, event_name, first_at, last_at, count)",
        [
            (shop, who, "Order Completed", case.bought_at, case.bought_at, 1)
            for who, case in people
            if case.bought_at
        ],
    )
    pour(
        crowd.connection,
        "enrollment (id, workspace_id, journey_id, version_id, customer_id, entry_key, state,"
        " step_number, entered_at, ended_at, end_reason)",
        [
            (
                *(who, shop, crowd.journey_id, crowd.version_id, who, f"case {who}", "ended"),
                *(2, NOON, NOON, "completed"),
            )
            for who, _ in people
        ],
    )


def pour(connection: Connection, into: str, rows: Sequence[tuple[object, ...]]) -> None:
    with connection.cursor().copy(f"copy {into} from stdin".encode()) as copy:
        for row in rows:
            copy.write_row(row)
