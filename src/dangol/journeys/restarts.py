"""Journeys that their own messages would start again, without an end.

What becomes of a message comes in as an event, and a journey may begin with that. One that may be
entered at every such event, and sends something that causes it, would write to its customers for
ever; so would two that start each other. From a journey we follow what its messages start, and its
steps that enter others; a way back to where it began, by a message at least once, is a fault.

What people do of their own will because of a message (clicks, answers, refusals) starts nothing by
itself, and is no part of this.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, cast

from dangol.journeys.fault_words import fault
from dangol.journeys.rows import Templates
from dangol.journeys.steps import (
    EnterStep,
    Entry,
    Fault,
    JourneyDefinition,
    MessageStep,
    Tree,
)

# Events that come of a message without anybody's will; programs open mail, too.
CAUSED: Final = frozenset(
    {"Message Sent", "Message Failed", "Message Delivered", "Message Bounced", "Message Opened"}
)
# The property that is another one of every message.
EVER_NEW: Final = "message_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """Every journey that can be entered, by name, and the templates of their messages."""

    journeys: Mapping[str, JourneyDefinition]
    templates: Templates

    def started_by(self, name: str) -> Iterator[tuple[str, bool]]:
        """Yield each journey that one starts again and again, and whether by a message."""
        for step in self.journeys[name].steps:
            match step:
                case EnterStep() if self.is_open(step.journey):
                    yield step.journey, False
                case MessageStep():
                    facts = list(self.facts_of(name, step))
                    for other, definition in self.journeys.items():
                        entry = definition.entry
                        if restarts(entry) and any(may_pass(entry, one) for one in facts):
                            yield other, True
                case _:
                    pass

    def is_open(self, name: str) -> bool:
        """Tell whether a journey can be entered every time."""
        return name in self.journeys and self.journeys[name].entry.reentry_days == 0

    def facts_of(self, name: str, step: MessageStep) -> Iterator[Mapping[str, str]]:
        """Yield what events say of the message of a step, and of each rung below it."""
        for (template, channel), known in self.templates.items():
            if template in step.fallback or (template, channel) == (step.template, step.channel):
                yield {
                    "journey": name,
                    "template": template,
                    "channel": channel,
                    "purpose": known.purpose,
                }


def restart_faults(
    definition: JourneyDefinition,
    others: Mapping[str, JourneyDefinition],
    templates: Templates,
) -> list[Fault]:
    """Find a way from a journey's own messages back to its beginning."""
    journeys = {**others, definition.name: definition}
    circle = find_restart(definition.name, Network(journeys=journeys, templates=templates))
    if not circle:
        return []
    field, value = "reentry_days", definition.entry.reentry_days
    if value != 0:
        field, value = "key", definition.entry.key
    return [fault(f"entry.{field}", "restarts", value=value, names=" → ".join(circle))]


def find_restart(start: str, network: Network) -> list[str]:
    """Return the way from a journey back to it, by a message at least once; empty if none is."""
    ahead = [([start], False)]
    seen: set[tuple[str, bool]] = set()
    while ahead:
        way, by_message = ahead.pop()
        for name, is_message in network.started_by(way[-1]):
            step = (name, by_message or is_message)
            if step == (start, True):
                return [*way, start]
            if step not in seen:
                seen.add(step)
                ahead.append(([*way, name], step[1]))
    return []


def may_recur(entry: Entry) -> bool:
    """Tell whether the same customer may be let in as often as something happens."""
    return entry.reentry_days == 0 or entry.key == EVER_NEW


def restarts(entry: Entry) -> bool:
    """Tell whether messages let the same customer in, one message after another."""
    return entry.event in CAUSED and may_recur(entry) and not entry.first_time_only


def may_pass(entry: Entry, facts: Mapping[str, str]) -> bool:
    """Tell whether an event with these properties may fit the entry's filters."""
    return all(may_fit(tree, facts) for tree in entry.where)


def may_fit(tree: Tree, facts: Mapping[str, str]) -> bool:
    """Tell whether a filter may let an event pass; of what is not known, everything may."""
    value = facts.get(str(tree.get("property")))
    test = cast("Mapping[str, object]", tree.get("is"))
    if value is None:
        return True
    match test.get("kind"):
        case "equals":
            return test["value"] == value
        case "one_of":
            return value in cast("list[object]", test["values"])
        case "starts_with":
            return value.startswith(str(test["text"]))
        case "contains":
            return str(test["text"]) in value
        case _:
            return True
