"""`dangol list upload`."""

import json

import pytest
from tests.app.test_customer import ask, opened  # noqa: F401 - a fixture

from dangol.app.cli import main


@pytest.mark.usefixtures("opened")
def test_a_file_becomes_a_list_and_rows_that_lead_to_nobody_are_named(
    tmp_path,
    capsys,
    opened,  # noqa: F811 - the fixture
):
    file = tmp_path / "vip.csv"
    file.write_text("grade,email\nA,minji@shop.example\nB,jiwoo@shop.example\nC,\n", "utf-8")
    upload = ["list", "upload", str(file), "--name", "vip", "--by", "email", "--column", "email"]

    assert main([*upload, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert main(upload) == 0

    assert report == {"rows": 3, "customers": 1, "unknown": [3], "unreadable": [4]}
    assert "1 customers from 3 rows" in capsys.readouterr().out
    assert ask(opened, "select count(*) from list_entry") == [(1,)]


@pytest.mark.usefixtures("opened")
def test_a_column_that_is_not_there_is_refused_with_those_that_are(tmp_path, capsys):
    file = tmp_path / "vip.csv"
    file.write_text("grade,email\nA,minji@shop.example\n", "utf-8")

    assert main(["list", "upload", str(file), "--name", "vip", "--by", "email"]) == 1

    assert "grade, email" in capsys.readouterr().err
