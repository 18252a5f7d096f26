"""Journeys as YAML, to be kept beside a shop's code: one document a journey.

What is written is read back the same, and the same journey is always written the same, so that a
difference between two versions shows what differs and nothing else.
"""

from collections.abc import Mapping
from difflib import unified_diff
from typing import Final, cast

import msgspec

from dangol.journeys.definition import KIND
from dangol.journeys.steps import JourneyDefinition
from dangol.store.yaml_text import write_yaml

FIRST: Final = ("name", "kind")
CONTEXT: Final = 1
# What unified_diff says before the first difference.
HEAD: Final = ("---", "+++", "@@")


def write_journey(definition: JourneyDefinition) -> str:
    """Write a journey so that ``parse_journey`` reads the same."""
    tree = cast("dict[str, object]", msgspec.to_builtins(definition))
    steps = cast("list[dict[str, object]]", tree.pop("steps"))
    goal = cast("dict[str, object]", tree.get("goal", {}))
    if goal.keys() == {"event"}:
        tree["goal"] = goal["event"]
    written = {"kind": KIND, **tree, "steps": [name_first(step) for step in steps]}
    return write_yaml(in_order(written))


def name_first(step: dict[str, object]) -> dict[str, object]:
    return {"name": step["name"], **step}


def in_order(tree: object) -> object:
    """Put conditions and filters, whose order says nothing, into one order."""
    match tree:
        case dict():
            fields = cast("Mapping[str, object]", tree)
            return {key: in_order(value) for key, value in ordered(fields).items()}
        case list() | tuple():
            return [in_order(part) for part in cast("list[object]", tree)]
        case _:
            return tree


def ordered(fields: Mapping[str, object]) -> Mapping[str, object]:
    """Return fields by their names, the kind first; those of a journey stay as they are."""
    if "kind" not in fields or "name" in fields:
        return fields
    return {"kind": fields["kind"], **{key: fields[key] for key in sorted(fields) if key != "kind"}}


def show_difference(old: JourneyDefinition, new: JourneyDefinition) -> list[str]:
    """Return the lines in which two versions differ, each after its sign, with one around."""
    before, after = write_journey(old).splitlines(), write_journey(new).splitlines()
    lines = unified_diff(before, after, lineterm="", n=CONTEXT)
    return [line for line in lines if not line.startswith(HEAD)]
