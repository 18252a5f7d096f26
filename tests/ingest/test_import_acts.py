"""What imported files come to when the tick has taken their events."""

from decimal import Decimal

from tests.build import NOON, TEST_VAULT
from tests.ingest.import_words import SEOUL_ORDERS, meaning, orders_file

from dangol.ingest.importer import import_file
from dangol.ingest.tick import take_events

WITH_CONSENT = (
    SEOUL_ORDERS
    + """
email = "customer-{customer_id}@shop.example"
made_up = true

[consent.email.marketing]
share = 1.0
made_up = true
source = "made up for a test"
"""
)


def import_and_take(connection, workspace, path, mapping):
    import_file(
        connection,
        workspace_id=workspace,
        vault=TEST_VAULT,
        path=path,
        mapping=mapping,
        kind="orders",
        now=NOON,
    )
    with connection.transaction():
        take_events(connection, workspace_id=workspace, vault=TEST_VAULT, now=NOON, batch=10_000)


def orders_known(connection):
    [(count, revenue)] = connection.execute(
        "select coalesce(sum(count), 0), coalesce(sum(revenue), 0) from activity"
        " where event_name = 'Order Completed'"
    ).fetchall()
    connection.commit()
    return count, revenue


def test_imported_orders_make_customers_who_can_be_written_to(connection, workspace, tmp_path):
    path = orders_file(tmp_path, "A1,2027-01-01,minji,s1,a,1,100", "A2,2027-01-02,jiwoo,s1,a,2,100")

    import_and_take(connection, workspace, path, meaning(WITH_CONSENT))

    addresses = connection.execute("select count(*) from address").fetchone()
    consents = connection.execute(
        "select entry.action, entry.source, consent.state from consent"
        " join consent_entry as entry on entry.id = consent.entry_id"
    ).fetchall()
    assert orders_known(connection) == (2, Decimal(300))
    assert addresses == (2,)
    assert consents == [("import", "made up for a test", "granted")] * 2


def test_files_that_overlap_count_each_order_once(connection, workspace, tmp_path):
    january = orders_file(
        tmp_path,
        "A1,2027-01-01,minji,s1,a,1,100",
        "A2,2027-01-31,minji,s1,a,1,100",
        name="january.csv",
    )
    winter = orders_file(
        tmp_path,
        "A2,2027-01-31,minji,s1,a,1,100",
        "A3,2027-02-01,minji,s1,a,1,100",
        name="winter.csv",
    )

    import_and_take(connection, workspace, january, meaning(WITH_CONSENT))
    import_and_take(connection, workspace, winter, meaning(WITH_CONSENT))

    entries = connection.execute("select count(*) from consent_entry").fetchone()
    assert orders_known(connection) == (3, Decimal(300))
    assert entries == (1,)


def test_imported_events_never_act_again(connection, workspace, tmp_path):
    path = orders_file(tmp_path, "A1,2027-01-01,minji,s1,a,1,100")

    import_and_take(connection, workspace, path, meaning())

    kept = connection.execute("select message_id, keep_until from acted_event").fetchall()
    assert kept == [("import:order:A1", None)]
