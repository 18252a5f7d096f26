"""Every night the ledger is walked, mended and anchored, and the doctor says what that found."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from tests.app.conftest import as_url
from tests.build import NOON, customer, give_consent

from dangol.app.anchors import open_anchors
from dangol.app.clock import freeze_clock
from dangol.app.doctor_ledger import examine_ledger
from dangol.app.jobs import queue_audits
from dangol.app.ledger_job import audit_ledger
from dangol.app.settings import Settings
from dangol.consent import ledger
from dangol.consent.audit import ledgers_due, mend_fold
from dangol.store.connect import Connection

# Three in the morning in Seoul.
NIGHT = NOON + timedelta(hours=15)
DAY = timedelta(days=1)


@pytest.fixture
def settings(dsn: str, tmp_path: Path) -> Settings:
    return Settings(database_url=as_url(dsn), data_folder=tmp_path)


@pytest.fixture
def people(connection: Connection, workspace: int) -> list[int]:
    """Five customers who consented."""
    made = [customer(connection, workspace, name=f"c{number}", email=None) for number in range(5)]
    for one in made:
        give_consent(connection, workspace, customer_id=one)
    freeze_clock(connection, at=NIGHT)
    connection.commit()
    return made


@pytest.fixture
def plain_role(connection: Connection) -> Iterator[str]:
    """A role that owns nothing and may add to the ledger."""
    connection.execute("create role dangol_plain")
    connection.execute(
        "grant select, insert on consent_entry, consent_link, ledger_audit to dangol_plain"
    )
    # What the doctor reads besides.
    connection.execute("grant select on clock_shift, consent_notice, customer to dangol_plain")
    connection.commit()
    yield "dangol_plain"
    connection.rollback()
    connection.execute("reset role")
    connection.execute("reassign owned by dangol_plain to postgres")
    connection.execute("drop owned by dangol_plain")
    connection.execute("drop role dangol_plain")
    connection.commit()


def doctor(connection: Connection) -> dict[str, tuple[str, str]]:
    return {check: (found, remedy) for check, found, remedy in examine_ledger(connection)}


def test_a_ledger_is_audited_at_night_and_at_once_where_it_never_was(
    connection: Connection, workspace: int, people: list[int], settings: Settings
) -> None:
    assert ledgers_due(connection, now=NIGHT) == [workspace]
    audit_ledger(settings, workspace_id=workspace)

    due = [ledgers_due(connection, now=NIGHT + timedelta(hours=hours)) for hours in (1, 23, 25)]

    assert due == [[], [workspace], [workspace]]
    assert len(people) == 5


@pytest.mark.usefixtures("workspace")
def test_a_shop_without_consents_is_not_audited(connection: Connection) -> None:
    assert ledgers_due(connection, now=NIGHT) == []
    assert doctor(connection)["ledger"] == ("not audited yet; that is done every night", "")


@pytest.mark.usefixtures("people")
def test_a_night_leaves_an_anchor_and_a_sound_finding(
    connection: Connection, workspace: int, settings: Settings
) -> None:
    audit_ledger(settings, workspace_id=workspace)
    audit_ledger(settings, workspace_id=workspace)

    found, remedy = doctor(connection)["ledger"]
    assert "5 consents audited since 2027-03-02 18:00 UTC against 1 anchors, 0 faults" in found
    assert remedy == ""
    assert {one.seq for one in open_anchors(settings).read()} == {5}


def test_the_doctor_names_what_was_altered(
    connection: Connection, workspace: int, settings: Settings, people: list[int]
) -> None:
    audit_ledger(settings, workspace_id=workspace)
    with connection.transaction():
        connection.execute("set local session_replication_role = replica")
        connection.execute(
            "update consent_entry set source = 'x' where customer_id = %s", (people[1],)
        )

    audit_ledger(settings, workspace_id=workspace)

    found, remedy = doctor(connection)["ledger"]
    assert "1 faults: altered entry, link 2, entry 2" in found
    assert "dangol ledger verify" in remedy


def test_a_night_mends_what_was_changed_by_hand(
    connection: Connection,
    workspace: int,
    settings: Settings,
    people: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Some customers at a time, so that nobody who withdraws waits for all of them."""
    monkeypatch.setattr(ledger, "CUSTOMERS_AT_ONCE", 2)
    connection.execute(
        "update consent set state = 'refused' where customer_id = any(%s)", (people[1::2],)
    )
    connection.commit()

    audit_ledger(settings, workspace_id=workspace)

    found, remedy = doctor(connection)["ledger"]
    assert "2 consents did not say what the ledger says" in found
    assert "They have been put right." in remedy
    assert mend_fold(connection, workspace_id=workspace) == 0


@pytest.mark.usefixtures("people")
def test_a_night_queues_each_of_its_jobs_once(connection: Connection, settings: Settings) -> None:
    queue_audits(connection, settings)
    queue_audits(connection, settings)

    jobs = connection.execute("select queueing_lock from procrastinate.procrastinate_jobs")
    assert sorted(jobs.fetchall()) == [("ledger 1",), ("retention 1",)]


def test_the_doctor_tells_who_could_alter_the_ledger(
    connection: Connection, plain_role: str
) -> None:
    said: dict[str, str] = {"superuser": doctor(connection)["ledger rights"][0]}
    connection.execute(f"set role {plain_role}".encode())
    said["plain"] = doctor(connection)["ledger rights"][0]
    connection.execute("reset role")
    connection.execute("grant update on consent_entry to dangol_plain")
    connection.execute(f"set role {plain_role}".encode())
    said["may update"] = doctor(connection)["ledger rights"][0]
    connection.execute("reset role")

    assert "superuser: anchors matter" in said["superuser"]
    assert said["plain"] == "its role may add to it, and nothing else"
    assert "may update or delete; only the triggers" in said["may update"]


def test_a_role_that_owns_the_ledger_has_no_right_to_alter_it(
    connection: Connection, plain_role: str
) -> None:
    """It could grant it to itself; that is a deed, and no mistake."""
    connection.execute("grant create on schema public to dangol_plain")
    connection.execute(f"alter table consent_entry owner to {plain_role}".encode())
    connection.execute("revoke update, delete, truncate on consent_entry from dangol_plain")
    connection.execute(f"set role {plain_role}".encode())

    found, remedy = doctor(connection)["ledger rights"]

    assert ("its role owns the tables" in found, remedy) == (True, "")
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        connection.transaction(),
    ):
        connection.execute("update consent_entry set source = 'x'")
    connection.rollback()


def test_a_disabled_trigger_is_named(connection: Connection) -> None:
    connection.execute("alter table consent_link disable trigger consent_link_is_append_only")

    found, remedy = doctor(connection)["ledger rights"]

    assert "missing or disabled" in found
    assert "Enable the triggers" in remedy
