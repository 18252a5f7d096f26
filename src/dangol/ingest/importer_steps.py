"""What an import is made of: a report on the rows, and the events they become, in time order."""

# pyarrow ships no types, and makes its functions at run time: what comes from it is unknown.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportAttributeAccessIssue=false

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from dangol.ingest.event import Event
from dangol.ingest.importer_columns import MOMENT, Column
from dangol.ingest.importer_people import Person, Sealer, identify
from dangol.ingest.importer_report import Report, Rule, showing

# A date further ahead is a mistake; one day covers every time zone.
AHEAD_ALLOWED: Final = timedelta(days=1)
RECORDS_AT_ONCE: Final = 5_000


class Step(msgspec.Struct, frozen=True):
    """Events that belong together, and the number of rows (at least one) they stand for."""

    events: list[Event]
    rows: int


class Survey(msgspec.Struct, frozen=True):
    """A file judged but not yet imported; ``steps`` yields in order of time, always the same."""

    report: Report
    steps: Callable[[Sealer], Iterator[Step]]


def date_rules(dates: Column, written: Column, *, now: datetime) -> list[Rule]:
    epoch = pa.scalar(0, MOMENT)
    latest = pa.scalar(now + AHEAD_ALLOWED, MOMENT)
    unreadable = pc.or_kleene(pc.is_null(dates), pc.less(dates, epoch))
    return [
        Rule("bad_date", unreadable, showing(written)),
        Rule("future_date", pc.greater(dates, latest), showing(written)),
    ]


class Introductions:
    """Says who somebody is, once, together with the first thing they do."""

    def __init__(self, persons: Mapping[str, Person], sealer: Sealer) -> None:
        self._waiting = {key: person for key, person in persons.items() if person.speaks}
        self._sealer = sealer
        self._nameless = {
            key: sealer.contacts(person)
            for key, person in persons.items()
            if person.user_id is None
        }

    def before(self, key: str, *, at: datetime) -> list[Event]:
        person = self._waiting.pop(key, None)
        return [] if person is None else [identify(person, at=at, sealer=self._sealer)]

    def contacts(self, key: str) -> list[dict[str, str]]:
        """Return what finds a customer without an id; empty where there is one."""
        return self._nameless.get(key, [])
