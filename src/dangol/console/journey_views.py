"""What is known of journeys, as the API says it; who asks may be a member or a server's key."""

from collections.abc import Iterable
from typing import Literal, cast

import msgspec
from litestar.exceptions import NotFoundException

from dangol.console.journey_answers import (
    JourneyDetail,
    JourneyPublication,
    JourneyRun,
    JourneyRuns,
    Journeys,
    JourneyStanding,
    JourneyStepLine,
    JourneySummary,
    JourneyText,
    JourneyVersion,
    JourneyVersions,
)
from dangol.console.segment_views import Clerk
from dangol.journeys.inside import PIN
from dangol.journeys.references import stored
from dangol.journeys.retrace import retrace_customer
from dangol.journeys.versions import (
    Journey,
    Standing,
    Target,
    find_journey,
    list_journeys,
    plan_moves,
    read_publications,
    read_versions,
    show_standing,
)
from dangol.rights.access import Seen
from dangol.store.vocabulary import StepKind


def show_journeys(clerk: Clerk) -> Journeys:
    """Return every journey."""
    return Journeys(
        journeys=[
            JourneySummary(
                name=one.name,
                title_ko=one.title_ko,
                title_en=one.title_en,
                state=one.state,
                version=one.number,
                inside=one.inside,
            )
            for one in list_journeys(clerk.connection, workspace_id=clerk.workspace_id)
        ]
    )


def journey_of(clerk: Clerk, name: str) -> Journey:
    """Return a journey by its name.

    Raises:
        NotFoundException: there is none.
    """
    journey = find_journey(clerk.connection, workspace_id=clerk.workspace_id, name=name)
    if journey is None:
        said = {"message_ko": f"“{name}” 여정이 없습니다. 이름을 확인해 주세요."}
        raise NotFoundException(f"There is no journey {name!r}. Check its name.", extra=said)
    return journey


def show_journey(clerk: Clerk, name: str) -> JourneyDetail:
    """Return one journey, and how many stand where.

    Raises:
        NotFoundException: there is none of this name.
    """
    journey = journey_of(clerk, name)
    versions = {one.id: one for one in read_versions(clerk.connection, journey_id=journey.id)}
    current = versions.get(journey.version_id or 0)
    standing: list[Standing] = []
    steps: list[JourneyStepLine] = []
    if current is not None:
        definition = stored(current.definition)
        target = Target(journey_id=journey.id, version_id=None, definition=definition)
        moves = plan_moves(clerk.connection, target=target, inside=PIN)
        standing = show_standing(clerk.connection, target=target, moves=moves)
        steps = [
            JourneyStepLine(
                name=step.name,
                kind=StepKind(str(step.__struct_config__.tag)),
                customers=sum(
                    one.customers
                    for one in standing
                    if (one.version, one.step) == (current.number, step.name)
                ),
            )
            for step in definition.steps
        ]
    return JourneyDetail(
        name=journey.name,
        title_ko=journey.title_ko,
        title_en=journey.title_en,
        state=journey.state,
        version=current.number if current else None,
        inside=sum(version.inside for version in versions.values()),
        created_at=journey.created_at,
        definition=as_text(current.definition) if current else None,
        steps=steps,
        standing=as_standings(standing),
    )


def show_versions(clerk: Clerk, name: str) -> JourneyVersions:
    """Return the versions of a journey, and how it came by them.

    Raises:
        NotFoundException: there is none of this name.
    """
    journey = journey_of(clerk, name)
    return JourneyVersions(
        versions=[
            JourneyVersion(
                number=one.number,
                published_at=one.published_at,
                published_by=one.published_by,
                inside=one.inside,
                definition=as_text(one.definition),
            )
            for one in read_versions(clerk.connection, journey_id=journey.id)
        ],
        publications=[
            JourneyPublication(
                version=one.number,
                was=one.was_number,
                inside=one.inside,
                map=msgspec.json.decode(one.step_map, type=dict[str, str]),
                moved=one.moved,
                let_go=one.let_go,
                continued=one.continued,
                published_at=one.published_at,
                published_by=one.published_by,
            )
            for one in read_publications(clerk.connection, journey_id=journey.id)
        ],
    )


def as_text(definition: str) -> JourneyText:
    """Return a definition as it is stored, in the order in which journeys are written."""
    return cast("JourneyText", msgspec.to_builtins(stored(definition)))


def as_standings(standing: Iterable[Standing]) -> list[JourneyStanding]:
    """Return who stands where, as the API says it."""
    return [
        JourneyStanding(
            version=one.version,
            step=one.step,
            state=one.state,
            customers=one.customers,
            becomes=cast("Literal['pin', 'keep', 'anew', 'exit']", one.becomes),
            to_step=one.to_step,
            stay=one.stay,
        )
        for one in standing
    ]


def show_runs(clerk: Clerk, name: str, *, customer_id: int) -> JourneyRuns:
    """Return every step a customer came to in a journey, and why they are where they are.

    Raises:
        NotFoundException: there is no journey of this name.
    """
    journey = journey_of(clerk, name)
    clerk.seen.append(Seen(what="journey steps", customer_ids=[customer_id]))
    told = retrace_customer(
        clerk.connection,
        workspace_id=clerk.workspace_id,
        journey=journey.name,
        customer_id=customer_id,
    )
    return JourneyRuns(
        runs=[
            JourneyRun(why=one.why, where=one.where, trail=one.trail, conversion=one.conversion)
            for one in told
        ]
    )
