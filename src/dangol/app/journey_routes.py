"""Journeys for a shop's own servers, with a server key."""

from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from typing import Final

from litestar import get, post, put
from litestar.exceptions import ClientException, NotFoundException
from litestar.params import FromPath, JSONBody

from dangol.app.clerk import CHANGING, PREVIEWING, READING, READING_ONE, ServerRequest, open_clerk
from dangol.app.journeys import JUDGE, foresee_journey
from dangol.console.desk import ConflictException
from dangol.console.entry_views import show_entry
from dangol.console.journey_answers import (
    EnrollmentTaken,
    EnrollmentWish,
    InsideWish,
    JourneyDetail,
    JourneyPreview,
    JourneyPreviewWish,
    JourneyRuns,
    Journeys,
    JourneyStateWish,
    JourneyVersions,
    JourneyWish,
    RollbackWish,
    RunWish,
)
from dangol.console.journey_views import (
    as_standings,
    journey_of,
    show_journey,
    show_journeys,
    show_runs,
    show_versions,
)
from dangol.console.reason_answers import JourneyEntry
from dangol.console.segment_views import Clerk
from dangol.journeys.call import call_journey
from dangol.journeys.definition import read_journey
from dangol.journeys.fault_words import fault
from dangol.journeys.inside import Inside
from dangol.journeys.lengths import read_duration
from dangol.journeys.publish import BadChange, MissingJourney, publish_version, roll_back, set_state
from dangol.journeys.steps import BadJourney, JourneyDefinition
from dangol.rights.find import NobodyError, find_customer
from dangol.store.vocabulary import ApiKeyScope, JourneyState

TAGS: Final = ["journeys"]


@contextmanager
def refusing() -> Generator[None]:
    """Say over HTTP what cannot be done with a journey, in both languages.

    Raises:
        ClientException: the journey cannot be used; with every fault and its place.
        NotFoundException: there is no such journey, version or customer.
        ConflictException: its state stands in the way.
    """
    try:
        yield
    except BadJourney as bad:
        faults = [
            {"path": one.place, "message": f"{one.problem}. {one.remedy}.", "message_ko": one.ko}
            for one in bad.faults
        ]
        said = {
            "code": "bad_journey",
            "message_ko": "\n".join(f"{one.place}: {one.ko}" for one in bad.faults),
            "path": bad.faults[0].place,
            "faults": faults,
        }
        raise ClientException(str(bad), extra=said) from bad
    except BadChange as bad:
        raise ConflictException(str(bad), extra={"code": "bad_change"}) from bad
    except (MissingJourney, NobodyError) as error:
        raise NotFoundException(str(error)) from error


open_journeys: Final = partial(open_clerk, refusing=refusing)


@get("/v1/journeys", tags=TAGS, sync_to_thread=True, raises=READING)
def fetch_journeys(request: ServerRequest) -> Journeys:
    """List every journey, drafts and stopped ones too."""
    with open_journeys(request, ApiKeyScope.JOURNEYS_READ) as clerk:
        return show_journeys(clerk)


@post("/v1/journeys/preview", tags=TAGS, status_code=200, sync_to_thread=True, raises=PREVIEWING)
def preview_journey(request: ServerRequest, data: JSONBody[JourneyPreviewWish]) -> JourneyPreview:
    """Say what publishing a journey would do, and for how many; nothing is changed."""
    with open_journeys(request, ApiKeyScope.JOURNEYS_READ) as clerk:
        change = foresee_journey(
            clerk.connection,
            read_journey(data.definition),
            workspace_id=clerk.workspace_id,
            inside=read_inside(data),
            now=clerk.now,
        )
        return JourneyPreview(
            version=change.preview.number,
            is_new=change.preview.is_new,
            difference=change.lines,
            standing=as_standings(change.preview.standing),
            finished_step=change.preview.finished_step,
            finished=change.preview.finished,
        )


@get("/v1/journeys/{name:str}", tags=TAGS, sync_to_thread=True, raises=READING_ONE)
def fetch_journey(request: ServerRequest, name: FromPath[str]) -> JourneyDetail:
    """Return one journey, and how many stand at each of its steps."""
    with open_journeys(request, ApiKeyScope.JOURNEYS_READ) as clerk:
        return show_journey(clerk, name)


@get("/v1/journeys/{name:str}/versions", tags=TAGS, sync_to_thread=True, raises=READING_ONE)
def fetch_journey_versions(request: ServerRequest, name: FromPath[str]) -> JourneyVersions:
    """Return the versions of a journey, and how it came by them."""
    with open_journeys(request, ApiKeyScope.JOURNEYS_READ) as clerk:
        return show_versions(clerk, name)


@put("/v1/journeys/{name:str}", tags=TAGS, sync_to_thread=True, raises=CHANGING)
def store_journey(
    request: ServerRequest, name: FromPath[str], data: JSONBody[JourneyWish]
) -> JourneyDetail:
    """Publish a journey; the same definition again changes nothing. A new one is a draft.

    With ``run``, one that never ran begins to.
    """
    with open_journeys(request, ApiKeyScope.JOURNEYS_WRITE) as clerk:
        published = publish_version(
            clerk.connection,
            workspace_id=clerk.workspace_id,
            definition=named(read_journey({"name": name, **data.definition}), name),
            judge=JUDGE,
            inside=read_inside(data),
            now=clerk.now,
            by=clerk.by,
        )
        if data.run and journey_of(clerk, name).state == JourneyState.DRAFT:
            set_state(
                clerk.connection,
                journey_id=published.journey_id,
                state=JourneyState.RUNNING,
                now=clerk.now,
            )
        return show_journey(clerk, name)


@post(
    "/v1/journeys/{name:str}/rollback",
    tags=TAGS,
    status_code=200,
    sync_to_thread=True,
    raises=CHANGING,
)
def take_back(
    request: ServerRequest, name: FromPath[str], data: JSONBody[RollbackWish]
) -> JourneyDetail:
    """Let new customers take an earlier version again."""
    with open_journeys(request, ApiKeyScope.JOURNEYS_WRITE) as clerk:
        _ = roll_back(
            clerk.connection,
            workspace_id=clerk.workspace_id,
            name=name,
            number=data.version,
            judge=JUDGE,
            inside=read_inside(data),
            now=clerk.now,
            by=clerk.by,
        )
        return show_journey(clerk, name)


@post(
    "/v1/journeys/{name:str}/state",
    tags=TAGS,
    status_code=200,
    sync_to_thread=True,
    raises=CHANGING,
)
def change_journey_state(
    request: ServerRequest, name: FromPath[str], data: JSONBody[JourneyStateWish]
) -> JourneyDetail:
    """Let a journey run, pause it, or stop it for good, which lets everybody inside go."""
    with open_journeys(request, ApiKeyScope.JOURNEYS_WRITE) as clerk:
        journey = journey_of(clerk, name)
        set_state(
            clerk.connection, journey_id=journey.id, state=JourneyState(data.state), now=clerk.now
        )
        return show_journey(clerk, name)


@post(
    "/v1/journeys/{name:str}/enrollments",
    tags=TAGS,
    status_code=202,
    sync_to_thread=True,
    raises=CHANGING,
)
def enroll(
    request: ServerRequest, name: FromPath[str], data: JSONBody[EnrollmentWish]
) -> EnrollmentTaken:
    """Ask that a customer enter a journey that begins with a call.

    The next tick lets them in by the journey's own rules; the same key for the same customer
    enters once.
    """
    with open_journeys(request, ApiKeyScope.JOURNEYS_WRITE) as clerk:
        journey = journey_of(clerk, name)
        customer_id = find_whom(clerk, data.who)
        message_id = call_journey(
            clerk.connection,
            workspace_id=clerk.workspace_id,
            journey=journey,
            customer_id=customer_id,
            key=data.key,
            properties=data.properties,
            now=clerk.now,
        )
    return EnrollmentTaken(message_id=message_id)


# Not a GET: an address has no place in an address.
@post(
    "/v1/journeys/{name:str}/explain",
    tags=TAGS,
    status_code=200,
    sync_to_thread=True,
    raises=READING_ONE,
)
def explain_journey(
    request: ServerRequest, name: FromPath[str], data: JSONBody[RunWish]
) -> JourneyRuns:
    """Tell every step a customer came to, when, what it led to, and what they wait for now."""
    with open_journeys(request, ApiKeyScope.JOURNEYS_READ) as clerk:
        return show_runs(clerk, name, customer_id=find_whom(clerk, data.who))


@post(
    "/v1/journeys/{name:str}/entry",
    tags=TAGS,
    status_code=200,
    sync_to_thread=True,
    raises=READING_ONE,
)
def explain_entry(
    request: ServerRequest, name: FromPath[str], data: JSONBody[RunWish]
) -> JourneyEntry:
    """Tell what keeps a customer out of a journey now, question by question, in the tick's order.

    And whether its advertising would reach them: consent, address, and the share without any.
    """
    with open_journeys(request, ApiKeyScope.JOURNEYS_READ, working=True) as clerk:
        return show_entry(clerk, name, customer_id=find_whom(clerk, data.who))


def find_whom(clerk: Clerk, who: str) -> int:
    """Return the customer a server names.

    Raises:
        NobodyError: nobody, or several, are named so.
    """
    return find_customer(
        clerk.connection, workspace_id=clerk.workspace_id, vault=clerk.house.vault, who=who
    )


def named(definition: JourneyDefinition, name: str) -> JourneyDefinition:
    """Return the definition, whose name is that of the address.

    Raises:
        BadJourney: it is another.
    """
    if definition.name != name:
        raise BadJourney([fault("name", "other_name", value=definition.name, name=name)])
    return definition


def read_inside(wish: InsideWish) -> Inside:
    """Read what is to become of those inside.

    Raises:
        BadJourney: how long ago they may have finished is no length of time.
    """
    within = read_duration(wish.finished_within)
    if within is None:
        raise BadJourney([fault("finished_within", "duration", value=wish.finished_within)])
    return Inside(
        policy=wish.inside, steps=wish.map, finished=wish.finished, finished_within=within
    )


journey_routes: Final = [
    fetch_journeys,
    preview_journey,
    fetch_journey,
    fetch_journey_versions,
    store_journey,
    take_back,
    change_journey_state,
    enroll,
    explain_journey,
    explain_entry,
]
