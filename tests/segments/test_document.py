"""Segments as YAML, read and written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.segments.random_world import UNHURRIED, trees

from dangol.segments.change import NAME, TAKEN
from dangol.segments.document import LONGEST, Wanted, read_documents, write_documents

TITLES = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1
).filter(lambda title: len(title) <= 200)
NAMES = st.from_regex(NAME, fullmatch=True).filter(lambda name: name not in TAKEN)


@UNHURRIED
@given(name=NAMES, title_ko=TITLES, title_en=TITLES, tree=trees)
def test_what_is_written_reads_back_the_same(name, title_ko, title_en, tree):
    one = Wanted(place="", name=name, title_ko=title_ko, title_en=title_en, condition=tree)

    (read, again), faults = read_documents(write_documents([one, one]), file="f")

    assert faults == []
    assert read.condition == again.condition == tree
    assert (read.name, read.title_ko, read.title_en) == (name, title_ko, title_en)
    assert (read.place, again.place[:13]) == (f"f, document 1 (line 2), {name}", "f, document 2")


@given(text=st.text())
def test_no_text_is_at_a_loss_for_a_fault(text):
    wanted, faults = read_documents(text, file="f")

    assert wanted == []
    assert all(fault.place.startswith("f") and fault.remedy for fault in faults)


@pytest.mark.parametrize("text", ["[" * 100_000, "a" * (LONGEST + 1), "- !!python/object:os.x {}"])
def test_what_would_take_too_long_or_more_than_data_is_refused(text):
    wanted, faults = read_documents(text, file="f")

    assert (wanted, len(faults)) == ([], 1)


def test_a_value_that_yaml_takes_for_another_kind_is_named():
    text = "kind: segment\nname: true\ntitle: {ko: x, en: y}\nwhere: {kind: event, event: x}"

    _, (fault,) = read_documents(text, file="f")

    assert str(fault) == "f, document 1 (line 1): $.name: Write a text, not true or false."
