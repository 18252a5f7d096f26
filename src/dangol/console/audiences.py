"""Ad audiences: which segment an ad network is shown, who is in it and who is left out, and why."""

from datetime import timedelta
from typing import Final

from litestar import delete, get, post
from litestar.exceptions import (
    ClientException,
    NotAuthorizedException,
    NotFoundException,
    PermissionDeniedException,
)
from litestar.params import FromPath, JSONBody

from dangol.audiences.audience import (
    Audience,
    Plan,
    create_audience,
    hasten_audience,
    list_audiences,
    pause_audience,
    remove_audience,
    resume_audience,
)
from dangol.console.audience_answers import (
    AudienceLine,
    AudiencesPage,
    AudienceWish,
    Fault,
    NetworkSetup,
)
from dangol.console.desk import ConsoleRequest, Desk, open_desk, open_work, refusing
from dangol.store.vocabulary import AdNetwork, Channel

CHANGING: Final = [
    ClientException,
    NotAuthorizedException,
    PermissionDeniedException,
    NotFoundException,
]
# How a fault begins that workers note: app/audience_sync.py, and a network's kind of fault.
FAULTS: Final[dict[str, Fault]] = {
    "sending is paused": "paused",
    "transient": "transient",
    "throttled": "throttled",
}
NOT_SET: Final = " is not set up: "


@get(
    "/api/audiences",
    sync_to_thread=True,
    operation_id="get_audiences",
    raises=[NotAuthorizedException],
)
def get_audiences(request: ConsoleRequest) -> AudiencesPage:
    """List the ad audiences, and how each stands."""
    with open_desk(request) as desk:
        return show_audiences(desk)


def show_audiences(desk: Desk) -> AudiencesPage:
    """Return what the page of audiences shows."""
    found = list_audiences(desk.connection, workspace_id=desk.workspace_id)
    return AudiencesPage(
        audiences=[line_of(desk, one) for one in found],
        networks=[
            NetworkSetup(network=network, is_set=network in desk.house.setup.networks)
            for network in AdNetwork
        ],
    )


def line_of(desk: Desk, one: Audience) -> AudienceLine:
    return AudienceLine(
        name=one.name,
        segment=one.segment,
        network=AdNetwork(one.network),
        network_ref=one.network_ref,
        channels=[Channel(channel) for channel in one.channels],
        most=one.most,
        ends_at=one.ends_at,
        ended=one.ends_at <= desk.now,
        removed_at=one.removed_at,
        paused_at=one.paused_at,
        synced_at=one.synced_at,
        added=one.added,
        adding=one.adding,
        leaving=one.leaving,
        left_out=dict(one.left_out),
        fault=fault_of(one.fault),
        fault_said=one.fault,
    )


def fault_of(said: str) -> Fault | None:
    """Return what kind of fault a worker noted; what is none of the others is the account's."""
    if not said:
        return None
    if NOT_SET in said:
        return "not_set"
    for start, kind in FAULTS.items():
        if said.startswith(start):
            return kind
    return "account"


@post(
    "/api/audiences",
    sync_to_thread=True,
    operation_id="make_audience",
    status_code=201,
    raises=CHANGING,
)
def make_audience(request: ConsoleRequest, data: JSONBody[AudienceWish]) -> AudiencesPage:
    """Have a segment shown advertising by an ad network; workers fill the audience."""
    with refusing(), open_work(request) as desk:
        plan = Plan(
            name=data.name,
            segment=data.segment,
            network=data.network,
            network_ref=data.network_ref,
            channels=data.channels,
            most=data.most,
            ends_at=desk.now + timedelta(days=data.days),
        )
        create_audience(desk.connection, plan, workspace_id=desk.workspace_id, now=desk.now)
        return show_audiences(desk)


@post(
    "/api/audiences/{name:str}/pause",
    sync_to_thread=True,
    operation_id="pause_audience",
    status_code=200,
    raises=CHANGING,
)
def hold_audience(request: ConsoleRequest, name: FromPath[str]) -> AudiencesPage:
    """Let nobody come into an audience for now; who may not be in it any more leaves."""
    with refusing(), open_work(request) as desk:
        pause_audience(desk.connection, workspace_id=desk.workspace_id, name=name, now=desk.now)
        return show_audiences(desk)


@post(
    "/api/audiences/{name:str}/resume",
    sync_to_thread=True,
    operation_id="resume_audience",
    status_code=200,
    raises=CHANGING,
)
def free_audience(request: ConsoleRequest, name: FromPath[str]) -> AudiencesPage:
    """Let people come into an audience again, at once."""
    with refusing(), open_work(request) as desk:
        resume_audience(desk.connection, workspace_id=desk.workspace_id, name=name, now=desk.now)
        return show_audiences(desk)


@post(
    "/api/audiences/{name:str}/sync",
    sync_to_thread=True,
    operation_id="sync_audience",
    status_code=200,
    raises=CHANGING,
)
def hurry_audience(request: ConsoleRequest, name: FromPath[str]) -> AudiencesPage:
    """Have workers look at once who comes in; who must leave they look for anyway."""
    with refusing(), open_work(request) as desk:
        hasten_audience(desk.connection, workspace_id=desk.workspace_id, name=name, now=desk.now)
        return show_audiences(desk)


@delete(
    "/api/audiences/{name:str}",
    sync_to_thread=True,
    operation_id="remove_audience",
    status_code=200,
    raises=CHANGING,
)
def drop_audience(request: ConsoleRequest, name: FromPath[str]) -> AudiencesPage:
    """Take everybody out of an audience, for good; workers tell the network."""
    with refusing(), open_work(request) as desk:
        remove_audience(desk.connection, workspace_id=desk.workspace_id, name=name, now=desk.now)
        return show_audiences(desk)


audience_handlers: Final = [
    get_audiences,
    make_audience,
    hold_audience,
    free_audience,
    hurry_audience,
    drop_audience,
]
