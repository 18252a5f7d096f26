from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pa_parquet
import pytest
from tests.ingest.import_words import HEADER, SEOUL_ORDERS, meaning, orders_file, products, survey

from dangol.ingest.readers import FileFault

LINE = "A1,2027-02-01,minji,s1,머그컵,1,100"
OBJECT = (
    '{"order_id": "A1", "date": "2027-02-01", "customer_id": 7, "sku": "s1", "product": "a",'
    ' "quantity": 1, "price": 0.1}'
)


def sourced(*settings: str):
    return meaning(SEOUL_ORDERS.replace("[source]", "\n".join(("[source]", *settings))))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_delimiter_is_read(tmp_path, delimiter):
    path = tmp_path / "orders.csv"
    path.write_text(f"{HEADER}\n{LINE}\n".replace(",", delimiter), encoding="utf-8")
    written = {"\t": "\\t"}.get(delimiter, delimiter)

    report, _ = survey(path, sourced(f'delimiter = "{written}"'))

    assert report.accepted == 1


def test_columns_parted_by_runs_of_blanks_are_read(tmp_path):
    path = tmp_path / "orders.txt"
    path.write_bytes(
        b" order_id  date customer_id sku product quantity  price\r\n"
        b" A1   20270201 7 s a  2  11.77\r\n"
    )

    _, [order] = survey(path, sourced('delimiter = "whitespace"', 'date_format = "%Y%m%d"'))

    assert order.revenue == Decimal("23.54")


def test_a_file_without_header_takes_its_names_from_the_mapping(tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text(LINE + "\nA2,2027-02-01,,s1,a,1,100\n", encoding="utf-8")
    names = ", ".join(f'"{name}"' for name in HEADER.split(","))

    report, _ = survey(path, sourced(f"header = [{names}]"))

    assert report.accepted == 1
    assert report.examples["no_customer"][0].line == 2


def test_korean_windows_files_are_read_in_their_encoding(tmp_path):
    path = tmp_path / "orders.csv"
    path.write_bytes(f"{HEADER}\n{LINE}\n".encode("cp949"))

    _, [order] = survey(path, sourced('encoding = "cp949"'))

    assert products(order)[0]["name"] == "머그컵"


def test_a_byte_order_mark_is_not_part_of_the_first_column(tmp_path):
    path = tmp_path / "orders.csv"
    path.write_bytes(f"\ufeff{HEADER}\n{LINE}\n".encode())

    report, _ = survey(path, meaning())

    assert report.accepted == 1


def test_the_wrong_encoding_is_named_with_the_line_and_the_remedy(tmp_path):
    path = tmp_path / "orders.csv"
    path.write_bytes(f"{HEADER}\n{LINE}\n".encode("cp949"))

    with pytest.raises(FileFault, match=r"not in utf-8: line 2 .*\[source\] encoding.*'cp949'"):
        survey(path, meaning())


def test_line_numbers_count_lines_inside_quotes_blank_lines_and_broken_rows(tmp_path):
    path = orders_file(
        tmp_path,
        'A1,2027-02-01,minji,s1,"two\nlines",1,100',
        "",
        "broken,row",
        "A2,never,minji,s1,a,1,100",
        "A3,2027-02-01,minji,s1,a,1,100,surplus",
    )

    report, [order] = survey(path, meaning())

    assert products(order)[0]["name"] == "two\nlines"
    assert {reason: [one.line for one in kept] for reason, kept in report.examples.items()} == {
        "wrong_columns": [5, 7],
        "bad_date": [6],
    }
    assert report.rows == report.accepted + sum(report.refused.values()) == 4


def test_a_broken_row_in_a_cp949_file_is_found_too(tmp_path):
    path = tmp_path / "orders.csv"
    path.write_bytes(f"{HEADER}\n나,쁨\n{LINE}\n".encode("cp949"))

    report, _ = survey(path, sourced('encoding = "cp949"'))

    assert report.refused == {"wrong_columns": 1}


def test_json_lines_are_read_with_every_digit(tmp_path):
    path = tmp_path / "orders.jsonl"
    path.write_text(f"{OBJECT}\n\nnot json\n[1]\n{OBJECT.replace('A1', 'A2')}\n")

    report, orders = survey(path, meaning())

    assert [(order.user_id, order.revenue) for order in orders] == [("7", Decimal("0.1"))] * 2
    assert report.refused == {"bad_json": 2}
    assert [example.line for example in report.examples["bad_json"]] == [3, 4]


def test_parquet_keeps_its_types_and_counts_rows_from_one(tmp_path):
    path = tmp_path / "orders.parquet"
    naive = datetime(2027, 2, 1, 9, 30)  # noqa: DTZ001 - as files have it
    table = {
        "order_id": pa.array([536365, 536366]),
        "date": pa.array([naive, naive], pa.timestamp("ns")),
        "customer_id": pa.array([17850.0, None]),
        "sku": pa.array(["s1", "s1"]).dictionary_encode(),
        "product": pa.array(["a", "a"], pa.large_string()),
        "quantity": pa.array([3, 1]),
        "price": pa.array([2.55, 1.0]),
        "tags": pa.array([["a"], []]),
    }
    pa_parquet.write_table(pa.table(table), path)

    report, [order] = survey(path, meaning())

    assert (order.order_id, order.user_id, order.revenue) == ("536365", "17850", Decimal("7.65"))
    assert order.occurred_at == datetime(2027, 2, 1, 0, 30, tzinfo=UTC)
    assert [example.line for example in report.examples["no_customer"]] == [2]


@pytest.mark.parametrize(
    ("column", "moment"),
    [
        (pa.array([date(2027, 2, 1)]), datetime(2027, 1, 31, 15, tzinfo=UTC)),
        (
            pa.array([datetime(2027, 2, 1, 9, tzinfo=UTC)]),
            datetime(2027, 2, 1, 9, tzinfo=UTC),
        ),
        (pa.array(["2027-02-01 09:00:00"]), datetime(2027, 2, 1, 0, tzinfo=UTC)),
    ],
)
def test_parquet_dates_of_every_type_are_read(tmp_path, column, moment):
    path = tmp_path / "orders.parquet"
    row = {"order_id": ["A1"], "customer_id": ["m"], "sku": ["s"], "product": ["a"]}
    pa_parquet.write_table(pa.table({**row, "quantity": [1], "price": [1], "date": column}), path)

    _, [order] = survey(path, meaning())

    assert order.occurred_at == moment


@pytest.mark.parametrize(("form", "value"), [("unix", "1801440000"), ("unix_ms", "1801440000000")])
def test_unix_times_are_read(tmp_path, form, value):
    path = orders_file(tmp_path, LINE.replace("2027-02-01", value), LINE.replace("2027", "x"))

    report, [order] = survey(path, sourced(f'date_format = "{form}"'))

    assert order.occurred_at == datetime(2027, 2, 1, tzinfo=UTC)
    assert report.refused == {"bad_date": 1}


def test_an_hour_that_the_clocks_skip_is_still_a_time(tmp_path):
    text = SEOUL_ORDERS.replace("Asia/Seoul", "Europe/London")
    path = orders_file(tmp_path, LINE.replace("2027-02-01", "2026-03-29 01:30"))

    report, _ = survey(path, meaning(text))

    assert report.accepted == 1


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("missing.csv", None, "cannot be read: No such file"),
        ("orders.csv", b"", "is empty"),
        ("orders.csv", b"\n\n", "is empty"),
        ("orders.csv", HEADER.encode() + b"\n", "is empty"),
        ("orders.jsonl", b"\n", "is empty"),
        ("orders.parquet", b"no parquet", "cannot be read as parquet"),
        ("orders.xlsx", b"PK", "does not tell the format"),
    ],
)
def test_a_file_that_cannot_be_used_says_what_to_do(tmp_path, name, content, words):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(FileFault, match=words):
        survey(path, meaning())


def test_a_folder_is_no_file(tmp_path):
    path = tmp_path / "orders.csv"
    path.mkdir()

    with pytest.raises(FileFault, match="cannot be read"):
        survey(path, meaning())
