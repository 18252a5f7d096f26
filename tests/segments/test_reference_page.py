"""What docs/reference/segments.md shows is true."""

import json

import jsonschema_rs
import pytest
import yaml
from hypothesis import given
from tests.segments.random_world import UNHURRIED, trees
from tests.segments.reference_page import Example, examples, whole_example
from tests.segments.test_condition import BAD

from dangol.app.reference import schema_page
from dangol.segments.condition import Condition
from dangol.segments.library import LAPSED_REGULARS
from dangol.segments.parse import parse_condition, write_condition
from dangol.segments.wording import say

SCHEMA = jsonschema_rs.validator_for(json.loads(schema_page()))


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.en)
def test_an_example_can_be_used_and_reads_as_the_page_says(example: Example) -> None:
    whole = {"version": 1, "where": example.where}

    condition = parse_condition(json.dumps(whole))

    SCHEMA.validate(whole)
    assert (say(condition, "ko"), say(condition, "en")) == (example.ko, example.en)


def test_json_and_yaml_say_the_same() -> None:
    in_json, in_yaml = whole_example()

    assert json.loads(in_json) == yaml.safe_load(in_yaml)
    assert parse_condition(in_json) == LAPSED_REGULARS


@UNHURRIED
@given(tree=trees)
def test_whatever_is_written_fits_the_schema(tree: Condition) -> None:
    SCHEMA.validate(json.loads(write_condition(tree)))


@pytest.mark.parametrize(
    "text", [text for text, _, says in BAD if "cannot be used" in says or "missing" in says]
)
def test_the_schema_refuses_what_is_no_condition_at_all(text: str) -> None:
    assert not SCHEMA.is_valid(json.loads(text))
