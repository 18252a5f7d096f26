"""Liquid, with limits: templates come from people we do not know, and see plain data only."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from io import StringIO
from typing import Final

from liquid import BoundTemplate, Environment, Node
from liquid.builtin.content import ContentNode
from liquid.builtin.filters.misc import date
from liquid.builtin.output import OutputNode
from liquid.context import RenderContext
from liquid.exceptions import LiquidError
from liquid.filter import liquid_filter, with_environment
from liquid.output import LimitedStringIO

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

    def __init__(self, field: str, template: BoundTemplate) -> None:
        self._field = field
        self._template = template
        self._pieces = read_pieces(template)

    def render(self, fields: Mapping[str, object]) -> str:
        """Render with ``fields``: strings, numbers, lists and mappings, never objects.

        Raises:
            TemplateError: a limit was reached, or a filter met what it cannot use.
        """
        context = RenderContext(self._template, globals=fields)
        buffer = StringIO() if self._pieces else LimitedStringIO(limit=OUTPUT_MAX_BYTES)
        try:
            if not self._pieces:
                self._template.render_with_context(context, buffer)
                return buffer.getvalue()
            for piece in self._pieces:
                if isinstance(piece, str):
                    buffer.write(piece)
                else:
                    piece.render(context, buffer)
        except LiquidError as fault:
            raise TemplateError(self._field, str(fault.message or fault)) from fault
        return buffer.getvalue()


def read_pieces(template: BoundTemplate) -> tuple[str | Node, ...]:
    """Split a template of text and ``{{ outputs }}`` only; empty for one with tags.

    Most mails are of that kind. Without loops, what they can write is bounded by the template
    itself, so they skip the counting of every byte: half the time of a render.
    """
    if not all(isinstance(node, ContentNode | OutputNode) for node in template.nodes):
        return ()
    return tuple(node.text if isinstance(node, ContentNode) else node for node in template.nodes)


@lru_cache(maxsize=1024)
def parse(field: str, source: str, *, escape: bool) -> Liquid:
    """Read a template; with ``escape``, what it puts out is safe inside HTML.

    Raises:
        TemplateError: naming the field and what is wrong.
    """
    try:
        return Liquid(field, environment(escape=escape).from_string(source))
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
