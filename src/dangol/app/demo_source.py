"""Where a demonstration's events come from: a known data set, or the shop's own file."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import merge
from pathlib import Path
from typing import Final

from dangol.app.clock import machine_time
from dangol.app.demo_data import KNOWN, DemoData, DemoFile, find_demo
from dangol.app.problem import ProblemError
from dangol.ingest.event import Event
from dangol.ingest.importer import survey_file
from dangol.ingest.importer_people import Sealer
from dangol.ingest.importer_steps import Survey
from dangol.ingest.mapping import ImportFault, load_mapping
from dangol.ingest.mapping_checks import check_mapping
from dangol.store.vault import Vault

STEP: Final = timedelta(hours=6)
# CDNOW spans eighteen months and knows no hours, so longer steps lose nothing.
LONG_STEP: Final = timedelta(hours=12)
STEPS: Final = {"completejourney": STEP}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Files that were read and judged; ``events`` yields their events in the order of time."""

    data: DemoData
    surveys: tuple[Survey, ...]
    vault: Vault
    since: datetime
    every: timedelta
    seconds: float

    @property
    def rows(self) -> int:
        """The rows of all files."""
        return sum(survey.report.rows for survey in self.surveys)

    @property
    def size(self) -> int:
        """How many events it yields, but for those that introduce customers."""
        return sum(sum(survey.report.events.values()) for survey in self.surveys)

    def events(self, *, workspace_id: int) -> Iterator[Event]:
        """Yield every event, its contact data sealed for the workspace."""
        sealer = Sealer(vault=self.vault, workspace_id=workspace_id)
        return merge_events(self.surveys, sealer)


def open_source(name: str, *, mapping: Path | None, vault: Vault) -> Source:
    """Read and judge a data set by name, or a file of orders with its mapping.

    Raises:
        ProblemError: it cannot be found or read, or the mapping does not fit.
    """
    begun = time.perf_counter()
    sealer = Sealer(vault=vault, workspace_id=0)
    try:
        data = find_demo(name) if name in KNOWN else own_file(Path(name), mapping=mapping)
        surveys = tuple(survey(file, sealer=sealer) for file in data.files)
    except ImportFault as error:
        raise ProblemError(str(error)) from error
    # The first file's: what others know of earlier days belongs to the first step.
    first = next(surveys[0].steps(sealer), None)
    if first is None:
        raise ProblemError(
            f"{name} holds no order that can be used. `dangol import --dry-run` says why."
        )
    return Source(
        data=data,
        surveys=surveys,
        vault=vault,
        since=first.events[0].occurred_at,
        every=STEPS.get(name, LONG_STEP),
        seconds=time.perf_counter() - begun,
    )


def merge_events(surveys: tuple[Survey, ...], sealer: Sealer) -> Iterator[Event]:
    """Yield the events of all files in the order of time."""
    streams = [(event for step in one.steps(sealer) for event in step.events) for one in surveys]
    return merge(*streams, key=lambda event: event.occurred_at)


def survey(file: DemoFile, *, sealer: Sealer) -> Survey:
    """Read and judge one file."""
    mapping = load_mapping(file.mapping)
    check_mapping(mapping, kind=file.kind)
    return survey_file(
        file.path, mapping=mapping, kind=file.kind, sealer=sealer, now=machine_time()
    )


def own_file(path: Path, *, mapping: Path | None) -> DemoData:
    """Describe the shop's own file of orders.

    Raises:
        ProblemError: there is no such file, or nothing says what its columns mean.
    """
    if not path.is_file():
        raise ProblemError(f"{path} is neither a file nor one of {', '.join(KNOWN)}.")
    beside = mapping or path.with_suffix(".toml")
    if not beside.is_file():
        raise ProblemError(
            f"What do the columns of {path} mean? Write {beside} (examples/shop.toml is one to "
            "start from), or name another file with --mapping."
        )
    return DemoData(
        name=path.name,
        title=path.name,
        about_ko=f"데이터: {path.name}.",
        about_en=f"Data: {path.name}.",
        currency="",
        files=(DemoFile(path=path, mapping=beside, kind="orders"),),
    )
