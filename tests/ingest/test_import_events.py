import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from tests.ingest.import_words import meaning, survey

from dangol.ingest.mapping import MappingFault
from dangol.ingest.readers import FileFault

GUIDES = Path(__file__).resolve().parents[2] / "docs" / "guides"
COUPONS = """
[source]
time_zone = "Asia/Seoul"
currency = "KRW"

[columns]
date = "at"
amount = "saved"
product_id = "sku"

[event]
name = "Coupon Redeemed"

[event.properties]
coupon = "coupon"

[customer]
id = "{member}"
"""
SEGMENT = "[source]\ntime_zone = 'UTC'\n[event]\nshape = 'segment'\n"
CALL = {
    "type": "track",
    "event": "Product Viewed",
    "messageId": "m-1",
    "userId": "minji",
    "timestamp": "2026-11-01T01:00:00Z",
    "sentAt": "2026-11-01T01:00:01Z",
    "properties": {"product_id": "s1"},
}


def coupons_file(folder, *lines):
    path = folder / "coupons.csv"
    path.write_text("\n".join(("at,member,coupon,sku,saved", *lines)) + "\n", encoding="utf-8")
    return path


def calls_file(folder, *calls):
    path = folder / "calls.jsonl"
    lines = (call if isinstance(call, str) else json.dumps(call) for call in calls)
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_row_becomes_one_event(tmp_path):
    path = coupons_file(tmp_path, "2026-11-01 10:00,minji,C1,s1,1500")

    report, [event] = survey(path, meaning(COUPONS), kind="events")

    assert (event.type, event.name, event.user_id) == ("track", "Coupon Redeemed", "minji")
    assert event.occurred_at == datetime(2026, 11, 1, 1, tzinfo=UTC)
    assert (event.revenue, event.currency, event.product_id) == (Decimal(1500), "KRW", "s1")
    assert event.properties == {"coupon": "C1"}
    assert (report.total, report.accepted_amount) == (1500, 1500)


def test_an_empty_amount_is_no_fault_but_an_unreadable_one_is(tmp_path):
    path = coupons_file(
        tmp_path, "2026-11-01,minji,C1,s1,", "2026-11-01,minji,C2,s1,lots", "2026-11-01,,C3,s1,1"
    )

    report, [event] = survey(path, meaning(COUPONS), kind="events")

    assert (event.revenue, event.currency) == (None, None)
    assert report.refused == {"no_customer": 1, "bad_amount": 1}


def test_names_may_come_from_a_column(tmp_path):
    named = COUPONS.replace('name = "Coupon Redeemed"', 'name_column = "coupon"')
    path = coupons_file(tmp_path, "2026-11-01,minji,Seen,s1,", "2026-11-01,minji,,s1,")

    report, [event] = survey(path, meaning(named), kind="events")

    assert event.name == "Seen"
    assert report.refused == {"no_name": 1}


def test_kept_copies_are_different_events_with_lasting_ids(tmp_path):
    kept = meaning(COUPONS.replace("[event]", '[event]\nduplicates = "keep"'))
    line = "2026-11-01,minji,C1,s1,1"

    _, twice = survey(coupons_file(tmp_path, line, line), kept, kind="events")
    _, once = survey(coupons_file(tmp_path, line), kept, kind="events")

    assert len({event.message_id for event in twice}) == 2
    assert twice[0].message_id == once[0].message_id


def test_an_id_of_the_mappings_tells_copies(tmp_path):
    told = COUPONS.replace("[event]", '[event]\nid = "{coupon}"')
    path = coupons_file(tmp_path, "2026-11-01,minji,C1,s1,1", "2026-11-02,minji,C1,s1,2")

    report, [event] = survey(path, meaning(told), kind="events")

    assert event.message_id == "import:event:Coupon Redeemed:C1"
    assert report.refused == {"duplicate_row": 1}


def test_columns_are_looked_up_in_a_second_file(tmp_path):
    looked_up = COUPONS.replace('coupon = "coupon"', 'coupon = "coupon"\ntitle = "title"') + (
        '[[lookup]]\nfile = "titles.csv"\ncolumn = "coupon"\nkey = "code"\ntake = ["title"]\n'
    )
    (tmp_path / "titles.csv").write_text("code,title\nC1,봄 쿠폰\n", encoding="utf-8")
    path = coupons_file(tmp_path, "2026-11-01,minji,C1,s1,", "2026-11-02,minji,C9,s1,")

    _, events = survey(path, meaning(looked_up), kind="events")

    assert [event.properties for event in events] == [
        {"coupon": "C1", "title": "봄 쿠폰"},
        {"coupon": "C9"},
    ]


@pytest.mark.parametrize(
    ("lookup", "fault", "words"),
    [
        ('file = "none.csv"\ncolumn = "coupon"', FileFault, "cannot be read"),
        ('file = "titles.csv"\ncolumn = "coupons"', MappingFault, "'coupons', which the file"),
    ],
)
def test_a_lookup_that_cannot_be_done_is_named(tmp_path, lookup, fault, words):
    text = f'{COUPONS}[[lookup]]\n{lookup}\nkey = "code"\ntake = ["title"]\n'

    with pytest.raises(fault, match=words):
        survey(coupons_file(tmp_path, "2026-11-01,minji,C1,s1,"), meaning(text), kind="events")


def test_archived_calls_keep_their_times_and_ids(tmp_path):
    path = calls_file(tmp_path, CALL)

    report, [event] = survey(path, meaning(SEGMENT), kind="events")

    assert event.message_id == "import:call:m-1"
    assert event.occurred_at == datetime(2026, 11, 1, 1, tzinfo=UTC)
    assert (event.name, event.user_id, event.product_id) == ("Product Viewed", "minji", "s1")
    assert (report.rows, report.accepted) == (1, 1)


def test_archived_calls_come_in_order_of_time(tmp_path):
    earlier = CALL | {"messageId": "m-0", "timestamp": "2026-10-01T00:00:00Z"}

    _, events = survey(calls_file(tmp_path, CALL, earlier), meaning(SEGMENT), kind="events")

    assert [event.message_id for event in events] == ["import:call:m-0", "import:call:m-1"]


def test_bad_calls_are_refused_with_line_and_code(tmp_path):
    nobody = {key: value for key, value in CALL.items() if key != "userId"}
    timeless = {key: value for key, value in CALL.items() if key != "timestamp"}
    path = calls_file(tmp_path, CALL, "", "{", nobody, timeless)

    report, events = survey(path, meaning(SEGMENT), kind="events")

    assert len(events) == 1
    assert (report.rows, report.refused) == (4, {"bad_json": 1, "bad_event": 1, "bad_date": 1})
    assert [(one.line, one.value) for one in report.examples["bad_event"]] == [(4, "missing_id")]


def test_friendtalk_of_old_comes_in_as_the_guide_says(tmp_path):
    guide = (GUIDES / "import.md").read_text(encoding="utf-8")
    mapping = guide[guide.index("Friendtalk") :].split("```toml\n", 1)[1].split("```", 1)[0]
    path = tmp_path / "friendtalk.csv"
    rows = (
        "sent_at,what,message_id,campaign,member",
        "2025-11-03 10:00,Friendtalk Sent,m1,autumn,minji",
        "2025-11-03 10:05,Friendtalk Clicked,m1,autumn,minji",
        "2025-11-03 10:05,Friendtalk Clicked,m1,autumn,minji",
    )
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")

    report, events = survey(path, meaning(mapping), kind="events")

    assert [(one.name, one.user_id) for one in events] == [
        ("Friendtalk Sent", "minji"),
        ("Friendtalk Clicked", "minji"),
    ]
    assert events[0].occurred_at == datetime(2025, 11, 3, 1, tzinfo=UTC)
    assert report.accepted == 2
