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

# PyYAML's types say little of its insides.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

import re
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, Final, Literal

import msgspec
import yaml
from typing_extensions import override
from yaml.composer import ComposerError
from yaml.constructor import ConstructorError

from dangol.segments.change import SegmentFault, check_name
from dangol.segments.condition import VERSION, Condition
from dangol.segments.faults import BadCondition, explain
from dangol.segments.parse import parse_condition, write_condition

LONGEST: Final = 2_000_000
TOO_LONG: Final = f"The file is longer than {LONGEST:,} characters. Split it."
NO_ALIAS: Final = "Anchors and aliases (& and *) are not read here. Write it out."
Title = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class Titles(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What people read in the console."""

    ko: Title
    en: Title


class Written(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A document as it stands in a file."""

    kind: Literal["segment"]
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


class Loader(yaml.SafeLoader):
    """YAML without aliases, by which a small text becomes a huge tree, and without double keys."""

    @override
    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Refuse aliases."""
        if self.check_event(yaml.AliasEvent):
            raise ComposerError(None, None, NO_ALIAS, self.peek_event().start_mark)
        return super().compose_node(parent, index)

    @override
    def construct_mapping(
        self, node: yaml.MappingNode, deep: bool = False
    ) -> dict[Hashable, object]:
        """Refuse a key that stands twice."""
        keys = [key.value for key, _ in node.value]
        twice = next((key for key in keys if keys.count(key) > 1), None)
        if twice is not None:
            said = f"“{twice}” stands there twice. Remove one."
            raise ConstructorError(None, None, said, node.start_mark)
        return super().construct_mapping(node, deep=deep)


def read_documents(text: str, *, file: str) -> tuple[list[Wanted], list[Fault]]:
    """Read every segment of a file, and what is wrong with those that cannot be read."""
    wanted: list[Wanted] = []
    faults: list[Fault] = []
    if len(text) > LONGEST:
        return [], [Fault(place=file, path="$", remedy=TOO_LONG)]
    try:
        for place, tree in load(text, file=file):
            try:
                wanted.append(read_document(tree, place=place))
            except (BadCondition, SegmentFault) as fault:
                faults.append(as_fault(fault, place=place_of(tree, place)))
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        said = re.sub(r'\s+|"<unicode string>", ', " ", str(error)).strip()
        remedy = f"{said}. Check the indentation and the quotes there."
        faults.append(Fault(place=file, path="$", remedy=remedy))
    return wanted, faults


def load(text: str, *, file: str) -> Iterator[tuple[str, object]]:
    """Yield each document that is not empty, with its number and line."""
    loader = Loader(text)
    number = 0
    while loader.check_node():
        node = loader.get_node()
        if node is None:
            return
        tree = loader.construct_document(node)
        number += 1
        if tree is not None:
            yield f"{file}, document {number} (line {node.start_mark.line + 1})", tree


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
        raise explain(str(error), choices={".kind": "segment"}, version=VERSION) from error
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
        trees = [tree for _, tree in load(text, file="")]
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise BadCondition("$", "not_json", said=" ".join(str(error).split())) from error
    tree = trees[0] if len(trees) == 1 else None
    if isinstance(tree, dict) and "where" in tree:
        return read_tree({"version": tree.get("version", VERSION), "where": tree["where"]})
    return read_tree({"version": VERSION, "where": tree})


class Dumper(yaml.SafeDumper):
    """YAML as people write it: lists indented, nothing abbreviated."""

    @override
    def ignore_aliases(self, data: object) -> bool:
        """Write everything out."""
        return True

    @override
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Indent lists, too."""
        super().increase_indent(flow=flow, indentless=False)


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
    return yaml.dump(tree, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=100)
