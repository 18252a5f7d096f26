"""Why one customer is where they are in a journey: the command."""

import argparse
from collections.abc import Iterator
from typing import cast

import msgspec

from dangol.app.accesses import account
from dangol.app.journey_cli import find, open_place
from dangol.app.keyfile import open_vault
from dangol.app.manage import CONSOLE
from dangol.app.problem import ProblemError
from dangol.app.segments import Place
from dangol.app.settings import Settings
from dangol.console.entry_views import explain_entry
from dangol.console.reason_answers import JourneyEntry
from dangol.journeys.retrace import Came, Retraced, retrace_customer
from dangol.journeys.versions import Journey
from dangol.rights.access import Seen, Viewer, note_seen
from dangol.rights.find import NobodyError, find_customer
from dangol.store.connect import ensure_working
from dangol.store.vocabulary import AccessBy


def run_explain(options: argparse.Namespace, settings: Settings) -> int:
    """Show every step a customer came to, when, and what it led to."""
    with open_place(options, settings) as place:
        journey = find(place, options.name)
        try:
            customer_id = find_customer(
                place.connection,
                workspace_id=place.workspace_id,
                vault=open_vault(settings.key_path),
                who=options.customer,
            )
        except NobodyError as nobody:
            raise ProblemError(str(nobody)) from nobody
        note_seen(
            place.connection,
            Viewer(kind=AccessBy.COMMAND, name=account()),
            [Seen(what="journey steps", customer_ids=[customer_id])],
            workspace_id=place.workspace_id,
            now=place.now,
        )
        found = retrace_customer(
            place.connection,
            workspace_id=place.workspace_id,
            journey=journey.name,
            customer_id=customer_id,
        )
        entry = None if found else why_not(place, journey, customer_id=customer_id)
    if options.json:
        told: list[dict[str, object]] = [{"why": one.why, "told": one} for one in found]
        if entry is not None:
            told.append({"why": entry.explanation.en, "entry": entry})
        CONSOLE.print_json(data=cast("object", msgspec.to_builtins(told)))
        return 0
    if entry is not None:
        CONSOLE.print(f"The customer has never entered {journey.name}.")
        for line in say_entry(entry):
            CONSOLE.print(line, soft_wrap=True)
    for one in found:
        for line in say_retraced(one):
            CONSOLE.print(line)
    return 0


def why_not(place: Place, journey: Journey, *, customer_id: int) -> JourneyEntry:
    """Ask what keeps a customer out of a journey."""
    ensure_working(place.connection)
    return explain_entry(
        place.connection,
        journey,
        workspace_id=place.workspace_id,
        customer_id=customer_id,
        now=place.now,
    )


def say_entry(entry: JourneyEntry) -> Iterator[str]:
    """Say what keeps somebody out of a journey: the answer, then every question."""
    yield entry.explanation.en
    for check in entry.checks:
        yield f"  {check.answer:<8} {check.question.en}"
    for reach in entry.reach:
        said = reach.consent or "no consent on record"
        yield f"  its advertising by {reach.channel}: {said}, address {reach.address}"
    if entry.held_out:
        yield "  they belong to the share of customers who get no advertising"


def say_retraced(one: Retraced) -> Iterator[str]:
    """Say how somebody came where they are, in lines."""
    where = one.where
    yield (
        f"{where.journey} version {where.version}: entered {where.entered_at:%Y-%m-%d %H:%M}Z"
        f" by {where.entry_key}; {one.why}"
    )
    yield from (f"  {say_step(came)}" for came in one.trail)
    if one.conversion:
        brought = f", {one.conversion.revenue:f}" if one.conversion.revenue is not None else ""
        currency = f" {one.conversion.currency}" if brought and one.conversion.currency else ""
        yield f"  goal reached {one.conversion.occurred_at:%Y-%m-%d %H:%M}Z{brought}{currency}"


def say_step(came: Came) -> str:
    """Say what became of somebody at a step."""
    line = f"{came.at:%Y-%m-%d %H:%M}Z {came.step} ({came.kind})"
    if came.rung:
        line = f"{' ' * 17} instead by {came.channel}"
    if came.template is not None:
        line += f": {came.template} {came.message_state}"
        if came.verdict == "hold" and came.hold_until is not None:
            line += f" until {came.hold_until:%Y-%m-%d %H:%M}Z"
        if came.reason is not None and came.verdict != "allow":
            line += f" ({came.reason})"
    return line if came.led_to is None or came.rung else f"{line} -> {came.led_to}"
