from pathlib import Path

import msgspec
import pytest
from tests.ingest.import_words import SEOUL_ORDERS, orders_file, survey

from dangol.ingest.importer_report import REASONS, Report
from dangol.ingest.mapping import (
    Claim,
    Columns,
    Customer,
    EventRule,
    Lookup,
    MappingFault,
    Order,
    ProductRule,
    Source,
    Statement,
    load_mapping,
    parse_mapping,
)
from dangol.ingest.mapping_checks import check_mapping

REPOSITORY = Path(__file__).resolve().parents[2]
CONSENT = '[consent.email.marketing]\nsource = "sign-up form"\n'


def refused(text, *, kind="orders"):
    """Return what is said about a wrong mapping."""
    with pytest.raises(MappingFault) as fault:
        check_mapping(parse_mapping(text), kind=kind)
    return str(fault.value)


def test_a_mapping_that_is_no_toml_says_where(tmp_path):
    path = tmp_path / "map.toml"
    path.write_text("[source\n", encoding="utf-8")

    with pytest.raises(MappingFault, match=r"map.toml is not valid TOML: .*line 1"):
        load_mapping(path)


def test_a_missing_mapping_names_the_examples(tmp_path):
    with pytest.raises(MappingFault, match=r"cannot be read: .*examples/"):
        load_mapping(tmp_path / "map.toml")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[source]\n", r"[source] This key is missing: `time_zone`"),
        (f"{SEOUL_ORDERS}emial = 'x'\n", r"[customer] There is no key `emial`"),
        (SEOUL_ORDERS.replace('"KRW"', "1"), r"[source.currency] Expected `str | null`, got `int`"),
        (SEOUL_ORDERS.replace("[source]", "[source]\nformat = 'xls'"), "Invalid enum value 'xls'"),
    ],
)
def test_an_unknown_or_mistyped_key_is_named_with_its_table(text, words):
    assert words in refused(text)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("Asia/Seoul", "Seoul", "[source] time_zone is 'Seoul': write a name such as 'Asia/Seoul'"),
        ("Asia/Seoul", "", "[source] time_zone is missing"),
        ("[source]", "[source]\nencoding = 'utf-99'", "[source] encoding is 'utf-99'"),
        ("[source]", "[source]\ndelimiter = '::'", "[source] delimiter is '::'"),
        ("[source]", "[source]\ndate = 'May'", "[source] date is 'May'"),
        ('currency = "KRW"', "", "[source] currency is missing"),
        ('"{order_id}"', '"A1"', "[order] id is 'A1': name at least one column"),
        ('"{order_id}"', '"{order_id"', "[order] id is '{order_id': close every brace"),
        ('date = "date"', "", "[columns] date is missing"),
        ('price = "price"', "", "[columns] price is missing or incomplete: name either amount"),
        ('id = "{customer_id}"', "", "[customer] id is missing"),
        ('[order]\nid = "{order_id}"', "", "[order] id is missing"),
    ],
)
def test_a_wrong_value_is_named_with_its_remedy(old, new, words):
    assert words in refused(SEOUL_ORDERS.replace(old, new))


@pytest.mark.parametrize(
    ("customer", "words"),
    [
        ('email = "{customer_id}@shop.example"', "is made up: add made_up = true"),
        ('email = "{customer_id}@gmail.com"\nmade_up = true', "a domain such as shop.example"),
        ('email = "{email}"\nmade_up = true', "leave it out: the file has the addresses"),
    ],
)
def test_made_up_addresses_are_declared_and_belong_to_nobody(customer, words):
    assert words in refused(f"{SEOUL_ORDERS}{customer}\n")


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        ("", "give either a column of the file or a made-up share"),
        ('column = "ok"', "list the values that mean yes"),
        ("share = 0.5", "declare it: add made_up = true"),
        ("share = 85.0\nmade_up = true", "write a share between 0 and 1"),
        ('column = "ok"\nshare = 0.5\nmade_up = true', "give either a column"),
    ],
)
def test_a_consent_is_claimed_by_the_file_or_declared_as_made_up(claim, words):
    assert words in refused(f"{SEOUL_ORDERS}{CONSENT}{claim}\n")


def test_a_consent_without_its_source_is_refused():
    text = f"{SEOUL_ORDERS}{CONSENT}share = 0.5\nmade_up = true\n".replace("sign-up form", " ")

    assert "say where the consent was given" in refused(text)


def test_a_column_the_file_lacks_is_named_beside_those_it_has(tmp_path):
    mapping = parse_mapping(SEOUL_ORDERS.replace('"price"', '"Price"'))

    with pytest.raises(
        MappingFault,
        match=r"\[columns\] price names column 'Price'.*Did you mean 'price'\?.*order_id, date",
    ):
        survey(orders_file(tmp_path, "A1,2027-02-01,minji,s1,a,1,100"), mapping)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "[event] name is missing"),
        ("[event]\n", "[event] name is missing or incomplete: give either name or name_column"),
        ("[event]\nname = 'Seen'\n", "[columns] date is missing"),
    ],
)
def test_events_need_a_name_and_a_time(text, words):
    source = "[source]\ntime_zone = 'Asia/Seoul'\n[customer]\nid = '{customer_id}'\n"

    assert words in refused(source + text, kind="events")


def keys_of(struct: type[msgspec.Struct]) -> set[str]:
    return set(struct.__struct_fields__)


def test_the_guide_explains_every_key_and_every_reason():
    guide = (REPOSITORY / "docs" / "guides" / "import.md").read_text(encoding="utf-8")
    tables = (
        Source,
        Columns,
        Order,
        Customer,
        Claim,
        EventRule,
        Statement,
        ProductRule,
        Lookup,
        Report,
    )

    named = set(REASONS).union(*map(keys_of, tables)) - {"properties", "traits", "file", "kind"}

    assert {name for name in named if f"`{name}`" not in guide} == set()
