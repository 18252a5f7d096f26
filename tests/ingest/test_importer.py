import msgspec
import pytest
from tests.build import NOON, TEST_VAULT
from tests.ingest.import_words import (
    SEOUL_ORDERS,
    Killed,
    inbox,
    killed_after,
    meaning,
    orders_file,
)

from dangol.ingest import importer
from dangol.ingest.importer import ImportBusy, Ledger, import_file, read_events, run_import
from dangol.ingest.importer_report import decode_report, encode_report, say_report
from dangol.ingest.mapping import MappingFault
from dangol.ingest.readers import FileFault


def many_orders(folder, count=10):
    return orders_file(
        folder, *(f"A{day:02},2027-01-{day:02},minji,s1,a,1,100" for day in range(1, count + 1))
    )


def bring_in(connection, workspace, path, **more):
    return import_file(
        connection,
        workspace_id=workspace,
        vault=TEST_VAULT,
        path=path,
        mapping=more.pop("mapping", meaning()),
        kind="orders",
        now=NOON,
        **more,
    )


@pytest.fixture
def small_chunks(monkeypatch):
    monkeypatch.setattr(importer, "EVENTS_AT_ONCE", 3)


def test_an_import_writes_every_event_to_the_inbox(connection, workspace, tmp_path):
    report = bring_in(connection, workspace, many_orders(tmp_path))

    assert len(inbox(connection)) == report.accepted == 10


def test_events_are_received_now_and_occurred_then(connection, workspace, tmp_path):
    bring_in(connection, workspace, many_orders(tmp_path, count=1))

    [(received_at, occurred_at)] = connection.execute(
        "select received_at, occurred_at from event"
    ).fetchall()

    assert received_at == NOON
    assert occurred_at.isoformat() == "2026-12-31T15:00:00+00:00"


def test_the_same_file_twice_changes_nothing(connection, workspace, tmp_path):
    path = many_orders(tmp_path)

    first = bring_in(connection, workspace, path)
    before = inbox(connection)
    second = bring_in(connection, workspace, path)

    assert inbox(connection) == before
    assert second.unchanged
    assert msgspec.structs.replace(second, unchanged=False) == first


def test_another_mapping_of_the_same_file_is_another_import(connection, workspace, tmp_path):
    path = many_orders(tmp_path, count=1)
    other = meaning(SEOUL_ORDERS.replace("KRW", "USD"))

    bring_in(connection, workspace, path)
    second = bring_in(connection, workspace, path, mapping=other)

    assert not second.unchanged
    assert inbox(connection) == [("Order Completed", "import:order:A01")] * 2


def test_a_dry_run_writes_nothing_and_reports_the_same(connection, workspace, tmp_path):
    path = many_orders(tmp_path)

    rehearsed = bring_in(connection, workspace, path, dry_run=True)
    rows = connection.execute("select count(*) from import_file").fetchone()
    connection.commit()
    report = bring_in(connection, workspace, path)

    assert rows == (0,)
    assert msgspec.structs.replace(rehearsed, dry_run=False) == report


@pytest.mark.usefixtures("small_chunks")
@pytest.mark.parametrize("chunks", [1, 2, 3])
def test_a_killed_import_goes_on_where_it_stopped(connection, workspace, tmp_path, chunks):
    path = many_orders(tmp_path)

    with pytest.raises(Killed):
        bring_in(connection, workspace, path, progress=killed_after(chunks))
    written = len(inbox(connection))
    report = bring_in(connection, workspace, path)

    assert written == 3 * chunks
    assert [message for _, message in inbox(connection)] == [
        f"import:order:A{day:02}" for day in range(1, 11)
    ]
    assert not report.unchanged


@pytest.mark.usefixtures("small_chunks")
def test_a_chunk_and_its_count_are_written_together(connection, workspace, tmp_path):
    with pytest.raises(Killed):
        bring_in(connection, workspace, many_orders(tmp_path), progress=killed_after(2))

    states = connection.execute("select state, rows_done from import_file").fetchall()

    assert states == [("running", 6)]


@pytest.mark.usefixtures("small_chunks")
def test_an_introduction_is_never_cut_off_from_the_first_order(connection, workspace, tmp_path):
    made_up = meaning(
        SEOUL_ORDERS + 'email = "customer-{customer_id}@shop.example"\nmade_up = true\n'
    )
    path = orders_file(
        tmp_path, *(f"A{n},2027-01-0{n},customer{n},s1,a,1,100" for n in range(1, 6))
    )

    with pytest.raises(Killed):
        bring_in(connection, workspace, path, mapping=made_up, progress=killed_after(1))
    bring_in(connection, workspace, path, mapping=made_up)

    names = [name for name, _ in inbox(connection)]
    assert names == ["Identified", "Order Completed"] * 5


@pytest.mark.usefixtures("small_chunks")
def test_progress_counts_rows_up_to_all_of_them(connection, workspace, tmp_path):
    told = []
    path = orders_file(
        tmp_path,
        *(f"A{n},2027-01-01,minji,s1,a,1,100" for n in range(4)),
        "A9,2027-01-01,,s1,a,1,100",
    )

    bring_in(connection, workspace, path, progress=lambda done, total: told.append((done, total)))

    assert told == [(3, 5), (4, 5), (5, 5)]


def test_two_processes_do_not_import_the_same_file_at_once(connection, workspace, tmp_path):
    path = many_orders(tmp_path)
    slow = Ledger(connection, workspace_id=workspace)
    slow.open(path, mapping=meaning(), kind="orders", now=NOON)
    [chunk] = read_events(
        path, mapping=meaning(), kind="orders", vault=TEST_VAULT, workspace_id=workspace, now=NOON
    )

    bring_in(connection, workspace, path)

    with pytest.raises(ImportBusy, match="Another process is importing the same file"):
        slow.write(chunk, now=NOON)
    assert len(inbox(connection)) == 10


def test_a_wrong_mapping_or_file_is_refused_before_anything_is_written(
    connection, workspace, tmp_path
):
    wrong = meaning(SEOUL_ORDERS.replace('"price"', '"cost"'))

    with pytest.raises(MappingFault):
        bring_in(connection, workspace, many_orders(tmp_path), mapping=wrong)
    with pytest.raises(FileFault):
        bring_in(connection, workspace, tmp_path / "none.csv")

    assert inbox(connection) == []


def test_a_mapping_corrected_after_a_fault_imports_the_file(connection, workspace, tmp_path):
    path, mapping = many_orders(tmp_path), tmp_path / "map.toml"
    arguments = {
        "workspace_id": workspace,
        "vault": TEST_VAULT,
        "path": path,
        "mapping_path": mapping,
        "kind": "orders",
        "now": NOON,
    }
    mapping.write_text(SEOUL_ORDERS.replace('"price"', '"cost"'), encoding="utf-8")
    with pytest.raises(MappingFault):
        run_import(connection, **arguments)

    mapping.write_text(SEOUL_ORDERS, encoding="utf-8")

    assert run_import(connection, **arguments).accepted == 10


def test_a_report_survives_its_json_with_exact_amounts(connection, workspace, tmp_path):
    path = orders_file(tmp_path, "A1,2027-01-01,minji,s1,a,1,0.1", "A2,2027-01-01,minji,s1,a,1,x")

    report = bring_in(connection, workspace, path)
    text = encode_report(report)

    assert decode_report(text) == report
    assert b'"total":0.1,' in text
    assert b'"refused":{"bad_amount":1}' in text


def test_a_report_says_what_was_refused_and_where(connection, workspace, tmp_path):
    path = orders_file(tmp_path, "A1,2027-01-01,minji,s1,a,1,1000", "A2,2027-01-01,,s1,a,2,1000")

    said = say_report(bring_in(connection, workspace, path))

    assert said.splitlines() == [
        "orders.csv: 2 rows, 1 accepted.",
        "They became 1 Order Completed, of 1 customers.",
        "Amounts: 3,000 in all, 1,000 accepted.",
        "Refused: 1 rows: nothing says whose it is, worth 2,000. Lines 3",
    ]
