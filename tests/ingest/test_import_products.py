"""Files of products become the catalogue; of each product the last word counts."""

from datetime import timedelta
from decimal import Decimal

import pytest
from tests.build import NOON
from tests.ingest.import_words import Killed, killed_after, meaning

from dangol.ingest import importer
from dangol.ingest.importer import import_file
from dangol.ingest.importer_guess import guess_mapping
from dangol.ingest.mapping import MappingFault

PRODUCTS = """
[source]
time_zone = "Asia/Seoul"
currency = "KRW"
thousands = ","

[columns]
product_id = "sku"
product_name = "name"
price = "price"
currency = "currency"
category = "category"
url = "url"
in_stock = "stock"
date = "at"
"""
HEADER = "sku,name,price,currency,category,url,stock,at"
DAY = "2026-05-02"


def products_file(folder, *lines, header=HEADER, name="products.csv"):
    path = folder / name
    path.write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def bring_in(connection, workspace, vault):
    def run(path, mapping=None, **options):
        connection.commit()
        return import_file(
            connection,
            workspace_id=workspace,
            vault=vault,
            path=path,
            mapping=mapping or meaning(PRODUCTS),
            kind="products",
            now=options.pop("now", NOON),
            **options,
        )

    return run


def catalogue(connection):
    return connection.execute(
        "select product_id, name, price, currency, in_stock from product order by product_id"
    ).fetchall()


def test_rows_become_products_and_the_same_file_again_changes_nothing(
    connection, tmp_path, bring_in
):
    path = products_file(
        tmp_path,
        f's1,셔츠,"18,000",,상의,https://shop.example/s1,3,{DAY}',
        f"s2,모자,12.50,usd,,,0,{DAY}",
        f"s3,상담,,,,,판매중,{DAY}",
    )

    report, again = bring_in(path), bring_in(path)

    assert (report.rows, report.accepted, report.products, report.events) == (3, 3, 3, {})
    assert again.unchanged
    assert catalogue(connection) == [
        ("s1", "셔츠", Decimal(18000), "KRW", True),
        ("s2", "모자", Decimal("12.5"), "USD", False),
        ("s3", "상담", None, None, True),
    ]
    assert connection.execute("select count(*) from event").fetchone() == (0,)


def test_the_last_word_counts_whatever_the_order_of_rows_and_files(connection, tmp_path, bring_in):
    bring_in(
        products_file(
            tmp_path,
            "s1,new,2000,,,,1,2026-05-03",
            "s1,old,1000,,,,1,2026-05-01",
            "s2,first,1,,,,,2026-05-01",
            "s2,second,2,,,,,2026-05-01",
        )
    )
    bring_in(products_file(tmp_path, "s1,older,500,,,,1,2026-05-02", name="later.csv"))

    assert [row[:3] for row in catalogue(connection)] == [
        ("s1", "new", Decimal(2000)),
        ("s2", "second", Decimal(2)),
    ]


def test_what_is_no_product_is_refused_and_a_bad_address_only_left_out(
    connection, tmp_path, bring_in
):
    path = products_file(
        tmp_path,
        f",셔츠,1,,,,,{DAY}",
        f"s1,,1,,,,,{DAY}",
        f"s1,셔츠,free,,,,,{DAY}",
        f"s1,셔츠,-1,,,,,{DAY}",
        f"s1,셔츠,1,won,,,,{DAY}",
        "s1,셔츠,1,₩,,,,2026-05-01",
        f"{'x' * 256},셔츠,1,,,,,{DAY}",
        f"s1,{'x' * 501},1,,,,,{DAY}",
        "s1,셔츠,1,,,,,yesterday",
        f"s9,=cmd|' /C calc'!A0,1,,,javascript:alert(1),1,{DAY}",
    )

    report = bring_in(path)

    assert report.refused == {
        "no_product_id": 1,
        "product_id_too_long": 1,
        "no_product_name": 1,
        "product_name_too_long": 1,
        "bad_date": 1,
        "bad_amount": 1,
        "negative_amount": 1,
        "no_currency": 1,
    }
    assert (report.accepted, report.rows) == (2, 10)
    assert report.left_out == {"bad_url": 1}
    assert connection.execute("select product_id, url from product").fetchall()[-1] == ("s9", None)


def test_a_dry_run_reports_and_writes_nothing(connection, tmp_path, bring_in):
    report = bring_in(products_file(tmp_path, f"s1,셔츠,1,,,,,{DAY}"), dry_run=True)

    assert (report.dry_run, report.accepted, report.products) == (True, 1, 1)
    assert catalogue(connection) == []


def test_a_killed_import_goes_on_where_it_stopped(connection, tmp_path, bring_in, monkeypatch):
    monkeypatch.setattr(importer, "EVENTS_AT_ONCE", 2)
    path = products_file(tmp_path, *(f"s{number},n,1,,,,,{DAY}" for number in range(5)))
    with pytest.raises(Killed):
        bring_in(path, progress=killed_after(1))
    assert len(catalogue(connection)) == 2

    report = bring_in(path)

    assert report.accepted == 5
    assert len(catalogue(connection)) == 5
    assert connection.execute("select rows_done from import_file").fetchone() == (5,)


def test_well_known_names_need_no_mapping(connection, tmp_path, bring_in):
    path = products_file(tmp_path, "17,셔츠,18000,5", header="상품번호,상품명,판매가,재고수량")

    mapping = guess_mapping(path, kind="products", time_zone="Asia/Seoul", country="KR")
    bring_in(path, mapping, now=NOON + timedelta(days=1))

    assert catalogue(connection) == [("17", "셔츠", Decimal(18000), "KRW", True)]


def test_a_catalogue_without_names_is_not_guessed(tmp_path):
    path = products_file(tmp_path, "17,1", header="sku,price")

    with pytest.raises(MappingFault, match="product_name: name one product_name, name"):
        guess_mapping(path, kind="products", time_zone="Asia/Seoul", country="KR")
