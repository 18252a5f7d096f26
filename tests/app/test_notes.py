"""`dangol note` and `dangol exits`."""

import json

import pytest
from tests.app.test_customer import opened  # noqa: F401 - a fixture

from dangol.app.cli import main


@pytest.mark.usefixtures("opened")
def test_notes_are_published_listed_and_taken_back(capsys):
    assert main(["note", "list"]) == 0
    assert main(["note", "add", "--ko", "고쳤어요.", "--en", "We mended it."]) == 0
    assert main(["note", "list"]) == 0
    assert main(["note", "remove", "1"]) == 0
    assert main(["note", "remove", "1"]) == 1
    assert main(["note", "add", "--ko", "", "--en", "x"]) == 1

    said = capsys.readouterr()
    assert "There is no note yet" in said.out
    assert "고쳤어요. / We mended it." in said.out
    assert "There is no note 1" in said.err
    assert "text_ko" in said.err


@pytest.mark.usefixtures("opened")
def test_who_stopped_is_counted(capsys):
    assert main(["exits"]) == 0
    assert main(["exits", "--days", "90", "--json"]) == 0

    first, second = capsys.readouterr().out.splitlines()
    assert first == "0 stopped by a message in 30 days."
    assert json.loads(second) == {"left": 0, "answers": {}}
