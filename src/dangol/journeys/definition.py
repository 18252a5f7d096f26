"""Read a journey, and say everything that is wrong with it at once.

The text is YAML or JSON: one entry and a list of named steps. A step that does not say where to
go next goes to the one after it; after the last one the journey is over.
"""

from collections.abc import Mapping
from typing import Final, TypeVar, cast

import msgspec
import yaml

from dangol.journeys.explain import as_fault
from dangol.journeys.fault_words import fault
from dangol.journeys.faults import find_faults, local_faults
from dangol.journeys.steps import (
    AnyStep,
    BadJourney,
    Entry,
    ExitWhen,
    Fault,
    Goal,
    JourneyDefinition,
    Priority,
    Title,
)
from dangol.store.yaml_text import load_one

Part = TypeVar("Part")

# Unions of types are types to msgspec, though not to the type checker.
ANY_STEP: Final = cast("type[AnyStep]", AnyStep)
TEXT_LENGTH_MAX: Final = 64 * 1024
# In the order in which a journey is written, and with what each is read as.
FIELDS: Final[Mapping[str, type[object]]] = {
    "name": str,
    "title": Title,
    "entry": Entry,
    "goal": Goal,
    "exit_when": ExitWhen,
    "quiet_after_purchase": str,
    "priority": cast("type[int]", Priority),
    "time_zone": cast("type[str]", JourneyDefinition.__annotations__["time_zone"]),
}
NEEDED: Final = ("name", "title", "entry", "steps")
# So that a file may say what it holds.
KIND: Final = "journey"


def parse_journey(text: str | bytes) -> JourneyDefinition:
    """Read a definition from YAML or JSON.

    Raises:
        BadJourney: naming every fault with its place and its remedy.
    """
    return read_journey(read_tree(text))


def read_journey(tree: object) -> JourneyDefinition:
    """Read a definition from what YAML or JSON has been taken apart to.

    Raises:
        BadJourney: naming every fault with its place and its remedy.
    """
    faults: list[Fault] = []
    fields = read_fields(tree, faults=faults)
    found = {
        field: read_part(fields[field], kind, place=field, faults=faults)
        for field, kind in FIELDS.items()
        if field in fields
    }
    steps = read_steps(fields.get("steps"), faults=faults) if "steps" in fields else {}
    faults.extend(
        as_fault(f"Object missing required field `{field}`", place="the text")
        for field in NEEDED
        if field not in fields
    )
    if faults:
        raise BadJourney([*faults, *local_faults(found, steps)])
    definition = JourneyDefinition(**found, steps=tuple(steps.values()))  # pyright: ignore[reportArgumentType]
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
    if fields.get("kind") == KIND:
        del fields["kind"]
    if isinstance(fields.get("goal"), str):
        fields["goal"] = {"event": fields["goal"]}
    faults.extend(
        fault(field, "no_part", names=", ".join([*FIELDS, "steps"]))
        for field in fields
        if field not in {*FIELDS, "steps"}
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
        ko = f"{len(text)}자입니다. 여정은 {TEXT_LENGTH_MAX}자까지 쓸 수 있습니다."
        raise BadJourney([Fault(place="the text", problem=problem, remedy=remedy, ko=ko)])
    try:
        return load_one(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        problem = " ".join(str(error).split())
        remedy = "Check the indentation and the quotes there"
        ko = f"읽을 수 없습니다({problem}). 그곳의 들여쓰기와 따옴표를 확인해 주세요."
        fault = Fault(place="the text", problem=problem, remedy=remedy, ko=ko)
        raise BadJourney([fault]) from error


def read_steps(part: object, *, faults: list[Fault]) -> dict[str, AnyStep]:
    """Read every step that can be read, by its place; say what is wrong with the others."""
    items = read_part(part, list[object], place="steps", faults=faults) or []
    placed = {f"steps[{index}]": item for index, item in enumerate(items)}
    steps = {
        place: read_part(item, ANY_STEP, place=place, faults=faults)
        for place, item in placed.items()
    }
    return {place: step for place, step in steps.items() if step is not None}


def read_part(value: object, kind: type[Part], *, place: str, faults: list[Fault]) -> Part | None:
    """Read one part; where it cannot be read, add every fault and return None.

    The reader stops at the first fault: what is at fault is taken away, and it reads on.
    """
    found: list[Fault] = []
    taken: set[str] = set()
    left = dict(cast("dict[str, object]", value)) if isinstance(value, dict) else value
    while True:
        try:
            part = msgspec.convert(left, kind)
        except msgspec.ValidationError as error:
            problem, _, path = str(error).partition(" - at `$")
            field = field_at_fault(problem, path.rstrip("`"))
            if field not in taken:
                found.append(as_fault(problem, place=(place + path.rstrip("`")).removeprefix(".")))
            if isinstance(left, dict) and field in left:
                taken.add(field)
                del left[field]
                continue
            part = None
        faults.extend(found)
        return None if found else part


def field_at_fault(problem: str, path: str) -> str:
    """Return which field of a part a complaint is about; empty where it is about the whole."""
    if not path:
        return problem.partition("`")[2].rstrip("`") if "field" in problem else ""
    return path.removeprefix(".").partition(".")[0].partition("[")[0]


def as_json(definition: JourneyDefinition) -> str:
    """Write a definition the one way in which equal definitions are equal."""
    return msgspec.json.encode(definition).decode()
