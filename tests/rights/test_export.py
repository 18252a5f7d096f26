"""Who asks what is held about them gets all of it, readable, and nothing about anybody else."""

import csv
import io
import json
import zipfile
from datetime import timedelta

import pytest
from tests.build import NOON, TEST_VAULT, customer, one, suppress
from tests.ingest.words import arrive, tick, told
from tests.rights.words import known, tools

from dangol.consent.evidence import Evidence, seal_evidence
from dangol.consent.ledger import Origin, withdraw
from dangol.console.why import say_why
from dangol.guard.decide import decide_messages
from dangol.rights.erasure import erase
from dangol.rights.export import as_cell, export_customer, zip_customer
from dangol.rights.find import NobodyError, find_customer
from dangol.rights.gather import Subject
from dangol.rights.sections import SECTIONS
from dangol.store.vocabulary import Channel, Purpose
from dangol.store.workspace import create_workspace


@pytest.fixture
def subject(connection, workspace, lake):
    def of(number):
        return Subject(
            connection=connection,
            lake=lake,
            vault=TEST_VAULT,
            workspace_id=workspace,
            customer_id=number,
            explain=lambda message: say_why(
                connection,
                message,
                workspace_id=workspace,
                customer_id=number,
                time_zone="Asia/Seoul",
            ),
        )

    return of


@pytest.fixture
def exported(connection, subject, tmp_path):
    def of(number):
        folder = tmp_path / f"export-{number}"
        folder.mkdir()
        with connection.transaction():
            export_customer(subject(number), folder, now=NOON, progress=lambda *_: None)
        return folder

    return of


def table(folder, name):
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_the_document_holds_everything(connection, workspace, lake, exported):
    minji = known(connection, workspace, lake)
    with connection.transaction():
        decide_messages(connection, workspace_id=workspace, now=NOON, batch=10)

    document = json.loads((exported(minji) / "export.json").read_text())

    assert {(one["kind"], one["value"]) for one in document["identifiers"]} == {
        ("external", "minji"),
        ("anonymous", "minji-phone"),
        ("email", "minji@shop.example"),
    }
    assert [one["value"] for one in document["addresses"]] == ["minji@shop.example"]
    assert {one["name"]: one["value"] for one in document["traits"]} == {
        "name": "minji",
        "city": "Seoul",
    }
    assert [(one["message_id"], one["properties"]) for one in document["events"]] == [
        ("minji-1", {"note": "leave it with minji's neighbour"}),
        ("minji-2", {"note": "minji again"}),
    ]
    assert [one["source"] for one in document["consents"]] == ["sign-up form"]
    assert [(one["choice"], one["value"]) for one in document["choices"]] == [
        ("rest_until", "2027-04-01T03:00:00Z"),
        ("topic_off", "news"),
        ("weekly_messages", "2"),
    ]
    [message] = document["messages"]
    assert (message["verdict"], message["reason"]) == ("skip", "snoozed")
    assert "쉬" in message["why_ko"]
    assert "rest" in message["why_en"]


def test_from_where_they_consented_is_opened_for_them(connection, workspace, lake, exported):
    minji = known(connection, workspace, lake)
    with connection.transaction():
        sealed = seal_evidence(
            connection,
            workspace_id=workspace,
            customer_id=minji,
            vault=TEST_VAULT,
            evidence=Evidence(address="203.0.113.7", program="Firefox"),
        )
        withdraw(
            connection,
            workspace_id=workspace,
            customer_id=minji,
            channel=Channel.EMAIL,
            purpose=Purpose.MARKETING,
            source="page",
            now=NOON,
            origin=Origin(evidence=sealed),
        )

    document = json.loads((exported(minji) / "export.json").read_text())

    first, second = (one["evidence"] for one in document["consents"])
    assert first == ""
    assert "203.0.113.7" in second


def test_every_section_has_a_table_and_every_column_is_explained(
    connection, workspace, lake, exported
):
    folder = exported(known(connection, workspace, lake))

    readme = (folder / "README.md").read_text()
    for section in SECTIONS:
        heading = table(folder, section.name)[0]
        assert heading == [f"{column.ko} ({column.name})" for column in section.columns]
        assert section.ko in readme
        assert section.en in readme
        assert [column.name for column in section.columns if f"`{column.name}`" not in readme] == []
    assert {path.name for path in folder.iterdir()} == {
        "export.json",
        "README.md",
        *(f"{section.name}.csv" for section in SECTIONS),
    }


def test_nothing_about_anybody_else_is_in_it(connection, workspace, lake, exported):
    minji = known(connection, workspace, lake)
    known(connection, workspace, lake, name="jiwoo")

    folder = exported(minji)

    assert [path.name for path in folder.iterdir() if "jiwoo" in path.read_text()] == []


def test_an_event_on_its_way_to_the_history_is_in_it_once(connection, workspace, lake, exported):
    minji = known(connection, workspace, lake)
    arrive(connection, workspace, told("minji-3", user="minji", at=NOON - timedelta(days=400)))
    tick(connection, workspace)

    events = table(exported(minji), "events")[1:]

    assert [row[4] for row in events] == ["minji-1", "minji-3", "minji-2"]


def test_a_suppression_of_their_address_is_named(connection, workspace, lake, exported):
    minji = known(connection, workspace, lake)
    suppress(connection, workspace, email="minji@shop.example", reason="complained")

    document = json.loads((exported(minji) / "export.json").read_text())

    assert [one["suppressed_because"] for one in document["addresses"]] == ["complained"]


def test_stays_that_have_ended_are_in_it(connection, workspace, lake, exported):
    minji = known(connection, workspace, lake)
    part = customer(connection, workspace, name="part", email=None)
    connection.execute(
        "update customer set state = 'merged', head_id = %s where id = %s", (minji, part)
    )
    segment = one(
        connection,
        "insert into segment (workspace_id, name, title_ko, title_en, created_at)"
        " values (%(workspace)s, 'vip', 'VIP', 'VIP', %(now)s) returning id",
        workspace=workspace,
        now=NOON,
    )
    connection.execute(
        "insert into membership_span select %s, %s, who, %s - entered, %s - interval '5 days'"
        " from (values (%s, interval '9 days'), (%s, interval '7 days')) as stay (who, entered)",
        (workspace, segment, NOON, NOON, minji, part),
    )
    connection.execute(
        "insert into membership values (%s, %s, %s, %s)", (workspace, segment, minji, NOON)
    )
    connection.commit()

    document = json.loads((exported(minji) / "export.json").read_text())

    days = [
        [str(stay[name])[:10] for name in ("entered_at", "left_at")]
        for stay in document["memberships"]
    ]
    assert days == [
        ["2027-02-21", "2027-02-25"],
        ["2027-02-23", "2027-02-25"],
        ["2027-03-02", "None"],
    ]


def test_an_archive_holds_the_same_files(connection, workspace, lake, subject, exported):
    minji = known(connection, workspace, lake)
    with connection.transaction():
        packed = b"".join(zip_customer(subject(minji), now=NOON))

    folder = exported(minji)

    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            path.name: path.read_bytes() for path in folder.iterdir()
        }


def test_of_who_is_forgotten_nothing_but_numbers_is_left_to_export(
    connection, workspace, lake, exported, tmp_path
):
    minji = known(connection, workspace, lake)
    erase(
        connection,
        tools(tmp_path, lake),
        workspace_id=workspace,
        customer_id=minji,
        asked_by="command",
    )

    folder = exported(minji)

    assert [path.name for path in folder.iterdir() if "minji" in path.read_text()] == []
    assert len(table(folder, "messages")) == 2


@pytest.mark.parametrize("text", ["=1+1", "+8210", "-1", "@cmd", "\tx", "  =1", "\r=1"])
def test_no_text_becomes_a_formula(text):
    assert as_cell(text) == f"'{text}"


@pytest.mark.parametrize("value", [-5, "a=b", "", "minji@shop.example"])
def test_what_is_no_formula_stays_as_it_is(value):
    assert as_cell(value) == str(value)


@pytest.mark.parametrize(
    "who", ["minji@shop.example", " MINJI@shop.example ", "minji", "user:minji", "id:{}", "{}"]
)
def test_somebody_is_found_by_whatever_they_go_by(connection, workspace, lake, who):
    minji = known(connection, workspace, lake)

    found = find_customer(
        connection, workspace_id=workspace, vault=TEST_VAULT, who=who.format(minji)
    )

    assert found == minji


def test_somebody_is_found_by_telephone(connection, workspace):
    key = TEST_VAULT.key(workspace, "phone", "+821012345678")
    number = connection.execute(
        "insert into customer (workspace_id, first_seen_at, last_seen_at) values (%s, %s, %s)"
        " returning id",
        (workspace, NOON, NOON),
    ).fetchone()[0]
    connection.execute(
        "insert into identifier (workspace_id, kind, key, sealed, key_of, customer_id,"
        " first_seen_at) values (%s, 'phone', %s, 'x', %s, %s, %s)",
        (workspace, key, number, number, NOON),
    )

    for who in ("010-1234-5678", "+82 10 1234 5678", "phone:01012345678"):
        found = find_customer(connection, workspace_id=workspace, vault=TEST_VAULT, who=who)
        assert found == number


@pytest.mark.parametrize("who", ["nobody@shop.example", "jiwoo", "id:99", "id:x", "phone:12", ""])
def test_who_is_nobody_is_said_so(connection, workspace, lake, who):
    known(connection, workspace, lake)

    with pytest.raises(NobodyError, match="Nobody is known by"):
        find_customer(connection, workspace_id=workspace, vault=TEST_VAULT, who=who)


def test_who_may_be_several_is_asked_for_by_number(connection, workspace, lake):
    minji = known(connection, workspace, lake)
    arrive(connection, workspace, told("m9", user="father", email="minji@shop.example"))
    [(_, father)] = tick(connection, workspace)

    with pytest.raises(NobodyError, match=f"id:{minji}, id:{father}"):
        find_customer(
            connection, workspace_id=workspace, vault=TEST_VAULT, who="minji@shop.example"
        )


def test_another_workspace_knows_nobody_of_this_one(connection, workspace, lake):
    minji = known(connection, workspace, lake)

    other = create_workspace(
        connection,
        name="다른 상점",
        time_zone="Asia/Seoul",
        default_locale="ko",
        sender_name="다른 상점",
        sender_email="hello@other.example",
        sender_postal="서울특별시",
        sender_phone="02-121",
        now=NOON,
    )

    with pytest.raises(NobodyError):
        find_customer(connection, workspace_id=other, vault=TEST_VAULT, who=f"id:{minji}")
