"""Files of consents become entries of the ledger, each row accounted for."""

from datetime import UTC, datetime

import pytest
from tests.build import NOON
from tests.ingest.import_words import meaning, survey

from dangol.app.tick import tick_until_done
from dangol.ingest.importer import import_file
from dangol.ingest.importer_guess import guess_mapping, say_guess
from dangol.ingest.mapping import MappingFault

CONSENTS = """
[source]
time_zone = "Asia/Seoul"

[columns]
date = "at"

[customer]
id = "{no}"
email = "{mail}"

[statement]
state = "answer"
source = "{place}"
purpose = "{what}"
wording = "소식을 받겠습니다"
locale = "ko"
"""
HEADER = "no,mail,what,answer,place,at"


def consents_file(folder, *lines, header=HEADER):
    path = folder / "consents.csv"
    path.write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
    return path


def test_a_row_becomes_one_claim_with_its_evidence(tmp_path):
    path = consents_file(tmp_path, "7,m@shop.example,Marketing,Y,가입 화면,2026-05-02 09:00")

    report, [event] = survey(path, meaning(CONSENTS), kind="consents")

    assert (report.accepted, report.customers, report.events) == (1, 1, {"Identified": 1})
    assert event.user_id == "7"
    assert [contact["kind"] for contact in event.contacts] == ["email"]
    assert event.consents == [
        {
            "channel": "email",
            "purpose": "marketing",
            "action": "import",
            "imported_state": "granted",
            "source": "가입 화면",
            "wording": "소식을 받겠습니다",
            "locale": "ko",
            "occurred_at": datetime(2026, 5, 2, tzinfo=UTC).isoformat(),
        }
    ]


def test_what_the_ledger_could_not_keep_is_refused_with_its_reason(tmp_path):
    path = consents_file(
        tmp_path,
        "7,,marketing,Y,form,2026-05-02",
        "8,,marketing,maybe,form,2026-05-02",
        "8,,marketing,,form,2026-05-02",
        "8,,spying,Y,form,2026-05-02",
        "8,,marketing,Y,,2026-05-02",
        f"8,,marketing,Y,{'x' * 201},2026-05-02",
        "8,,marketing,Y,form,",
        ",m@shop.example,marketing,Y,form,2026-05-02",
        "8,no address,marketing,Y,form,2026-05-02",
        "7,,marketing,Y,form,2026-05-02",
    )

    report, events = survey(path, meaning(CONSENTS), kind="consents")

    assert report.refused == {
        "unknown_consent": 1,
        "no_consent": 1,
        "unknown_purpose": 1,
        "no_source": 1,
        "consent_too_long": 1,
        "bad_date": 1,
        "no_customer": 1,
        "bad_email": 1,
        "duplicate_row": 1,
    }
    assert report.accepted == len(events) == 1


def test_only_an_address_that_networks_know_may_be_given_to_them(tmp_path):
    path = consents_file(
        tmp_path,
        "7,,ad_audience,Y,email,2026-05-02",
        "8,,ad_audience,Y,push,2026-05-02",
    )
    by_channel = CONSENTS.replace('source = "{place}"', 'source = "form"\nchannel = "{place}"')

    report, events = survey(path, meaning(by_channel), kind="consents")

    assert report.refused == {"unknown_to_networks": 1}
    assert [event.consents[0]["purpose"] for event in events] == ["ad_audience"]


def test_consents_reach_the_ledger_in_the_order_they_were_said(
    connection, workspace, vault, tmp_path
):
    path = consents_file(
        tmp_path,
        "7,,marketing,withdrawn,my page,2026-06-02",
        "7,,marketing,Y,form,2026-05-02",
        "8,,marketing,동의,form,2026-05-02",
    )

    def bring_in():
        return import_file(
            connection,
            workspace_id=workspace,
            vault=vault,
            path=path,
            mapping=meaning(CONSENTS),
            kind="consents",
            now=NOON,
        )

    report, again = bring_in(), bring_in()
    tick_until_done(connection, workspace_id=workspace, vault=vault, now=NOON, batch=100)

    assert (report.accepted, again.unchanged) == (3, True)
    states = connection.execute(
        "select identifier.key, consent.state from consent"
        " join identifier using (customer_id) order by 1"
    ).fetchall()
    assert states == [("7", "withdrawn"), ("8", "granted")]
    assert connection.execute("select count(*) from consent_entry").fetchone() == (3,)


def test_well_known_names_need_no_mapping(tmp_path):
    path = consents_file(
        tmp_path, "7,수신동의,가입 화면,2026-05-02 09:00", header="회원번호,동의여부,출처,동의일"
    )

    mapping = guess_mapping(path, kind="consents", time_zone="Asia/Seoul", country="KR")
    _, [event] = survey(path, mapping, kind="consents")

    assert event.consents[0]["imported_state"] == "granted"
    assert "id = {회원번호}" in say_guess(mapping)


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("user_id,source,date", "No column is known to be the state"),
        ("state,source,date", "No column is known to be the id"),
        ("user_id,state,date", "No column is known to be the source"),
    ],
)
def test_a_guess_says_what_it_misses(tmp_path, header, said):
    path = consents_file(tmp_path, ",".join("x" for _ in header.split(",")), header=header)

    with pytest.raises(MappingFault, match=said):
        guess_mapping(path, kind="consents", time_zone="Asia/Seoul", country="KR")


def test_orders_are_never_guessed(tmp_path):
    with pytest.raises(MappingFault, match="never guessed: give --mapping"):
        guess_mapping(tmp_path / "orders.csv", kind="orders", time_zone="Asia/Seoul", country="KR")
