import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.build import NOON, customer, give_consent, open_shop

from dangol.app.anchors import open_anchors
from dangol.app.chores import chain_all
from dangol.app.cli import main
from dangol.app.settings import Settings
from dangol.consent.verify import check_bundle, read_bundle
from dangol.store.connect import Connection, connect


@pytest.fixture
def shop(
    migrated_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Connection]:
    """A shop with three consents, and a shell to ask about them."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DANGOL_DATA_FOLDER", str(tmp_path / "data"))
    monkeypatch.setenv("DANGOL_DATABASE_URL", migrated_url)
    with connect(migrated_url) as connection:
        workspace = open_shop(connection, name="단골")
        for name in ("minji", "jiwoo", "seojun"):
            who = customer(connection, workspace, name=name, email=f"{name}@shop.example")
            give_consent(connection, workspace, customer_id=who, now=NOON)
        chain_all(connection)
        yield connection


def tamper(connection: Connection, statement: str) -> None:
    with connection.transaction():
        connection.execute("set local session_replication_role = replica")
        connection.execute(statement.encode())


@pytest.mark.usefixtures("shop")
def test_a_whole_ledger_is_said_to_be_whole_and_what_is_not_proven(capsys):
    assert main(["ledger", "verify"]) == 0

    said = capsys.readouterr().out
    assert "✓ The ledger is whole. 3 entries, 0 anchors compared; its head is " in said
    assert "Without an anchor nobody can tell whether its end was cut off" in said


def test_an_altered_entry_is_named_with_what_to_do(shop, capsys):
    tamper(shop, "update consent_entry set action = 'refuse' where id = 2")

    assert main(["ledger", "verify"]) == 1

    said = capsys.readouterr().out
    assert "! altered entry, link 2, entry 2" in said
    assert "The ledger is NOT whole: 1 faults in 3 entries" in said


def test_an_end_that_was_cut_off_is_found_by_the_anchor(shop, capsys):
    assert main(["ledger", "anchor"]) == 0
    tamper(shop, "delete from consent_link where seq = 3")
    tamper(shop, "delete from consent_entry where id = 3")
    capsys.readouterr()

    assert main(["ledger", "verify", "--json"]) == 1

    said = json.loads(capsys.readouterr().out)
    assert (said["whole"], said["links"], said["anchors"]) == (False, 2, 1)
    assert [(one["kind"], one["seq"]) for one in said["examples"]] == [("cut_off", 3)]


def test_anchors_are_kept_beside_the_lake(shop, capsys, tmp_path):
    assert main(["ledger", "anchor"]) == 0

    path = Path(capsys.readouterr().out.strip())
    anchor = json.loads(path.read_text())
    assert path.parent == tmp_path / "data" / "lake" / "anchors"
    assert path.name.startswith("consent-1-000000000003-")
    assert (anchor["dangol"], anchor["workspace"], anchor["seq"]) == ("consent anchor 1", 1, 3)
    row = shop.execute("select encode(hash, 'hex') from consent_link where seq = 3").fetchone()
    assert row == (anchor["hash"],)


@pytest.mark.usefixtures("shop")
def test_anchors_from_elsewhere_are_compared(capsys, tmp_path):
    kept, copied = tmp_path / "anchors.txt", tmp_path / "copied"
    assert main(["ledger", "anchor", "--to", str(kept)]) == 0
    assert main(["ledger", "anchor", "--to", "-", "--workspace", "단골"]) == 0
    copied.mkdir()
    lines = capsys.readouterr().out.splitlines()
    (copied / "one.json").write_text(f"{lines[-1]}\n")

    assert main(["ledger", "verify", "--anchors", str(kept), "--anchors", str(copied)]) == 0

    assert "3 entries, 2 anchors compared" in capsys.readouterr().out


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("not JSON", "one.json holds something that is no anchor"),
        ('{"dangol":"x","workspace":1,"seq":1,"hash":"","at":""}', "dangol is 'x'"),
        (None, "cannot be read: No such file or directory. Check the path."),
    ],
)
def test_what_is_no_anchor_is_refused(capsys, tmp_path, text, why):
    path = tmp_path / "one.json"
    if text is not None:
        path.write_text(text)

    assert main(["ledger", "verify", "--anchors", str(path)]) == 1

    assert why in capsys.readouterr().err


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    ("extra", "why"),
    [
        (["--to", "missing/anchor.json"], "missing/anchor.json cannot be used as the anchor's"),
        ([], "Set DANGOL_ANCHOR_FOLDER to a place where Dangol may write."),
    ],
)
def test_an_anchor_that_cannot_be_written_says_what_to_do(
    capsys, tmp_path, monkeypatch, extra, why
):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("DANGOL_ANCHOR_FOLDER", str(tmp_path / "file"))

    assert main(["ledger", "anchor", *extra]) == 1

    assert why in capsys.readouterr().err


@pytest.mark.usefixtures("shop")
def test_a_customers_consents_are_proven_by_a_file(capsys, tmp_path):
    bundle = tmp_path / "minji.zip"
    assert main(["ledger", "anchor"]) == 0

    assert main(["ledger", "prove", "user:minji", "--to", str(bundle)]) == 0

    said = capsys.readouterr().out
    assert "1 entries of customer 1: none was altered since it was chained." in said
    assert "1 of them are bound by an anchor (1 compared)." in said
    assert bundle.stat().st_mode & 0o077 == 0
    assert check_bundle(read_bundle(bundle)).faults == []


@pytest.mark.usefixtures("shop")
def test_a_bundle_overwrites_nothing(capsys, tmp_path):
    (tmp_path / "minji.zip").write_text("mine")

    assert main(["ledger", "prove", "user:minji", "--to", "minji.zip"]) == 1

    assert "minji.zip cannot be used as the bundle: File exists" in capsys.readouterr().err
    assert (tmp_path / "minji.zip").read_text() == "mine"


def test_what_was_altered_is_not_proven(shop, capsys, tmp_path):
    tamper(shop, "update consent_entry set source = 'x' where id = 1")

    assert main(["ledger", "prove", "user:minji", "--to", "minji.zip"]) == 1

    assert "The ledger does not prove these consents: link 1" in capsys.readouterr().err
    assert not (tmp_path / "minji.zip").exists()


@pytest.mark.usefixtures("shop")
def test_entries_that_came_since_wait_for_their_links(shop, capsys):
    give_consent(shop, 1, customer_id=customer(shop, 1, name="new", email=None), now=NOON)

    assert main(["ledger", "verify"]) == 0

    assert "1 entries wait for their links." in capsys.readouterr().out


def test_a_folder_without_anchors_holds_none(tmp_path):
    assert open_anchors(Settings(anchor_folder=str(tmp_path / "none"))).read() == []
