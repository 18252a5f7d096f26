"""docs/reference/journeys.md and journeys.schema.json, made from what journeys are read as."""

from collections.abc import Iterator
from typing import Final, cast

import msgspec

from dangol.journeys.definition import KIND
from dangol.journeys.fault_words import WORDS
from dangol.journeys.steps import JourneyDefinition

Schema = dict[str, object]

HEAD: Final = """\
# Journeys

What a journey may say, part by part; [the guide](../guides/journeys.md) explains it by examples,
and [journeys.schema.json](journeys.schema.json) is its schema. A length of time is a number and a
unit: `30 minutes`, `12 hours`, `14 days`, `2 weeks`, up to ten years. Conditions, and the filters
of `where`, are those of [segments](segments.md), without the `version`; a journey's conditions are
answered at once, so that what looks into the history has to be a segment first.
"""
TABLE: Final = "| field | what may stand there | unless said |\n|---|---|---|"
FAULTS_HEAD: Final = """\
## What can be wrong

Every fault is told with its place, such as `steps[3].ways[0].when`; here `…` stands for what it is
about.

| what is wrong | what to do | 한국어 |
|---|---|---|"""
# What each part is called, where that is not the kind of a step.
TITLES: Final = {
    "JourneyDefinition": "The whole",
    "Title": "`title`",
    "Entry": "`entry`",
    "DateEntry": "`entry.date`",
    "Schedule": "`entry.schedule`",
    "Goal": "`goal`",
    "ExitWhen": "`exit_when`",
    "Until": "`until` of a wait",
    "UntilDate": "`until_date` of a wait",
    "Way": "`ways` of a branch",
    "ShareWay": "`ways` of a split",
}
PLAIN: Final = {
    "string": "text",
    "integer": "a whole number",
    "boolean": "`true` or `false`",
    "object": "a condition",
}
# Objects that are no conditions.
VALUES: Final = "names with values"
FREE: Final = {("UpdateStep", "set"), ("WebhookStep", "body")}


def read_schema() -> Schema:
    """Return the schema of a journey, as files may say it."""
    schema = cast("Schema", msgspec.json.schema(JourneyDefinition, schema_hook=anything))
    whole = part_of(schema, "JourneyDefinition")
    fields = cast("dict[str, Schema]", whole["properties"])
    fields["kind"] = {"const": KIND}
    goals = cast("list[Schema]", fields["goal"]["anyOf"])
    fields["goal"]["anyOf"] = [{"type": "string"}, *goals]
    return schema


def anything(_: type) -> Schema:
    """Describe what may be any value."""
    return {"description": "Any value."}


def part_of(schema: Schema, name: str) -> Schema:
    return cast("dict[str, Schema]", schema["$defs"])[name]


def journeys_schema() -> str:
    """Return docs/reference/journeys.schema.json."""
    draft = "https://json-schema.org/draft/2020-12/schema"
    whole = {"$schema": draft, "title": "A journey", **read_schema()}
    return msgspec.json.format(msgspec.json.encode(whole), indent=1).decode() + "\n"


def journeys_page() -> str:
    """Return docs/reference/journeys.md."""
    schema = read_schema()
    parts = cast("dict[str, Schema]", schema["$defs"])
    steps = [name for name in parts if name not in TITLES and "properties" in parts[name]]
    top, inner = list(TITLES)[:7], list(TITLES)[7:]
    sections = ["\n".join(say_part(name, parts[name])) for name in (*top, *steps, *inner)]
    return "\n".join([HEAD, *sections, FAULTS_HEAD, *say_faults()]) + "\n"


def say_part(name: str, part: Schema) -> Iterator[str]:
    """Yield the lines about one part."""
    fields = cast("dict[str, Schema]", part["properties"])
    needed = cast("list[str]", part.get("required", []))
    title = TITLES.get(name) or f"A step of the kind {say_type(fields['kind'])}"
    yield f"## {title}\n"
    yield f"{' '.join(str(part['description']).split())}\n"
    yield TABLE
    for field, about in fields.items():
        if field == "kind":
            continue
        meant = VALUES if (name, field) in FREE else say_type(about)
        default = "needed" if field in needed else say_default(about.get("default"))
        yield f"| `{field}` | {meant} | {default} |"
    yield ""


def say_type(about: Schema) -> str:
    """Say what may stand in a field."""
    if "anyOf" in about:
        options = cast("list[Schema]", about["anyOf"])
        said = [say_type(one) for one in options if one.get("type") != "null"]
        # All the kinds of steps are one thing.
        return " or ".join(said if len(said) < len(TITLES) - 1 else ["a step"])
    if "enum" in about:
        return ", ".join(f"`{word}`" for word in cast("list[str]", about["enum"]))
    if "$ref" in about:
        name = str(about["$ref"]).rpartition("/")[2]
        return TITLES.get(name) or REFERRED.get(name, "a step")
    if about.get("type") == "array":
        items = say_type(cast("Schema", about["items"]))
        return f"a list of {MANY.get(items, items)}"
    return PLAIN[str(about["type"])]


MANY: Final = {"text": "texts", "a step": "steps", "a condition": "filters"}
REFERRED: Final = {"Channel": "`email`", "Purpose": "`marketing` or `informational`"}


def say_default(default: object) -> str:
    """Say what holds where a field is left out."""
    if default in (None, [], (), {}):
        return ""
    written = msgspec.json.encode(default).decode().strip('"')
    return f"`{written}`"


def say_faults() -> Iterator[str]:
    """Yield every fault in both languages."""
    for said in WORDS.values():
        problem, remedy, ko = (plain(words) for words in said)
        yield f"| {problem} | {remedy} | {ko} |"


def plain(words: str) -> str:
    """Return a fault's words with … for what it is about."""
    parts = words.replace("{{", "\0").replace("}}", "\1").split("{")
    told = parts[0] + "".join(f"…{part.partition('}')[2]}" for part in parts[1:])
    return told.replace("\0", "{").replace("\1", "}").replace("|", "\\|")
