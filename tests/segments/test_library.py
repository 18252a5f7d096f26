"""Ready-made segments can be taken over as they are."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import jsonschema_rs
import pytest
from tests.segments.random_world import MIDDLE, random_world
from tests.segments.reference import reference_members

from dangol.app.reference import schema_page
from dangol.segments.condition import InSegment, OnList, leaves
from dangol.segments.library import READY_MADE
from dangol.segments.library_entry import Group, ReadyMade
from dangol.segments.library_stages import MATRIX
from dangol.segments.parse import check_condition, parse_condition, write_condition
from dangol.segments.wording import say

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "segments.md"
SEOUL = ZoneInfo("Asia/Seoul")
SCHEMA = jsonschema_rs.validator_for(json.loads(schema_page()))
BY_NAME = pytest.mark.parametrize("one", READY_MADE, ids=lambda one: one.name)


@BY_NAME
def test_a_ready_made_segment_can_be_used_as_it_is(one: ReadyMade) -> None:
    check_condition(one.condition)
    SCHEMA.validate(json.loads(write_condition(one.condition)))

    assert parse_condition(write_condition(one.condition)) == one.condition
    assert say(one.condition, "ko")
    assert say(one.condition, "en")


@BY_NAME
def test_a_ready_made_segment_needs_nothing_that_a_shop_has_to_make_first(one: ReadyMade) -> None:
    assert not [leaf for leaf in leaves(one.condition) if isinstance(leaf, InSegment | OnList)]


def test_names_and_titles_are_each_their_own() -> None:
    for said in ("name", "title_ko", "title_en", "about_ko", "about_en"):
        found = Counter(getattr(one, said) for one in READY_MADE)
        assert [text for text, times in found.items() if times > 1] == []
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", one.name) for one in READY_MADE)
    assert {one.group for one in READY_MADE} == set(get_args(Group))


def test_every_field_of_the_matrix_has_exactly_one_name() -> None:
    fields = Counter(
        (recency, frequency)
        for named in MATRIX.values()
        for recency in range(named.recency[0], named.recency[1] + 1)
        for frequency in range(named.frequency[0], named.frequency[1] + 1)
    )

    assert fields == Counter({(r, f): 1 for r in range(1, 6) for f in range(1, 6)})


def test_every_buyer_of_a_year_has_exactly_one_name_by_recency_and_frequency() -> None:
    world = random_world(11)
    named = Counter(
        who
        for one in READY_MADE
        if one.group == "rfm"
        for who in reference_members(one.condition, world, now=MIDDLE, zone=SEOUL)
    )
    bought = {
        event.customer_id
        for event in world.events
        if event.name == "Order Completed" and event.occurred_at <= MIDDLE
    }

    assert named == Counter(dict.fromkeys(bought, 1))


def test_the_guide_tells_of_every_one_and_of_no_other() -> None:
    shown = re.findall(
        r"^\| `(\w+)` \| (.*?) \| (.*?) \| (.*?) \|", GUIDE.read_text("utf-8"), re.MULTILINE
    )

    assert shown == [(one.name, one.title_ko, one.title_en, one.about_en) for one in READY_MADE]


def test_the_guides_matrix_is_the_librarys() -> None:
    rows = re.findall(r"^\| \*\*R (\d)\*\* \| (.*) \|$", GUIDE.read_text("utf-8"), re.MULTILINE)
    shown = {
        (int(recency), frequency): name
        for recency, names in rows
        for frequency, name in enumerate(names.split(" | "), start=1)
    }

    assert len(shown) == 25
    for (recency, frequency), name in shown.items():
        assert MATRIX[name].recency[0] <= recency <= MATRIX[name].recency[1]
        assert MATRIX[name].frequency[0] <= frequency <= MATRIX[name].frequency[1]


def test_the_guides_conditions_can_be_used() -> None:
    shown = re.findall(r"```json\n(.*?)\n```", GUIDE.read_text("utf-8"), re.DOTALL)
    conditions = [parse_condition(f'{{"version": 1, "where": {text}}}') for text in shown]

    assert conditions[0] == {one.name: one.condition for one in READY_MADE}["evening_shoppers"]
