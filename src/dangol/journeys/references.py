"""What a definition names, looked for in the workspace."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

import msgspec

from dangol.journeys.asking import Judge, Names
from dangol.journeys.fault_words import fault
from dangol.journeys.graph import reached_at_once
from dangol.journeys.restarts import CAUSED, may_recur, restart_faults
from dangol.journeys.rows import Template, Templates, segment_of
from dangol.journeys.steps import (
    BadJourney,
    EnterStep,
    Fault,
    JourneyDefinition,
    MessageStep,
    WebhookStep,
    conditions_of,
    filters_of,
)
from dangol.store.connect import Connection
from dangol.store.statements import load_statements
from dangol.store.vocabulary import Channel, Purpose

STATEMENTS = load_statements(__package__ or "dangol.journeys")
# Kakao's own rule, wherever the customer lives (docs/reference/law.md has the Korean one).
INFORMATION_ONLY: Final = frozenset({Channel.KAKAO_ALIMTALK})
# The one condition that nobody is asked who is inside already.
ENTRY_CONDITION: Final = "entry.condition"


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A segment or list as ``journey_need`` keeps it; ``asks_inside`` where not only the entry."""

    kind: Literal["segment", "list"]
    name: str
    asks_inside: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What of the names in a definition there is, by name; ``needs`` are those it names."""

    needs: tuple[Need, ...]
    templates: Templates
    segments: Mapping[str, int]
    lists: frozenset[str]
    journeys: Mapping[str, JourneyDefinition]
    endpoints: frozenset[str]

    def segment_id(self, definition: JourneyDefinition) -> int | None:
        """Return the segment that opens the journey, if there is one."""
        return self.segments.get(segment_of(definition.entry) or "")


def check_journey(
    connection: Connection, *, workspace_id: int, definition: JourneyDefinition, judge: Judge
) -> Found:
    """Return what the definition names, all of which there is.

    Raises:
        BadJourney: it asks what cannot be asked, or names what the workspace does not have.
    """
    faults, named = question_faults(definition, judge=judge)
    found = find_references(
        connection, workspace_id=workspace_id, definition=definition, named=named
    )
    if faults := [*faults, *reference_faults(definition, found=found, named=named)]:
        raise BadJourney(faults)
    # What cannot be asked cannot be followed, either.
    if faults := restart_faults(definition, found.journeys, found.templates):
        raise BadJourney(faults)
    return found


def question_faults(
    definition: JourneyDefinition, *, judge: Judge
) -> tuple[list[Fault], dict[str, Names]]:
    """List conditions and filters that cannot be asked; return what the others name, by place."""
    faults: list[Fault] = []
    named: dict[str, Names] = {}
    for place, tree in conditions_of(definition).items():
        if found := judge.check(tree, place=place):
            faults += found
        else:
            named[place] = judge.names_in(tree)
    for place, filters in filters_of(definition).items():
        faults += judge.check_filter(list(filters), place=place)
    return faults, named


def find_references(
    connection: Connection,
    *,
    workspace_id: int,
    definition: JourneyDefinition,
    named: Mapping[str, Names],
) -> Found:
    """Look up everything that the definition, and the conditions in it, name."""
    at = {"workspace_id": workspace_id}
    opening = segment_of(definition.entry)
    segments = {name for names in named.values() for name in names.segments}
    segments |= {opening} if opening else set()
    lists = {name for names in named.values() for name in names.lists}
    enters = any(isinstance(step, EnterStep) for step in definition.steps)
    journeys: Mapping[str, JourneyDefinition] = {}
    if enters or may_recur(definition.entry):
        journeys = read_published(connection, workspace_id=workspace_id, every=enters)
    templates = {
        name
        for one in (definition, *journeys.values())
        for step in one.steps
        if isinstance(step, MessageStep)
        for name in (step.template, *step.fallback)
    }
    found_templates = connection.execute(
        STATEMENTS["find_templates"], {**at, "names": sorted(templates)}
    ).fetchall()
    found_segments = connection.execute(
        STATEMENTS["find_segments"], {**at, "names": sorted(segments)}
    ).fetchall()
    found_lists = connection.execute(
        STATEMENTS["find_lists"], {**at, "names": sorted(lists)}
    ).fetchall()
    return Found(
        needs=tuple(needs_of(definition, named)),
        templates={
            (name, Channel(channel)): Template(id=template_id, purpose=Purpose(purpose))
            for name, channel, template_id, purpose in found_templates
        },
        segments=dict(found_segments),
        lists=frozenset(name for (name,) in found_lists),
        journeys=journeys,
        endpoints=find_endpoints(connection, workspace_id, definition),
    )


def find_endpoints(
    connection: Connection, workspace_id: int, definition: JourneyDefinition
) -> frozenset[str]:
    """Return those of the webhook endpoints a definition names that there are."""
    names = [step.endpoint for step in definition.steps if isinstance(step, WebhookStep)]
    if not names:
        return frozenset()
    values = {"workspace_id": workspace_id, "names": names}
    return frozenset(name for (name,) in connection.execute(STATEMENTS["find_endpoints"], values))


def needs_of(definition: JourneyDefinition, named: Mapping[str, Names]) -> Iterator[Need]:
    """Yield each segment and list that the entry or a condition names."""
    opening = segment_of(definition.entry)
    segments: dict[str, bool] = {opening: False} if opening else {}
    lists: dict[str, bool] = {}
    for place, names in named.items():
        inside = place != ENTRY_CONDITION
        segments |= {name: inside or segments.get(name, False) for name in names.segments}
        lists |= {name: inside or lists.get(name, False) for name in names.lists}
    for name, inside in segments.items():
        yield Need(kind="segment", name=name, asks_inside=inside)
    for name, inside in lists.items():
        yield Need(kind="list", name=name, asks_inside=inside)


def find_lost(connection: Connection, *, journey_id: int) -> str:
    """Name what a journey needs and the workspace has no more; nothing where all is there."""
    lost = connection.execute(STATEMENTS["find_lost"], {"journey_id": journey_id})
    return ", ".join(f"{kind} {name!r}" for kind, name in lost)


def read_published(
    connection: Connection, *, workspace_id: int, every: bool
) -> dict[str, JourneyDefinition]:
    """Return what journeys that new customers can enter say now, by name.

    All of them, or those that a call or a message of ours lets people into.
    """
    values = {"workspace_id": workspace_id, "every": every, "caused": sorted(CAUSED)}
    rows = connection.execute(STATEMENTS["read_published"], values)
    return {name: stored(text) for name, text in rows}


def stored(text: str) -> JourneyDefinition:
    """Read a definition as ``journey_version`` keeps it."""
    return msgspec.json.decode(text, type=JourneyDefinition)


def reference_faults(
    definition: JourneyDefinition, *, found: Found, named: Mapping[str, Names]
) -> Iterator[Fault]:
    """Find what the definition names and the workspace does not have, or has otherwise."""
    for index, step in enumerate(definition.steps):
        match step:
            case MessageStep():
                yield from template_faults(f"steps[{index}]", step, found=found)
            case WebhookStep() if step.endpoint not in found.endpoints:
                yield fault(f"steps[{index}].endpoint", "no_endpoint", value=step.endpoint)
            case EnterStep():
                yield from journey_faults(definition, step, f"steps[{index}]", found=found)
            case _:
                pass
    opening = segment_of(definition.entry)
    if opening is not None and opening not in found.segments:
        place = "entry.segment" if definition.entry.segment else "entry.schedule.of"
        yield fault(place, "no_segment", value=opening)
    for place, names in named.items():
        for name in sorted(names.segments - found.segments.keys()):
            yield fault(place, "no_segment", value=name)
        for name in sorted(names.lists - found.lists):
            yield fault(place, "no_list", value=name)


def template_faults(place: str, step: MessageStep, *, found: Found) -> Iterator[Fault]:
    template = found.templates.get((step.template, step.channel))
    yield from ladder_faults(place, step, found=found)
    if template is None:
        yield fault(f"{place}.template", "no_template", value=step.template, channel=step.channel)
    elif step.purpose not in {None, template.purpose}:
        yield fault(
            f"{place}.purpose",
            "other_purpose",
            value=step.purpose,
            template=step.template,
            purpose=template.purpose,
        )
    elif template.purpose == Purpose.MARKETING and step.channel in INFORMATION_ONLY:
        yield fault(f"{place}.channel", "no_advertising", value=step.channel)


def ladder_faults(place: str, step: MessageStep, *, found: Found) -> Iterator[Fault]:
    """Find what of a ladder there is not, or cannot stand below what is above it."""
    first = found.templates.get((step.template, step.channel))
    taken = {step.channel: step.template}
    for position, name in enumerate(step.fallback):
        at = f"{place}.fallback[{position}]"
        known = {channel: one for (its, channel), one in found.templates.items() if its == name}
        if len(known) != 1:
            channels = ", ".join(sorted(known))
            yield fault(at, "many_channels" if known else "no_rung", value=name, channels=channels)
            continue
        [(channel, template)] = known.items()
        if channel in taken:
            yield fault(at, "same_channel", value=name, channel=channel, other=taken[channel])
        taken.setdefault(channel, name)
        if first and template.purpose != first.purpose:
            yield fault(
                at, "rung_purpose", value=name, purpose=template.purpose, other=first.purpose
            )
        elif template.purpose == Purpose.MARKETING and channel in INFORMATION_ONLY:
            yield fault(at, "no_advertising", value=channel)


def journey_faults(
    definition: JourneyDefinition, step: EnterStep, place: str, *, found: Found
) -> Iterator[Fault]:
    """Find a journey that cannot be entered from here."""
    other = found.journeys.get(step.journey)
    if other is None:
        yield fault(f"{place}.journey", "no_journey", value=step.journey)
    elif not other.entry.call:
        yield fault(f"{place}.journey", "not_called", value=step.journey)
    elif step.name in reached_at_once(definition):
        journeys = {**found.journeys, definition.name: definition}
        if circle := find_circle(definition.name, step.journey, journeys):
            yield fault(f"{place}.journey", "journey_circle", names=" → ".join(circle))


def find_circle(start: str, entered: str, journeys: Mapping[str, JourneyDefinition]) -> list[str]:
    """Return the way from a journey into another and back without a wait; empty if none is."""
    ahead = [[start, entered]]
    seen: set[str] = set()
    while ahead:
        way = ahead.pop()
        for name in entered_at_once(journeys.get(way[-1])):
            if name == start:
                return [*way, start]
            if name not in seen:
                seen.add(name)
                ahead.append([*way, name])
    return []


def entered_at_once(definition: JourneyDefinition | None) -> list[str]:
    """Return the journeys that whoever enters this one is sent into before any wait."""
    if definition is None:
        return []
    reached: Final = reached_at_once(definition)
    return [
        step.journey
        for step in definition.steps
        if isinstance(step, EnterStep) and step.name in reached
    ]
