import json

import psycopg
import pytest

from dangol.app.cli import main
from dangol.store.connect import connect

WORKSPACE = [
    *("workspace", "add", "--name", "단골 상점", "--sender-email", "hello@shop.example"),
    *("--sender-postal", "서울", "--sender-phone", "02-120"),
]
ORDERS = "order,customer,date,product,quantity,amount\n1,minji,2026-01-01,p1,1,1000\n"
MAPPING = """
[source]
time_zone = "Asia/Seoul"
currency = "KRW"
[columns]
date = "date"
product_id = "product"
quantity = "quantity"
amount = "amount"
[order]
id = "{order}"
[customer]
id = "{customer}"
"""
JOURNEY = """
name: pause
title: {ko: 쉼, en: Pause}
entry: {event: Order Completed}
steps:
  - {name: rest, kind: wait, for: 1 days}
"""


@pytest.fixture
def shell(tmp_path, monkeypatch):
    """A place to run commands in, with nothing of the machine's own settings."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DANGOL_DATA_FOLDER", str(tmp_path / "data"))
    return monkeypatch


@pytest.fixture
def installed(shell, migrated_url):
    shell.setenv("DANGOL_DATABASE_URL", migrated_url)
    return migrated_url


@pytest.fixture
def opened(installed):
    assert main(WORKSPACE) == 0
    return installed


def ask(url: str, query: str) -> list[tuple]:
    with connect(url) as connection:
        return connection.execute(query.encode()).fetchall()


@pytest.mark.usefixtures("shell")
def test_an_unreachable_database_is_explained(shell, capsys):
    shell.setenv("DANGOL_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")

    assert main(["migrate"]) == 1

    said = capsys.readouterr().err
    assert said.startswith("dangol: PostgreSQL cannot be reached")
    assert "DANGOL_DATABASE_URL" in said
    assert "Traceback" not in said


def test_a_wrong_setting_is_explained(shell, capsys):
    shell.setenv("DANGOL_PORT", "many")

    assert main(["doctor"]) == 1

    assert "The setting port is 'many'" in capsys.readouterr().err


def test_debug_shows_where_a_problem_comes_from(shell, capsys):
    shell.setenv("DANGOL_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")

    main(["migrate", "--debug"])

    assert "Traceback" in capsys.readouterr().err


def test_a_server_that_may_lose_what_it_confirmed_is_refused(shell, dsn, capsys):
    parts = dict(part.split("=", 1) for part in dsn.split())
    shell.setenv(
        "DANGOL_DATABASE_URL", f"postgresql://postgres@/{parts['dbname']}?host={parts['host']}"
    )

    assert main(["migrate"]) == 1

    assert "fsync = off" in capsys.readouterr().err


def test_a_folder_that_cannot_be_made_is_explained(shell, capsys):
    shell.setenv("DANGOL_DATA_FOLDER", "/proc/none")

    assert main(["migrate"]) == 1

    assert "/proc/none cannot be used as the data folder" in capsys.readouterr().err


def test_migrating_twice_changes_nothing_the_second_time(shell, durable_url, capsys):
    shell.setenv("DANGOL_DATABASE_URL", durable_url)

    assert main(["migrate"]) == 0
    first = capsys.readouterr().out
    assert main(["migrate"]) == 0

    assert "0001_initial.sql" in first
    assert capsys.readouterr().out == "The database is up to date.\n"


@pytest.mark.parametrize("command", [["serve"], ["work"], ["key", "create", "server"]])
def test_a_database_that_was_not_migrated_is_not_worked_on(shell, durable_url, command, capsys):
    shell.setenv("DANGOL_DATABASE_URL", durable_url)

    assert main(command) == 1

    assert "dangol migrate" in capsys.readouterr().err


@pytest.mark.usefixtures("installed")
def test_without_a_workspace_the_way_to_one_is_named(capsys):
    assert main(["key", "create", "server"]) == 1

    assert "dangol workspace add" in capsys.readouterr().err


@pytest.mark.usefixtures("opened")
def test_of_several_workspaces_one_must_be_named(capsys):
    assert main([*WORKSPACE[:3], "다른 상점", *WORKSPACE[4:]]) == 0

    assert main(["key", "create", "server"]) == 1
    said = capsys.readouterr().err
    assert main(["key", "create", "server", "--workspace", "다른 상점"]) == 0

    assert "단골 상점, 다른 상점" in said


@pytest.mark.usefixtures("opened")
def test_the_same_workspace_twice_is_explained(capsys):
    assert main(WORKSPACE) == 1

    assert "단골 상점" in capsys.readouterr().err


def test_a_wrong_time_zone_is_explained(installed, capsys):
    assert main([*WORKSPACE, "--time-zone", "Seoul"]) == 1

    assert "Asia/Seoul" in capsys.readouterr().err
    assert ask(installed, "select count(*) from workspace") == [(0,)]


def test_a_key_is_shown_once_and_kept_as_a_hash(opened, capsys):
    assert main(["key", "create", "browser"]) == 0

    key = capsys.readouterr().out.split()[-1]
    assert key.startswith("dk_b_")
    [(kept,)] = ask(opened, "select key_hash from api_key")
    assert key.encode() not in kept


def test_a_member_may_bring_a_password(opened, capsys, monkeypatch, tmp_path):
    (tmp_path / "password").write_text("correct horse battery\n")
    with (tmp_path / "password").open() as given:
        monkeypatch.setattr("sys.stdin", given)
        assert main(["member", "add", "minji@shop.example", "--password-stdin"]) == 0

    assert "correct horse" not in capsys.readouterr().out
    assert ask(opened, "select email, role from member") == [("minji@shop.example", "owner")]


@pytest.mark.usefixtures("opened")
def test_the_same_member_twice_is_explained(capsys):
    assert main(["member", "add", "minji@shop.example"]) == 0
    assert main(["member", "add", "minji@shop.example"]) == 1

    assert "minji@shop.example" in capsys.readouterr().err


def test_a_journey_runs_once_applied_and_again_changes_nothing(opened, tmp_path, capsys):
    (tmp_path / "pause.yaml").write_text(JOURNEY)

    assert main(["journey", "apply", "pause.yaml"]) == 0
    assert main(["journey", "apply", "pause.yaml"]) == 0

    assert capsys.readouterr().out.count("pause runs as version 1.") == 2
    assert ask(opened, "select name, state from journey") == [("pause", "running")]


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize("text", ["name: [", "name: x\n", JOURNEY.replace("wait", "dance")])
def test_a_journey_that_cannot_run_is_explained(tmp_path, capsys, text):
    (tmp_path / "bad.yaml").write_text(text)

    assert main(["journey", "apply", "bad.yaml"]) == 1

    assert "bad.yaml cannot be published" in capsys.readouterr().err


@pytest.mark.usefixtures("opened")
def test_a_file_that_is_not_there_is_explained(capsys):
    assert main(["journey", "apply", "none.yaml"]) == 1

    assert "none.yaml cannot be used as input: No such file" in capsys.readouterr().err


def test_an_import_reports_every_row_and_the_same_file_again_changes_nothing(
    opened, tmp_path, capsys
):
    (tmp_path / "orders.csv").write_text(ORDERS)
    (tmp_path / "orders.toml").write_text(MAPPING)
    command = ["import", "orders", "orders.csv", "--mapping", "orders.toml", "--json"]

    assert main(command) == 0
    report = json.loads(capsys.readouterr().out)
    assert main(command) == 0

    assert (report["rows"], report["accepted"], report["total"]) == (1, 1, 1000)
    assert ask(opened, "select count(*) from event where name = 'Order Completed'") == [(1,)]


def test_a_dry_run_stores_nothing(opened, tmp_path):
    (tmp_path / "orders.csv").write_text(ORDERS)
    (tmp_path / "orders.toml").write_text(MAPPING)

    assert main(["import", "orders", "orders.csv", "--mapping", "orders.toml", "--dry-run"]) == 0

    assert ask(opened, "select count(*) from event") == [(0,)]


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize(
    ("orders", "mapping", "word"),
    [
        (ORDERS, "[source", "orders.toml"),
        (ORDERS, MAPPING.replace('"amount"', '"price"'), "price"),
        (None, MAPPING, "orders.csv"),
    ],
)
def test_an_import_that_cannot_begin_is_explained(tmp_path, capsys, orders, mapping, word):
    if orders is not None:
        (tmp_path / "orders.csv").write_text(orders)
    (tmp_path / "orders.toml").write_text(mapping)

    assert main(["import", "orders", "orders.csv", "--mapping", "orders.toml"]) == 1

    said = capsys.readouterr().err
    assert word in said
    assert "Traceback" not in said


@pytest.mark.usefixtures("opened")
def test_the_doctor_names_what_needs_somebody(capsys):
    assert main(["doctor", "--json"]) == 1

    findings = {one["check"]: one for one in json.loads(capsys.readouterr().out)}
    assert "DANGOL_SMTP_URL" in findings["smtp"]["remedy"]
    assert findings["PostgreSQL"]["remedy"] == ""
    assert findings["migrations"]["remedy"] == ""
    assert findings["workspaces"]["found"] == "1"


def test_the_doctor_goes_on_when_the_database_is_away(shell, capsys):
    shell.setenv("DANGOL_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")

    assert main(["doctor"]) == 1

    said = capsys.readouterr().out
    assert "disk" in said
    assert "PostgreSQL cannot be reached" in said


def test_the_backup_hint_repeats_no_password(shell, capsys):
    shell.setenv("DANGOL_DATABASE_URL", "postgresql://me:hunter2@db.example/dangol")

    assert main(["backup-hint"]) == 0

    said = capsys.readouterr().out
    assert "pg_dump" in said
    assert "hunter2" not in said


def test_a_database_of_a_newer_dangol_is_left_alone(shell, migrated_url, capsys):
    shell.setenv("DANGOL_DATABASE_URL", migrated_url)
    with psycopg.connect(migrated_url) as admin:
        admin.execute("insert into migration (name) values ('9999_from_the_future.sql')")

    assert main(["migrate"]) == 1

    assert "newer version" in capsys.readouterr().err
