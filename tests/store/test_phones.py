"""Telephone numbers are written in many ways and kept in one; what nobody could have is refused."""

import pytest
from tests.build import NOON, TEST_VAULT
from tests.ingest.import_words import meaning, survey

from dangol.ingest.contacts import take_contacts
from dangol.ingest.fault import BadPayload
from dangol.store.phones import country_of, normalize_phone

MINJI = "+821012345678"


@pytest.mark.parametrize(
    "written",
    [
        "010-1234-5678",
        "01012345678",
        "010 1234 5678",
        "010.1234.5678",
        " 010-1234-5678 ",
        "+82 10-1234-5678",
        "+82 (0)10-1234-5678",
        "82-10-1234-5678",
        "10-1234-5678",
        "00821012345678",
        "\uff10\uff11\uff10\uff0d\uff11\uff12\uff13\uff14\uff0d\uff15\uff16\uff17\uff18",
        "010\u22121234\u22125678",
    ],
)
def test_the_same_number_is_one_number_however_it_is_written(written):
    assert normalize_phone(written) == MINJI


@pytest.mark.parametrize(
    ("written", "country", "dialled"),
    [
        ("02-2133-0000", "KR", "+82221330000"),
        ("070-1234-5678", "KR", "+827012345678"),
        ("(415) 555-2671", "US", "+14155552671"),
        ("090-1234-5678", "JP", "+819012345678"),
        ("+44 20 7946 0018", "KR", "+442079460018"),
    ],
)
def test_a_number_is_at_home_where_it_was_said(written, country, dialled):
    assert normalize_phone(written, country) == dialled


@pytest.mark.parametrize(
    "written",
    [
        "",
        "없음",
        "123",
        "010-12",
        "000-0000-0000",
        "+999 1234 5678",
        "1-800-FLOWERS",
        "010-1234-5678 내선 3",
        "010-1234-5678 / 010-8765-4321",
        "0" * 200,
        "+",
        "\u0660",
    ],
)
def test_what_nobody_could_have_is_no_number(written):
    with pytest.raises(ValueError, match="not a telephone number"):
        normalize_phone(written)


def key(*sources, country="KR"):
    [contact] = take_contacts(*sources, vault=TEST_VAULT, workspace_id=1, country=country)
    return contact["key"]


def test_the_country_on_the_same_call_outranks_the_shops():
    american = TEST_VAULT.key(1, "phone", "+14155552671")

    assert key({"phone": "415-555-2671"}, country="US") == american
    assert key({"phone": "415-555-2671", "country": "us"}) == american
    assert key({"phone": "415-555-2671", "address": {"country": "US"}}) == american


def test_a_country_that_is_no_code_leaves_the_shops():
    assert country_of({"country": "대한민국"}, {"address": "서울"}, otherwise="KR") == "KR"


def test_a_refused_number_names_the_country_it_was_read_for():
    with pytest.raises(BadPayload) as caught:
        key({"mobile": "12345", "country": "JP"})

    assert caught.value.code == "bad_value"
    assert caught.value.message.startswith("mobile is '12345': no such number is given out in JP")


CUSTOMERS = """
[source]
time_zone = "Asia/Seoul"

[customer]
id = "{id}"
phone = "{phone}"
traits = {country = "country"}
"""


def test_a_files_numbers_are_read_by_the_country_of_their_row(tmp_path):
    path = tmp_path / "customers.csv"
    path.write_text("id,phone,country\n1,010-1234-5678,\n2,650-253-0000,US\n3,650-253-0000,KR\n")

    report, events = survey(path, meaning(CUSTOMERS), kind="customers", now=NOON)

    assert report.refused == {"bad_phone": 1}
    assert [event.contacts[0]["key"] for event in events] == [
        TEST_VAULT.key(1, "phone", MINJI),
        TEST_VAULT.key(1, "phone", "+16502530000"),
    ]
