"""A question in Spark's words, wherever Ibis's own words for it would mean something else.

A document in JSON is a VARIANT while a question looks into it, so that a value keeps its type; and
text is read as DuckDB reads it.
"""

# ibis ships no types: what comes from it is unknown.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportMissingParameterType=false
# pyright: reportUntypedBaseClass=false, reportImplicitOverride=false

import re
from typing import Any, ClassVar, Final

import ibis.expr.types as ir
from ibis.backends.sql.compilers.base import NULL
from ibis.backends.sql.compilers.pyspark import PySparkCompiler

# What an index into a list looks like in a pointer.
INDEX: Final = re.compile("0|[1-9][0-9]{0,8}")
NO_SECONDS: Final = r"^(.{10}[T ][0-9]{2}:[0-9]{2})(?=\z|Z|[+-])"
OFFSET: Final = r"([+-])([0-9]{2}):([0-9]{2})\z"


class SparkCompiler(PySparkCompiler):
    """From Ibis to Spark's SQL; each method says one operation."""

    __slots__ = ()
    # Ibis would put what this says in the place of the methods below.
    SIMPLE_OPS: ClassVar[dict[Any, str]] = {}

    def visit_ScalarUDF(self, op: Any, **given: Any) -> Any:
        """Take a value out of a document by its pointer; read a zone's clocks at a moment."""
        if op.__func_name__ == "timezone":
            zone, moment = given.values()
            return self.f.anon.from_utc_timestamp(moment, zone)
        if op.__func_name__ != "json_extract":
            return super().visit_ScalarUDF(op, **given)
        document, _ = given.values()
        for step in op.args[1].value.split("/")[1:]:
            document = self.step_into(document, step.replace("~1", "/").replace("~0", "~"))
        return document

    def step_into(self, document: Any, name: str) -> Any:
        """Take what a document has under a name or, where it is a list, in a place."""
        # A path has no way to name what holds both quotes, or nothing.
        if not name or ("'" in name and '"' in name):
            as_map = self.f.anon.try_variant_get(document, "$", "map<string, variant>")
            return self.f.anon.try_element_at(as_map, name)
        quote = "'" if '"' in name else '"'
        named = self.f.anon.try_variant_get(document, f"$[{quote}{name}{quote}]")
        if not INDEX.fullmatch(name):
            return named
        return self.f.anon.coalesce(self.f.anon.try_variant_get(document, f"$[{name}]"), named)

    def visit_Cast(self, op: Any, *, arg: Any, to: Any) -> Any:
        """Read and write JSON; 0x begins a number in hexadecimal digits."""
        read = op.arg.dtype
        if to.is_json():
            return self.f.anon.try_parse_json(arg)
        if read.is_json() and to.is_string():
            return self.f.anon.to_json(arg)
        if read.is_string() and to.is_integer():
            digits = self.f.anon.conv(self.f.anon.substr(arg, 3), 16, 10)
            is_hexadecimal = self.f.anon.startswith(arg, "0x")
            return self.if_(is_hexadecimal, self.cast(digits, to), self.cast(arg, to))
        return super().visit_Cast(op, arg=arg, to=to)

    def visit_TryCast(self, op: Any, *, arg: Any, to: Any) -> Any:
        """Read a time without seconds, and with any offset: Spark knows none beyond 18 hours."""
        if not (op.arg.dtype.is_string() and to.is_timestamp()):
            return super().visit_TryCast(op, arg=arg, to=to)
        text = self.f.anon.regexp_replace(arg, NO_SECONDS, "$1:00")
        tried = super().visit_TryCast(op, arg=text, to=to)
        if not to.timezone:
            return tried
        sign, hours, minutes = (
            self.f.anon.regexp_extract(arg, OFFSET, group) for group in (1, 2, 3)
        )
        utc = super().visit_TryCast(op, arg=self.f.anon.regexp_replace(text, OFFSET, "Z"), to=to)
        ahead = self.f.anon.make_dt_interval(0, self.f.anon.int(hours), self.f.anon.int(minutes))
        shifted = self.if_(sign.eq("+"), utc - ahead, utc + ahead)
        return self.if_(self.f.anon.regexp_like(arg, OFFSET), shifted, tried)

    def visit_RegexSearch(self, op: Any, *, arg: Any, **_: Any) -> Any:
        """Search; $ is the end, for Java also the place before a last line break."""
        return self.f.anon.regexp_like(arg, op.pattern.value.replace("$", r"\z"))

    def visit_UnwrapJSONString(self, _: Any, *, arg: Any) -> Any:
        """Return a text without its quotes; null for all that is not a text."""
        is_text = self.f.anon.schema_of_variant(arg).eq("STRING")
        return self.if_(is_text, self.f.anon.try_variant_get(arg, "$", "string"), NULL)

    def visit_ToJSONArray(self, _: Any, *, arg: Any) -> Any:
        """Return the items of a list; null for all that is not a list."""
        return self.f.anon.try_variant_get(arg, "$", "array<variant>")


COMPILER: Final = SparkCompiler()


def write_sql(expression: ir.Table) -> str:
    """Write a question as one statement of Spark's SQL."""
    return COMPILER.to_sqlglot(expression).sql(dialect=COMPILER.dialect)
