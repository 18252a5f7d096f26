"""Segments as YAML, to be kept beside a shop's code: one document a segment.

::

    kind: segment
    name: lapsed_regulars
    title: {ko: 한동안 뜸한 단골, en: Lapsed regulars}
    where:
      kind: all
      of:
        - {kind: event, event: Order Completed, is: {kind: at_least, value: 2}}
"""

# What YAML holds may be anything.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Final, Literal

import msgspec
import yaml

from dangol.segments.change import SegmentFault, check_name
from dangol.segments.condition import VERSION, Condition
from dangol.segments.faults import BadCondition, explain
from dangol.segments.parse import parse_condition, write_condition
from dangol.store.yaml_text import load_each, write_yaml

LONGEST: Final = 2_000_000
TOO_LONG: Final = f"The file is longer than {LONGEST:,} characters. Split it."
Title = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class Titles(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What people read in the console."""

    ko: Title
    en: Title


class Written(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A document as it stands in a file."""

    kind: Literal["segment"] = "segment"
    name: str
    title: Titles
    where: object
    version: int = VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A segment as a file wants it; ``place`` names the file and the document."""

    place: str
    name: str
    title_ko: str
    title_en: str
    condition: Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong in a file: in which document, at which place in it, and what to change."""

    place: str
    path: str
    remedy: str

    def __str__(self) -> str:
        """Say it in a line."""
        return f"{self.place}: {self.path}: {self.remedy}"


class BadFiles(ValueError):  # noqa: N818 - it is the files that are bad
    """Files that cannot be applied, with everything that is wrong in them."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        """Keep every fault."""
        self.faults: Final = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


def read_trees(text: str, *, file: str) -> tuple[list[tuple[str, object]], list[Fault]]:
    """Take every document of a file apart; each comes with where it stands."""
    if len(text) > LONGEST:
        return [], [Fault(place=file, path="$", remedy=TOO_LONG)]
    trees: list[tuple[str, object]] = []
    try:
        for number, line, tree in load_each(text):
            trees.append((f"{file}, document {number} (line {line})", tree))
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        said = re.sub(r'\s+|"<unicode string>", ', " ", str(error)).strip()
        remedy = f"{said}. Check the indentation and the quotes there."
        return trees, [Fault(place=file, path="$", remedy=remedy)]
    return trees, []


def read_documents(text: str, *, file: str) -> tuple[list[Wanted], list[Fault]]:
    """Read every segment of a file, and what is wrong with those that cannot be read."""
    trees, faults = read_trees(text, file=file)
    wanted, more = read_wanted(trees)
    return wanted, [*faults, *more]


def read_wanted(
    trees: Iterable[tuple[str, object]],
) -> tuple[list[Wanted], list[Fault]]:
    """Read segments, and what is wrong with those that cannot be read."""
    wanted: list[Wanted] = []
    faults: list[Fault] = []
    for place, tree in trees:
        try:
            wanted.append(read_document(tree, place=place))
        except (BadCondition, SegmentFault) as fault:
            faults.append(as_fault(fault, place=place_of(tree, place)))
    return wanted, faults


def place_of(tree: object, place: str) -> str:
    """Name the segment, too, where its name can be read."""
    name: object = tree.get("name") if isinstance(tree, dict) else None
    return f"{place}, {name}" if isinstance(name, str) else place


def as_fault(fault: BadCondition | SegmentFault, *, place: str) -> Fault:
    """Say a fault with its document."""
    if isinstance(fault, BadCondition):
        return Fault(place=place, path=fault.path, remedy=fault.message)
    return Fault(place=place, path="$.name", remedy=str(fault))


def read_document(tree: object, *, place: str) -> Wanted:
    """Read one segment.

    Raises:
        BadCondition: naming the place in the document and the remedy.
        SegmentFault: its name cannot be one.
    """
    try:
        written = msgspec.convert(tree, Written)
    except msgspec.ValidationError as error:
        raise explain(str(error), choices={".kind": "segment, journey"}, version=VERSION) from error
    check_name(written.name)
    return Wanted(
        place=f"{place}, {written.name}",
        name=written.name,
        title_ko=written.title.ko,
        title_en=written.title.en,
        condition=read_tree({"version": written.version, "where": written.where}),
    )


def read_tree(tree: object) -> Condition:
    """Read a condition that YAML has taken apart.

    Raises:
        BadCondition: naming the place in it and the remedy.
    """
    try:
        return parse_condition(msgspec.json.encode(tree))
    except (TypeError, UnicodeEncodeError, ValueError) as error:
        if isinstance(error, BadCondition):
            raise
        raise BadCondition("$.where", "other", said=error) from error


def read_plain(text: str) -> Condition:
    """Read one condition from a file: ``where`` alone or in a segment's document, YAML or JSON.

    Raises:
        BadCondition: naming the place in it and the remedy.
    """
    try:
        trees = [tree for _, _, tree in load_each(text)]
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise BadCondition("$", "not_json", said=" ".join(str(error).split())) from error
    tree = trees[0] if len(trees) == 1 else None
    if isinstance(tree, dict) and "where" in tree:
        return read_tree({"version": tree.get("version", VERSION), "where": tree["where"]})
    return read_tree({"version": VERSION, "where": tree})


def write_documents(wanted: Iterable[Wanted]) -> str:
    """Write segments so that ``read_documents`` reads the same."""
    return "".join(f"---\n{write_document(one)}" for one in wanted)


def write_document(wanted: Wanted) -> str:
    tree = {
        "kind": "segment",
        "name": wanted.name,
        "title": {"ko": wanted.title_ko, "en": wanted.title_en},
        **msgspec.json.decode(write_condition(wanted.condition), type=dict[str, object]),
    }
    return write_yaml(tree)
