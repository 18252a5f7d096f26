"""Journeys: what there is, and how many stand at each step."""

from litestar import get
from litestar.exceptions import NotAuthorizedException, NotFoundException
from litestar.params import FromPath

from dangol.console.desk import ConsoleRequest, open_desk
from dangol.console.journey_answers import JourneyDetail, Journeys, JourneyVersions
from dangol.console.journey_views import show_journey, show_journeys, show_versions
from dangol.console.segments import clerk_at


@get(
    "/api/journeys",
    sync_to_thread=True,
    operation_id="list_journeys",
    raises=[NotAuthorizedException],
)
def get_journeys(request: ConsoleRequest) -> Journeys:
    """List every journey, drafts and stopped ones too."""
    with open_desk(request) as desk:
        return show_journeys(clerk_at(desk))


@get(
    "/api/journeys/{name:str}",
    sync_to_thread=True,
    operation_id="get_journey",
    raises=[NotAuthorizedException, NotFoundException],
)
def get_journey(request: ConsoleRequest, name: FromPath[str]) -> JourneyDetail:
    """Return one journey, and how many stand at each of its steps."""
    with open_desk(request) as desk:
        return show_journey(clerk_at(desk), name)


@get(
    "/api/journeys/{name:str}/versions",
    sync_to_thread=True,
    operation_id="get_journey_versions",
    raises=[NotAuthorizedException, NotFoundException],
)
def get_journey_versions(request: ConsoleRequest, name: FromPath[str]) -> JourneyVersions:
    """Return the versions of a journey, and how it came by them."""
    with open_desk(request) as desk:
        return show_versions(clerk_at(desk), name)
