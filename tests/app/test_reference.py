from pathlib import Path

import pytest

from dangol.app.cli import build_parser, main
from dangol.app.commands import COMMANDS
from dangol.app.journey_reference import journeys_page, journeys_schema
from dangol.app.law import law_page
from dangol.app.reference import api_page, commands_page, schema_page, settings_page

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"
REMEDY = "run `python -m dangol.app.reference` in the repository"


def test_the_settings_page_is_what_the_code_says():
    assert (REFERENCE / "settings.md").read_text() == settings_page(), REMEDY


def test_the_commands_page_is_what_the_code_says():
    assert (REFERENCE / "cli.md").read_text() == commands_page(), REMEDY


def test_the_page_of_the_law_is_what_the_packs_say():
    assert (REFERENCE / "law.md").read_text() == law_page(), REMEDY


def test_the_published_description_of_the_api_is_the_served_one():
    assert (REFERENCE / "openapi.json").read_text() == api_page(), REMEDY


def test_the_published_schema_of_conditions_is_what_the_code_reads():
    assert (REFERENCE / "segments.schema.json").read_text() == schema_page(), REMEDY


def test_the_page_and_the_schema_of_journeys_are_what_the_code_reads():
    assert (REFERENCE / "journeys.md").read_text() == journeys_page(), REMEDY
    assert (REFERENCE / "journeys.schema.json").read_text() == journeys_schema(), REMEDY


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_teaches_with_examples(command, capsys):
    with pytest.raises(SystemExit) as ended:
        build_parser().parse_args([*command.name.split(), "--help"])

    shown = capsys.readouterr().out
    assert ended.value.code == 0
    assert all(example in shown for example in command.examples)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_names_a_function_that_exists(command):
    module, _, function = command.runs.partition(":")

    assert hasattr(__import__(module, fromlist=[function]), function)


def test_called_wrongly_it_exits_with_two(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["frobnicate"])

    assert ended.value.code == 2
    assert "invalid choice" in capsys.readouterr().err


def test_called_without_a_command_it_shows_the_help(capsys):
    assert main([]) == 0
    assert "dangol demo" in capsys.readouterr().out
