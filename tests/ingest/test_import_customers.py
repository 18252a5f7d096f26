from datetime import UTC, datetime

from tests.build import NOON, TEST_VAULT
from tests.ingest.import_words import meaning, survey

CUSTOMERS = """
[source]
time_zone = "Asia/Seoul"

[columns]
date = "joined"

[customer]
id = "{no}"
email = "{mail}"
phone = "{mobile}"

[customer.traits]
name = "name"
points = "points"

[consent.email.marketing]
column = "ad_ok"
granted = ["Y", "동의"]
refused = ["N"]
date = "ad_at"
source = "members' export of the old shop"
wording = "혜택 메일을 받겠습니다"
locale = "ko"
"""
HEADER = "no,joined,mail,mobile,name,points,ad_ok,ad_at"


def customers_file(folder, *lines):
    path = folder / "customers.csv"
    path.write_text("\n".join((HEADER, *lines)) + "\n", encoding="utf-8")
    return path


def test_a_row_becomes_one_identify_event(tmp_path):
    path = customers_file(
        tmp_path, "7,2026-05-01,Minji@Shop.example,010-1234-5678,민지,1200,Y,2026-05-02 09:00"
    )

    report, [event] = survey(path, meaning(CUSTOMERS), kind="customers")

    assert (event.type, event.name, event.user_id) == ("identify", "Identified", "7")
    assert event.traits == {"name": "민지", "points": "1200"}
    assert event.occurred_at == datetime(2026, 4, 30, 15, tzinfo=UTC)
    assert (report.rows, report.customers, report.events) == (1, 1, {"Identified": 1})


def test_contact_data_leaves_the_file_only_sealed(tmp_path):
    path = customers_file(
        tmp_path, "7,,Minji@Shop.example,010-1234-5678,민지,,Y,".replace(",,", ",2026-05-01,", 1)
    )

    _, [event] = survey(path, meaning(CUSTOMERS), kind="customers")

    assert [contact["kind"] for contact in event.contacts] == ["email", "phone"]
    assert event.contacts[0]["key"] == TEST_VAULT.key(1, "email", "minji@shop.example")
    assert "minji" not in repr(event).lower()


def test_a_claimed_consent_names_its_source_and_date(tmp_path):
    path = customers_file(
        tmp_path,
        "1,2026-05-01,,,,,동의,2026-05-02 09:00",
        "2,2026-05-01,,,,,N,",
        "3,2026-05-01,,,,,,",
    )

    _, events = survey(path, meaning(CUSTOMERS), kind="customers")

    assert events[0].consents == [
        {
            "channel": "email",
            "purpose": "marketing",
            "action": "import",
            "imported_state": "granted",
            "source": "members' export of the old shop",
            "wording": "혜택 메일을 받겠습니다",
            "locale": "ko",
            "occurred_at": "2026-05-02T00:00:00+00:00",
        }
    ]
    assert events[1].consents[0]["imported_state"] == "refused"
    assert events[1].consents[0]["occurred_at"] == "2026-04-30T15:00:00+00:00"
    assert events[2].consents == []


def test_bad_rows_are_refused_by_reason_without_showing_contact_data(tmp_path):
    path = customers_file(
        tmp_path,
        ",2026-05-01,a@shop.example,,,,Y,",
        "2,2026-05-01,not-an-address,,,,Y,",
        "3,2026-05-01,,12,,,Y,",
        "4,soon,,,,,Y,",
        "5,2026-05-01,,,,,maybe,",
        "6,2026-05-01,,,,,Y,",
        "6,2026-05-01,,,,,Y,",
        "minji@shop.example,2026-05-01,,,,,Y,",
    )

    report, events = survey(path, meaning(CUSTOMERS), kind="customers")

    assert report.refused == {
        "no_customer": 1,
        "contact_as_id": 1,
        "bad_date": 1,
        "bad_email": 1,
        "bad_phone": 1,
        "unknown_consent": 1,
        "duplicate_row": 1,
    }
    assert len(events) == report.accepted == 1
    assert [example.line for example in report.examples["bad_email"]] == [3]
    assert "not-an-address" not in repr(report)
    assert "minji" not in repr(report)


def test_customers_without_a_date_are_known_from_now(tmp_path):
    path = customers_file(tmp_path, "1,,a@shop.example,,,,,")
    undated = CUSTOMERS.replace('[columns]\ndate = "joined"', "")

    _, [event] = survey(path, meaning(undated), kind="customers")

    assert event.occurred_at == NOON


def test_what_a_row_says_makes_its_message_id_whenever_it_is_imported(tmp_path):
    path = customers_file(tmp_path, "1,,a@shop.example,,,,Y,")
    undated = meaning(CUSTOMERS.replace('[columns]\ndate = "joined"', ""))
    later = NOON.replace(year=2028)

    _, [first] = survey(path, undated, kind="customers")
    _, [second] = survey(path, undated, kind="customers", now=later)
    _, [changed] = survey(
        customers_file(tmp_path, "1,,b@shop.example,,,,Y,"), undated, kind="customers"
    )

    assert first.message_id == second.message_id
    assert first.message_id != changed.message_id


def test_the_later_row_of_a_customer_comes_later(tmp_path):
    path = customers_file(tmp_path, "1,2026-06-01,,,new,,,", "1,2026-05-01,,,old,,,")

    report, events = survey(path, meaning(CUSTOMERS), kind="customers")

    assert [event.traits["name"] for event in events] == ["old", "new"]
    assert report.customers == 1


def test_made_up_consents_are_the_stated_share_and_always_the_same(tmp_path):
    made_up = """
[source]
time_zone = "Asia/Seoul"
date = "2026-05-01"
[customer]
id = "{no}"
email = "member-{no}@shop.example"
made_up = true
[consent.email.marketing]
share = 0.85
made_up = true
source = "made up"
"""
    path = tmp_path / "customers.csv"
    path.write_text("no\n" + "\n".join(map(str, range(2000))), encoding="utf-8")

    _, events = survey(path, meaning(made_up), kind="customers")
    _, again = survey(path, meaning(made_up), kind="customers")

    states = [event.consents[0]["imported_state"] for event in events]
    assert states == [event.consents[0]["imported_state"] for event in again]
    assert 0.83 < states.count("granted") / len(states) < 0.87
    assert set(states) == {"granted", "refused"}
