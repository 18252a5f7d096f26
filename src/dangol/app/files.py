"""Files of segments and journeys, as `dangol apply` reads them: YAML, several documents a file."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, cast

from dangol.app.manage import read_text
from dangol.journeys.definition import KIND as JOURNEY
from dangol.journeys.definition import read_journey
from dangol.journeys.steps import BadJourney, JourneyDefinition
from dangol.journeys.steps import Fault as JourneyFault
from dangol.segments.document import BadFiles, Fault, Wanted, place_of, read_trees, read_wanted

TWICE: Final = "Another document has this name, too. Rename one of them."
NOTHING: Final = "There is no segment and no journey. Write one."


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedJourney:
    """A journey as a file wants it; ``place`` names the file and the document."""

    place: str
    definition: JourneyDefinition


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """Everything that some files want."""

    segments: list[Wanted] = field(default_factory=list[Wanted])
    journeys: list[WantedJourney] = field(default_factory=list[WantedJourney])


def read_files(paths: Iterable[Path]) -> Files:
    """Read every document of every file.

    Raises:
        BadFiles: with everything that is wrong in any of them.
        ProblemError: a file cannot be read.
    """
    files = Files()
    faults: list[Fault] = []
    for path in paths:
        trees, wrong = read_trees(read_text(path), file=str(path))
        faults += wrong
        segments, wrong = read_wanted(one for one in trees if not is_journey(one[1]))
        files.segments.extend(segments)
        faults += wrong
        faults += read_journeys((one for one in trees if is_journey(one[1])), files.journeys)
    faults += names_twice(files.journeys)
    if not faults and not files.segments and not files.journeys:
        faults.append(Fault(place=", ".join(map(str, paths)), path="$", remedy=NOTHING))
    if faults:
        raise BadFiles(faults)
    return files


def is_journey(tree: object) -> bool:
    """Tell a journey from a segment, by its kind or, where that is left out, by its steps."""
    if not isinstance(tree, dict):
        return False
    fields = cast("dict[object, object]", tree)
    return fields.get("kind", JOURNEY if "steps" in fields else "") == JOURNEY


def read_journeys(
    trees: Iterable[tuple[str, object]], journeys: list[WantedJourney]
) -> list[Fault]:
    """Add every journey that can be read; return what is wrong with the others."""
    faults: list[Fault] = []
    for place, tree in trees:
        where = place_of(tree, place)
        try:
            journeys.append(WantedJourney(place=where, definition=read_journey(tree)))
        except BadJourney as bad:
            faults += [in_file(fault, place=where) for fault in bad.faults]
    return faults


def names_twice(journeys: Iterable[WantedJourney]) -> list[Fault]:
    seen: set[str] = set()
    faults: list[Fault] = []
    for one in journeys:
        if one.definition.name in seen:
            faults.append(Fault(place=one.place, path="name", remedy=TWICE))
        seen.add(one.definition.name)
    return faults


def in_file(fault: JourneyFault, *, place: str) -> Fault:
    """Say a journey's fault with its document."""
    return Fault(place=place, path=fault.place, remedy=f"{fault.problem}. {fault.remedy}.")
