"""YAML as people keep it in files: of one meaning, and read the same by the next reader.

Aliases, by which a small text becomes a huge tree, and keys that stand twice are refused. Only
``true`` and ``false`` are truths, so that ``on`` and ``no`` are words; days and times are words,
too. JSON is a part of it.
"""

# PyYAML's types say little of its insides.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

import re
from collections.abc import Hashable, Iterator
from typing import Final

import yaml
from typing_extensions import override
from yaml.composer import ComposerError
from yaml.constructor import ConstructorError

NO_ALIAS: Final = "Anchors and aliases (& and *) are not read here. Write it out."
WIDTH: Final = 100
BOOLEAN: Final = "tag:yaml.org,2002:bool"
INTEGER: Final = "tag:yaml.org,2002:int"
FRACTION: Final = "tag:yaml.org,2002:float"
# What YAML 1.1 guesses from the look of a word, and we do not.
UNGUESSED: Final = (BOOLEAN, INTEGER, FRACTION, "tag:yaml.org,2002:timestamp")
TRUTH: Final = re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$")
WHOLE: Final = re.compile(r"^[-+]?(?:0|[1-9][0-9]*)$")
DECIMAL: Final = re.compile(r"^[-+]?[0-9]+(?:\.[0-9]+(?:[eE][-+]?[0-9]+)?|[eE][-+]?[0-9]+)$")


def guesses(without: tuple[str, ...]) -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    """Return what a plain word may mean by its first letter, without some meanings."""
    return {
        first: [(tag, pattern) for tag, pattern in known if tag not in without]
        for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


class Loader(yaml.SafeLoader):
    """Reads YAML of one meaning."""

    yaml_implicit_resolvers = guesses(UNGUESSED)

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


class Dumper(yaml.SafeDumper):
    """YAML as people write it: lists indented, nothing abbreviated."""

    # What other readers would guess is quoted; words that only old ones take for a truth are not.
    yaml_implicit_resolvers = guesses((BOOLEAN,))

    @override
    def ignore_aliases(self, data: object) -> bool:
        """Write everything out."""
        return True

    @override
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Indent lists, too."""
        super().increase_indent(flow=flow, indentless=False)


for kind in (Loader, Dumper):
    # Each of these the writer quotes where it is a word.
    kind.add_implicit_resolver(BOOLEAN, TRUTH, list("tTfF"))
    kind.add_implicit_resolver(INTEGER, WHOLE, list("-+0123456789"))
    kind.add_implicit_resolver(FRACTION, DECIMAL, list("-+0123456789"))


def load_one(text: str | bytes) -> object:
    """Read a text of one document.

    Raises:
        yaml.YAMLError: it is not YAML, or not of one meaning.
        ValueError: a value in it cannot be.
        RecursionError: it is nested too deep.
    """
    loader = Loader(text)
    try:
        return loader.get_single_data()
    finally:
        loader.dispose()


def load_each(text: str) -> Iterator[tuple[int, int, object]]:
    """Yield each document that is not empty, with its number and line, both from 1.

    Raises:
        yaml.YAMLError: what comes next is not YAML, or not of one meaning.
        ValueError: a value in it cannot be.
        RecursionError: it is nested too deep.
    """
    loader = Loader(text)
    number = 0
    while loader.check_node():
        node = loader.get_node()
        if node is None:
            return
        tree = loader.construct_document(node)
        number += 1
        if tree is not None:
            yield number, node.start_mark.line + 1, tree


def write_yaml(tree: object) -> str:
    """Write a tree in the order of its keys."""
    return yaml.dump(tree, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=WIDTH)
