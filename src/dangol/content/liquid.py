"""Liquid, with limits: templates come from people we do not know, and see plain data only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from io import StringIO
from typing import Final, cast

from liquid import BoundTemplate, Environment, Node
from liquid.builtin.content import ContentNode
from liquid.builtin.expressions import FilteredExpression, Path
from liquid.builtin.filters.misc import date
from liquid.builtin.output import OutputNode
from liquid.context import RenderContext
from liquid.exceptions import LiquidError
from liquid.filter import liquid_filter, with_environment
from liquid.output import LimitedStringIO
from markupsafe import escape as escape_html

# Templates may not load others, and nothing may switch escaping off.
TAGS_WITHDRAWN: Final = ("include", "render")
FILTERS_WITHDRAWN: Final = ("safe",)
OUTPUT_MAX_BYTES: Final = 500_000


class TemplateError(Exception):
    """A template cannot be read or rendered; ``field`` is the part of it at fault."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem


class LimitedEnvironment(Environment):
    """Bounds for whatever a template tries."""

    loop_iteration_limit = 2_000
    output_stream_limit = OUTPUT_MAX_BYTES
    local_namespace_limit = 50_000
    context_depth_limit = 30
    block_nesting_limit = 30


class Liquid:
    """A template, parsed once; rendering it needs the data only."""

    def __init__(self, field: str, template: BoundTemplate, *, escape: bool) -> None:
        self._field = field
        self._escape = escape
        self._template = template
        self._pieces = read_pieces(template)

    def render(self, fields: Mapping[str, object]) -> str:
        """Render with ``fields``: strings, numbers, lists and mappings, never objects.

        Raises:
            TemplateError: a limit was reached, or a filter met what it cannot use.
        """
        if self._pieces:
            return "".join(self.render_pieces(fields))
        buffer = LimitedStringIO(limit=OUTPUT_MAX_BYTES)
        try:
            context = RenderContext(self._template, globals=fields)
            self._template.render_with_context(context, buffer)
        except LiquidError as fault:
            raise TemplateError(self._field, str(fault.message or fault)) from fault
        return buffer.getvalue()

    def render_pieces(self, fields: Mapping[str, object]) -> list[str]:
        """Render a template of text and outputs piece by piece; most outputs are words of data."""
        written: list[str] = []
        context: RenderContext | None = None
        for piece in self._pieces:
            if isinstance(piece, str):
                written.append(piece)
                continue
            if piece.names and (word := find_word(fields, piece.names)) is not None:
                written.append(str(escape_html(word)) if self._escape else word)
                continue
            context = context or RenderContext(self._template, globals=fields)
            buffer = StringIO()
            try:
                piece.node.render(context, buffer)
            except LiquidError as fault:
                raise TemplateError(self._field, str(fault.message or fault)) from fault
            written.append(buffer.getvalue())
        return written


@dataclass(frozen=True, slots=True)
class Output:
    """Something a template puts out; ``names`` lead to it where it is data as it stands."""

    node: Node
    names: tuple[str, ...]


def find_word(fields: Mapping[str, object], names: tuple[str, ...]) -> str | None:
    """Return the text or number these names lead to; None where Liquid must say what is there."""
    around = fields
    found: object = None
    for name in names[:-1]:
        found = around.get(name)
        if not isinstance(found, dict):
            return None
        around = cast("dict[str, object]", found)
    found = around.get(names[-1])
    if type(found) is str:
        return found
    return str(found) if type(found) is int else None


def read_pieces(template: BoundTemplate) -> tuple[str | Output, ...]:
    """Split a template of text and ``{{ outputs }}`` only; empty for one with tags.

    Most mails are of that kind. Without loops, what they can write is bounded by the template
    itself, so they skip the counting of every byte: half the time of a render.
    """
    if not all(isinstance(node, ContentNode | OutputNode) for node in template.nodes):
        return ()
    return tuple(
        node.text if isinstance(node, ContentNode) else Output(node, read_names(node))
        for node in template.nodes
    )


def read_names(node: Node) -> tuple[str, ...]:
    """Return the names of an output that is nothing but a path; empty for any other."""
    expression = node.expression if isinstance(node, OutputNode) else None
    if not isinstance(expression, FilteredExpression) or expression.filters:
        return ()
    path = expression.left.path if isinstance(expression.left, Path) else []
    # These three mean something of their own (`{{ list.first }}`).
    plain = all(isinstance(name, str) and name not in ("size", "first", "last") for name in path)
    return tuple(str(name) for name in path) if plain else ()


@lru_cache(maxsize=1024)
def parse(field: str, source: str, *, escape: bool) -> Liquid:
    """Read a template; with ``escape``, what it puts out is safe inside HTML.

    Raises:
        TemplateError: naming the field and what is wrong.
    """
    try:
        template = environment(escape=escape).from_string(source)
        return Liquid(field, template, escape=escape)
    except LiquidError as fault:
        line = fault.token.start_index if fault.token else 0
        place = source.count("\n", 0, line) + 1
        raise TemplateError(field, f"line {place}: {fault.message or fault}") from fault


@lru_cache(maxsize=2)
def environment(*, escape: bool) -> Environment:
    made = LimitedEnvironment(autoescape=escape)
    for tag in TAGS_WITHDRAWN:
        del made.tags[tag]
    for name in FILTERS_WITHDRAWN:
        del made.filters[name]
    made.filters["date"] = date_without_clock
    return made


@with_environment
@liquid_filter
def date_without_clock(value: datetime | str | int, form: str, *, environment: Environment) -> str:
    """Liquid's ``date``, except that "now" is no date here: only the edge knows the time."""
    asks_clock = isinstance(value, str) and value.strip().lower() in ("now", "today")
    return "" if asks_clock else date(value, form, environment=environment)
