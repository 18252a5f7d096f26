"""Read a journey, and say everything that is wrong with it at once.

The text is YAML or JSON: one entry and a list of named steps. A step that does not say where to
go next goes to the one after it; after the last one the journey is over.
"""

from typing import Final, TypeVar, cast

import msgspec
import yaml

from dangol.journeys.faults import find_faults
from dangol.journeys.steps import AnyStep, BadJourney, Entry, Fault, JourneyDefinition, Title

Part = TypeVar("Part")

# A union of types is a type to msgspec, though not to the type checker.
ANY_STEP: Final = cast("type[AnyStep]", AnyStep)
TEXT_LENGTH_MAX: Final = 64 * 1024
FIELDS: Final = ("name", "title", "entry", "steps", "goal")
# What msgspec says, and what an author can do about it.
REMEDIES: Final = {
    "got `null`": "Write it",
    "missing required field": "Add it",
    "unknown field": "Correct its spelling, or remove it",
    "Invalid value": "Write one of: message, wait, check_event, exit",
    "Invalid enum value": "Write one of the words that docs/guides/journeys.md lists",
    "Expected `object`": "Write fields with values, one a line",
    "Expected `array`": "Write a list, each item beginning with a dash",
    "Expected `str": "Write text, in quotes if it looks like a number",
    "Expected `int": "Write a whole number",
    "Expected `bool": "Write true or false",
}


def parse_journey(text: str | bytes) -> JourneyDefinition:
    """Read a definition from YAML or JSON.

    Raises:
        BadJourney: naming every fault with its place and its remedy.
    """
    faults: list[Fault] = []
    fields = read_fields(read_tree(text), faults=faults)
    name = read_part(fields.get("name"), str, place="name", faults=faults)
    title = read_part(fields.get("title"), Title, place="title", faults=faults)
    entry = read_part(fields.get("entry"), Entry, place="entry", faults=faults)
    steps = tuple(read_steps(fields.get("steps"), faults=faults))
    goal = read_part(fields.get("goal", ""), str, place="goal", faults=faults)
    if name is None or title is None or entry is None or faults:
        raise BadJourney(faults)
    definition = JourneyDefinition(
        name=name, title=title, entry=entry, steps=steps, goal=goal if "goal" in fields else None
    )
    if faults := find_faults(definition):
        raise BadJourney(faults)
    return definition


def read_fields(tree: object, *, faults: list[Fault]) -> dict[str, object]:
    """Return the fields of the whole; say which are too many.

    Raises:
        BadJourney: there are no fields at all.
    """
    fields = read_part(tree, dict[str, object], place="", faults=faults)
    if fields is None:
        raise BadJourney(faults)
    faults.extend(
        Fault(place=field, problem="is not a part of a journey", remedy=REMEDIES["unknown field"])
        for field in fields
        if field not in FIELDS
    )
    return fields


def read_tree(text: str | bytes) -> object:
    """Read the text as YAML, of which JSON is a part.

    Raises:
        BadJourney: it is not YAML, or far too long.
    """
    if len(text) > TEXT_LENGTH_MAX:
        problem = f"is {len(text)} long"
        remedy = f"Keep a journey below {TEXT_LENGTH_MAX} characters"
        raise BadJourney([Fault(place="the text", problem=problem, remedy=remedy)])
    try:
        # The loader written in Python: the one in C, which is faster, dies of deep nesting.
        return cast("object", yaml.safe_load(text))
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        problem = " ".join(str(error).split())
        remedy = "Check the indentation and the quotes there"
        raise BadJourney([Fault(place="the text", problem=problem, remedy=remedy)]) from error


def read_steps(part: object, *, faults: list[Fault]) -> list[AnyStep]:
    """Read every step that can be read; say what is wrong with the others."""
    items = read_part(part, list[object], place="steps", faults=faults) or []
    steps = [
        read_part(item, ANY_STEP, place=f"steps[{index}]", faults=faults)
        for index, item in enumerate(items)
    ]
    return [step for step in steps if step is not None]


def read_part(value: object, kind: type[Part], *, place: str, faults: list[Fault]) -> Part | None:
    """Read one part; where it cannot be read, add the fault and return None."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        problem, _, path = str(error).partition(" - at `$")
        where = (place + path.rstrip("`")).removeprefix(".") or "the text"
        faults.append(Fault(place=where, problem=problem, remedy=remedy_for(problem)))
        return None


def remedy_for(problem: str) -> str:
    return next(
        (remedy for said, remedy in REMEDIES.items() if said in problem),
        "See docs/guides/journeys.md",
    )
