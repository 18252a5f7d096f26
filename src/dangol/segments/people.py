"""Whom a scan is about: customers by their ids, and the parts that count for them."""

# pyarrow ships no types: what comes from it is unknown.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa

from dangol.segments.sweep import Ints
from dangol.store.engine import ASKED_SCHEMA

# A table from id to place is worth its memory while so few of its rows are empty.
SPARSEST: Final = 16
SMALL_TABLE: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Customers who are looked at together: ``size`` of them from place ``first`` on.

    ``ids`` are all ids under which the lake keeps their events, in order, and ``places`` whose
    each is.
    """

    first: int
    size: int
    ids: Ints
    places: Ints

    @property
    def asked(self) -> pa.Table:
        """Whose events belong to the block, for the engine."""
        return pa.table([pa.array(self.ids, pa.int64())], schema=ASKED_SCHEMA)

    def place(self, customer_ids: Ints) -> Ints:
        """Return each event's customer by place in the block; -1 for somebody else's."""
        if not len(self.ids):
            return np.full(len(customer_ids), -1, np.int64)
        lowest, width = int(self.ids[0]), int(self.ids[-1] - self.ids[0]) + 1
        if width > SPARSEST * len(self.ids) + SMALL_TABLE:
            return self._search(customer_ids)
        table = np.full(width + 1, -1, np.int64)
        table[self.ids - lowest] = self.places
        beyond = (customer_ids < lowest) | (customer_ids >= lowest + width)
        return table[np.where(beyond, width, customer_ids - lowest)]

    def _search(self, customer_ids: Ints) -> Ints:
        found = np.searchsorted(self.ids, customer_ids).clip(max=len(self.ids) - 1)
        return np.where(self.ids[found] == customer_ids, self.places[found], -1)


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Customers in the order of their ids, and each part (``part_id``) of theirs (``head_id``)."""

    ids: Ints
    heads: pa.Table

    def blocks(self, *, size: int) -> Iterator[Block]:
        """Cut the customers into blocks of at most so many, all about equally large."""
        number = max(1, -(-len(self.ids) // size))
        edges = np.linspace(0, len(self.ids), number + 1).astype(np.int64)
        for first, after in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
            yield self.block(first, after)

    def block(self, first: int, after: int) -> Block:
        """Return the customers from place ``first`` on and before ``after``."""
        mine = self.ids[first:after]
        heads = self.heads["head_id"].to_numpy()
        theirs = np.isin(heads, mine)
        parts = self.heads["part_id"].to_numpy()[theirs]
        ids = np.concatenate([mine, parts])
        places = np.concatenate([np.arange(len(mine)), np.searchsorted(mine, heads[theirs])])
        order = np.argsort(ids)
        return Block(
            first=first,
            size=len(mine),
            ids=ids[order],
            places=places[order],
        )
