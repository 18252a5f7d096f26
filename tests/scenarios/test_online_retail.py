"""A whole file of real purchases through every stage, and each figure reconciled with the last."""

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from importlib import resources
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow.parquet as pq
from tests.build import one
from tests.scenarios.story import Story, message_id_of

from dangol.app.demo_report import find_violations
from dangol.app.mailbox import script_for
from dangol.ingest.importer import import_file
from dangol.ingest.mapping import load_mapping
from dangol.segments.define import define_segment
from dangol.segments.library import LAPSED_REGULARS

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
WIN_BACK = (resources.files("dangol.app") / "demo_journeys" / "win_back.yaml").read_text("utf-8")
# The morning after the last invoice, nine o'clock in Seoul.
MORNING = "2011-12-10 09:00"
TWO_WEEKS_LATER = "2011-12-24 09:00"
LONDON = ZoneInfo("Europe/London")


def lapsed_in(path: Path, *, now: datetime) -> int:
    """Count, from the file alone, who has two invoices or more and none for 90 days."""
    columns = pq.read_table(path, columns=["InvoiceNo", "InvoiceDate", "CustomerID"])
    invoices: dict[str, set[str]] = defaultdict(set)
    last: dict[str, datetime] = {}
    rows = zip(*(columns[name].to_pylist() for name in columns.column_names), strict=True)
    for invoice, at, customer in rows:
        if customer is not None and not str(invoice).startswith("C"):
            invoices[customer].add(invoice)
            last[customer] = max(last.get(customer, at), at)
    long_ago = now - timedelta(days=90)
    return sum(
        len(found) >= 2 and last[name].replace(tzinfo=LONDON).astimezone(UTC) <= long_ago
        for name, found in invoices.items()
    )


def counts(story: Story, query: str) -> dict[str, int]:
    with story.connection.transaction():
        return dict(story.connection.execute(query.encode()).fetchall())


def open_shop(story: Story) -> None:
    story.server.script = script_for
    story.now = datetime(2010, 1, 1, tzinfo=UTC)
    with story.connection.transaction():
        define_segment(
            story.connection,
            workspace_id=story.workspace,
            name="lapsed_regulars",
            title_ko="한동안 뜸한 단골",
            title_en="Lapsed regulars",
            definition=LAPSED_REGULARS,
            now=story.now,
        )
    story.runs(WIN_BACK).at(MORNING)


def check_steps(story: Story) -> None:
    """Each step's audience is what was decided about it, and nobody is left over."""
    planned = counts(
        story, "select step_number, count(*) from message group by step_number order by 1"
    )
    settled = counts(
        story,
        "select step_number, count(*) from message where state in"
        " ('skipped', 'held', 'allowed', 'handed', 'failed') group by step_number order by 1",
    )
    enrolled = one(story.connection, "select sum(planned) from enrollment")
    story.connection.commit()
    assert planned == settled
    assert sum(planned.values()) == enrolled
    with story.connection.transaction():
        assert find_violations(story.connection, workspace_id=story.workspace) == []


def check_mail(story: Story) -> None:
    """Every accepted delivery is in the mailbox exactly once, and nothing else is."""
    with story.connection.transaction():
        accepted = story.connection.execute(
            "select provider_message_id from delivery where state = 'accepted'"
        ).fetchall()
    arrived = Counter(message_id_of(mail) for mail in story.server.mails)
    assert {row[0].strip("<>") for row in accepted} == set(arrived)
    assert set(arrived.values()) == {1}


def test_a_year_of_online_retail_goes_the_whole_way(story, shared_data):
    path = shared_data / "online_retail" / "online_retail.parquet"
    open_shop(story)

    report = import_file(
        story.connection,
        workspace_id=story.workspace,
        vault=story.vault,
        path=path,
        mapping=load_mapping(EXAMPLES / "online_retail.toml"),
        kind="orders",
        now=story.now,
    )
    story.look_back()

    # The file's own figures, then the tables', then the lake's: none gains or loses a row.
    events = sum(report.events.values())
    assert report.rows == 541_909
    assert report.accepted_amount + sum(report.refused_amounts.values()) == Decimal("9747747.934")
    acted = counts(story, "select event_name, sum(count) from activity group by event_name")
    assert {name: acted[name] for name in report.events} == report.events
    assert one(story.connection, "select sum(revenue) from activity") == report.accepted_amount
    assert one(story.connection, "select count(*) from customer") == report.customers == 4_372
    assert one(story.connection, "select count(*) from parked_event") == 0
    story.connection.commit()
    # The refresh comes after the flush: who entered a segment is written by the next one.
    assert story.lake.event_dataset().count_rows() == events

    # Whom the file itself calls lapsed, everybody enrolled, one note planned for each.
    lapsed = lapsed_in(path, now=story.now)
    assert lapsed > 500
    assert one(story.connection, "select count(*) from membership") == lapsed
    assert one(story.connection, "select count(*) from enrollment") == lapsed
    first = counts(story, "select state, count(*) from message group by state")
    assert sum(first.values()) == lapsed
    check_steps(story)
    check_mail(story)
    share = one(story.connection, "select count(*) from consent where state = 'granted'") / 4_372
    assert abs(share - 0.85) < 0.02

    # Two weeks later nobody has come back: the second note goes to all who may still get one.
    story.at(TWO_WEEKS_LATER).settle()

    why = counts(
        story,
        "select verdict || ' ' || reason, count(*) from decision group by verdict, reason",
    )
    bounced = one(story.connection, "select count(*) from suppression")
    assert one(story.connection, "select count(*) from message") == 2 * lapsed
    assert set(why) == {"allow allowed", "skip no_consent", "skip suppressed"}
    assert why["skip suppressed"] == bounced
    assert sum(why.values()) == 2 * lapsed
    assert why["allow allowed"] == bounced + len(story.server.mails)
    check_steps(story)
    check_mail(story)
