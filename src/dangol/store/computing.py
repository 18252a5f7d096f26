"""Which engine computes over a lake: DuckDB in this process, or Apache Spark."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class OnDuckDB:
    """In this process, with all its cores; nothing to install."""


@dataclass(frozen=True, slots=True)
class OnSpark:
    """By Apache Spark; ``master`` is a cluster's address, or local[N] for N threads here."""

    master: str = "local[*]"


Computing = OnDuckDB | OnSpark
ON_DUCKDB: Final = OnDuckDB()
