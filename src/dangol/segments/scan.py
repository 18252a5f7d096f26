"""The shared scan: what all segments ask of events, in one pass over the lake.

The engine reads the events that some feature looks at, each with the number of its name, whether
it fits the filters, and the values that are summed; the rest is arithmetic on columns (``sweep``),
a hundredth of a second for a feature of a million events. Customers come in blocks, so that the
memory needed is a block's and not the lake's.
"""

# pyarrow and ibis ship no types, and an expression has its operators only at run time.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportAttributeAccessIssue=false
# pyright: reportOperatorIssue=false, reportArgumentType=false, reportReturnType=false
# pyright: reportCallIssue=false

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dangol.segments.compare import Moment, fits_filters
from dangol.segments.compile import identity_of, number_of
from dangol.segments.condition import EventLeaf, EventMeasure
from dangol.segments.features import TELL_APART, Feature, Source
from dangol.segments.people import Block, People
from dangol.segments.sweep import ONE, Bools, Events, Ints, Value, answer, measure
from dangol.store.engine import ASKED, EVENT, run_each
from dangol.store.lake import Lake

# With twenty events each, half a gigabyte while they are sorted out.
CUSTOMERS_PER_BLOCK: Final = 200_000


@dataclass(frozen=True, kw_only=True)
class Scan:
    """One pass over a workspace's events: the features, and the leaves that compare them."""

    features: Mapping[Feature, Sequence[EventMeasure]]
    workspace_id: int
    at: Moment

    @cached_property
    def names(self) -> list[str]:
        """The events that some feature looks at; their number is their place."""
        return sorted({feature.source.event for feature in self.features})

    @cached_property
    def sources(self) -> list[Source]:
        """The distinct narrowings to some events of a name."""
        return sorted({f.source for f in self.features if f.source.where}, key=repr)

    @cached_property
    def values(self) -> list[Value]:
        """The properties that are summed, compared or told apart."""
        return sorted({value for f in self.features if (value := value_of(f))})

    def run(self, lake: Lake, people: People) -> dict[EventLeaf, Bools]:
        """Answer every leaf for every customer, in the order of their ids."""
        if not self.features:
            return {}
        leaves = [leaf for asked in self.features.values() for leaf in asked]
        answers = {leaf: np.zeros(len(people.ids), np.bool_) for leaf in leaves}
        blocks = list(people.blocks(size=CUSTOMERS_PER_BLOCK))
        asked = (block.asked for block in blocks)
        for block, found in zip(blocks, run_each(self.question(), lake, asked=asked), strict=True):
            for leaf, fits in self.answer_block(found, block):
                answers[leaf][block.first : block.first + block.size] = fits
        return answers

    def question(self) -> ir.Table:
        """Ask for the events of some customers, as numbers as far as that goes."""
        event = EVENT.filter(
            EVENT.workspace_id == self.workspace_id,
            EVENT.name.isin(self.names),
            EVENT.occurred_at <= self.at.now,
        ).semi_join(ASKED, "customer_id")
        return event.select(
            event.customer_id,
            event.occurred_at,
            code=ibis.cases(*((event.name == name, n) for n, name in enumerate(self.names))),
            **{f"fits_{n}": self.fits(event, source) for n, source in enumerate(self.sources)},
            **{f"value_{n}": self.value(event, value) for n, value in enumerate(self.values)},
        )

    def fits(self, event: ir.Table, source: Source) -> ir.BooleanValue:
        """Ask whether an event fits the filters; others of its name are not looked at."""
        fits = fits_filters(source.where, event, at=self.at)
        return ibis.cases((event.name == source.event, fits), else_=False)

    def value(self, event: ir.Table, value: Value) -> ir.Value:
        """Ask for a property where some feature needs it; numbers in ten-thousandths."""
        of, told_apart = value
        names = sorted({f.source.event for f in self.features if value_of(f) == value})
        leaf = EventMeasure(event=names[0], of=of)
        shape = (
            identity_of(leaf, event)
            if told_apart
            else (number_of(leaf, event).cast("decimal(28, 4)") * ONE).cast("int64")
        )
        return ibis.cases((event.name.isin(names), shape))

    def answer_block(self, found: pa.Table, block: Block) -> Iterator[tuple[EventMeasure, Bools]]:
        """Answer every leaf for the customers of a block."""
        whose = block.place(as_numbers(found["customer_id"]))
        at = as_numbers(found["occurred_at"])
        code = as_numbers(found["code"])
        values = {value: read_value(found[f"value_{n}"]) for n, value in enumerate(self.values)}
        for number, name in enumerate(self.names):
            rows = np.flatnonzero((code == number) & (whose >= 0))
            mine = {f: leaves for f, leaves in self.features.items() if f.source.event == name}
            used = {value for feature in mine if (value := value_of(feature))}
            events = Events(
                whose=whose[rows],
                at=at[rows],
                values={value: (values[value][0][rows], values[value][1][rows]) for value in used},
            )
            narrowed = {Source(event=name): events}
            for source in {feature.source for feature in mine} - narrowed.keys():
                fits = found[f"fits_{self.sources.index(source)}"].to_numpy()
                narrowed[source] = events.narrowed(fits[rows])
            for feature, leaves in mine.items():
                numbers = measure(
                    feature, narrowed[feature.source], of=value_of(feature), customers=block.size
                )
                for leaf in leaves:
                    yield leaf, answer(numbers, leaf, at=self.at)


def value_of(feature: Feature) -> Value | None:
    """Return what a feature needs of events beside their time."""
    return None if feature.of is None else (feature.of, feature.kind in TELL_APART)


def as_numbers(column: pa.ChunkedArray) -> Ints:
    """Return a column that has no nulls, times in microseconds."""
    return pc.cast(column, pa.int64()).to_numpy()


def read_value(column: pa.ChunkedArray) -> tuple[Ints, Bools]:
    """Return a column's values and where there is one; texts as numbers that tell them apart."""
    has = column.is_valid().to_numpy()
    if pa.types.is_string(column.type):
        column = pa.chunked_array([column.combine_chunks().dictionary_encode().indices])
    return as_numbers(column.fill_null(0)), has
