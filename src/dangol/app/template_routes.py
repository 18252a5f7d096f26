"""Templates for a shop's own servers, with a server key: written, read, sent for inspection."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from typing import Final

import msgspec
from litestar import get, post, put
from litestar.exceptions import ClientException, HTTPException, NotFoundException
from litestar.params import FromPath, JSONBody

from dangol.app.clerk import CHANGING, PREVIEWING, READING, ServerRequest, open_clerk
from dangol.app.picture_routes import HASH
from dangol.app.problem import ProblemError
from dangol.app.template_answers import (
    RegisterWish,
    TemplateDetail,
    TemplateFault,
    Templates,
    TemplateView,
    TemplateWish,
    VendorStanding,
)
from dangol.app.templates import Standing, standings
from dangol.app.vendor_templates import (
    choose_vendor,
    demand_sound,
    keep_submitted,
    submit,
    template_desks,
)
from dangol.channels.approvals import Approval, list_approvals
from dangol.console.segment_views import Clerk, ConflictException
from dangol.content.bubble_rules import read_parts
from dangol.content.kakao_rules import read_buttons
from dangol.content.library import read_value
from dangol.content.lint import lint_template
from dangol.content.liquid import TemplateError
from dangol.content.picture import parse_picture, write_picture
from dangol.content.pictures import find_picture
from dangol.content.template import Draft, Template, list_templates, save_template
from dangol.providers.vendor import VendorError
from dangol.store.vocabulary import (
    ApiKeyScope,
    BubbleKind,
    Channel,
    Purpose,
    Targeting,
)
from dangol.store.workspace import read_workspace

TAGS: Final = ["templates"]


class BadGatewayException(HTTPException):
    """A vendor that had to be asked did not answer, or refused."""

    status_code = 502


@contextmanager
def refusing() -> Generator[None]:
    """Say as an answer what cannot be.

    Raises:
        NotFoundException: there is no such template.
        ClientException: a template cannot be as it was asked for.
        ConflictException: it cannot be registered as things are.
        BadGatewayException: a vendor did not answer, or refused.
    """
    try:
        yield
    except LookupError as error:
        raise NotFoundException(str(error.args[0])) from error
    except ValueError as error:
        raise ClientException(str(error), extra={"code": "bad_template"}) from error
    except ProblemError as error:
        raise ConflictException(str(error)) from error
    except VendorError as error:
        raise BadGatewayException(str(error), extra={"code": "vendor_refused"}) from error


open_templates: Final = partial(open_clerk, refusing=refusing)


@get("/v1/templates", tags=TAGS, sync_to_thread=True, raises=READING)
def fetch_templates(request: ServerRequest) -> Templates:
    """List the templates, and how far each is at the vendors that keep it."""
    with open_templates(request, ApiKeyScope.JOURNEYS_READ) as clerk:
        found = list_templates(clerk.connection, workspace_id=clerk.workspace_id)
        approvals = list_approvals(clerk.connection)
    return Templates(templates=[view_of(one, approvals) for one in found])


@get(
    "/v1/templates/{channel:str}/{name:str}",
    tags=TAGS,
    sync_to_thread=True,
    raises=[*PREVIEWING, NotFoundException],
)
def fetch_template(
    request: ServerRequest, channel: FromPath[Channel], name: FromPath[str]
) -> TemplateDetail:
    """Show one template with all it says and what is wrong with it."""
    with open_templates(request, ApiKeyScope.JOURNEYS_READ) as clerk:
        return show(clerk, find(clerk, channel=channel, name=name))


@put(
    "/v1/templates/{channel:str}/{name:str}",
    tags=TAGS,
    sync_to_thread=True,
    raises=PREVIEWING,
)
def store_template(
    request: ServerRequest,
    channel: FromPath[Channel],
    name: FromPath[str],
    data: JSONBody[TemplateWish],
) -> TemplateDetail:
    """Add a template or replace it, as `dangol template apply` does; messages go by it at once.

    What `dangol lint` would have mended is refused, each fault at its field.
    """
    with open_templates(request, ApiKeyScope.JOURNEYS_WRITE) as clerk:
        draft = draft_of(data, channel=channel, name=name, picture=picture_of(clerk, data.image))
        demand_faultless(clerk, draft)
        _ = save_template(
            clerk.connection, workspace_id=clerk.workspace_id, draft=draft, now=clerk.now
        )
        return show(clerk, find(clerk, channel=channel, name=name))


@post(
    "/v1/templates/{channel:str}/{name:str}/register",
    tags=TAGS,
    status_code=200,
    sync_to_thread=True,
    raises=[*CHANGING, BadGatewayException],
)
def register_template(
    request: ServerRequest,
    channel: FromPath[Channel],
    name: FromPath[str],
    data: JSONBody[RegisterWish],
) -> TemplateDetail:
    """Send a Kakao template to a vendor; may be repeated when an answer is lost.

    Kakao inspects Alimtalks; a Brand Message may be sent by its template at once. A vendor that
    took it but does not list it yet is not among the template's vendors.
    """
    with open_templates(request, ApiKeyScope.JOURNEYS_WRITE) as clerk:
        ours = find(clerk, channel=channel, name=name)
        workspace = read_workspace(clerk.connection, workspace_id=clerk.workspace_id)
        demand_sound(ours, workspace=workspace)
    with refusing():
        # A slow vendor keeps neither a connection nor a transaction waiting.
        desks = template_desks(request.app.state.settings, channel=channel)
        provider = choose_vendor(data.vendor, desks, channel=channel)
        submitted = submit(desks[provider], ours)
    with open_templates(request, ApiKeyScope.JOURNEYS_WRITE) as clerk:
        keep_submitted(
            clerk.connection,
            submitted,
            template_id=ours.id,
            provider=provider,
            desk=desks[provider],
        )
        return show(clerk, find(clerk, channel=channel, name=name))


def find(clerk: Clerk, *, channel: Channel, name: str) -> Template:
    """Return a shop's template.

    Raises:
        LookupError: there is none of that name on that channel.
    """
    for one in list_templates(clerk.connection, workspace_id=clerk.workspace_id):
        if (one.channel, one.name) == (channel, name):
            return one
    raise LookupError(f"There is no template {name!r} for {channel}: GET /v1/templates lists all.")


def picture_of(clerk: Clerk, named: str) -> str:
    """Return a shop's picture as a template names it; nothing where none is named.

    Raises:
        ValueError: the shop has no such picture.
    """
    if not named:
        return ""
    found = (
        find_picture(clerk.connection, named, workspace_id=clerk.workspace_id)
        if HASH.fullmatch(named)
        else None
    )
    if found is None:
        raise ValueError(
            f"image is {named!r}, and the shop has no such picture. Give it first with POST "
            "/v1/pictures, which answers its hash."
        )
    return write_picture(found)


def parts_of(wish: TemplateWish) -> str:
    """Return what a bubble holds beside its text, as a draft has it."""
    held = {"image_url": wish.image_url, "coupon": wish.coupon, "commerce": wish.commerce}
    return msgspec.json.encode({name: part for name, part in held.items() if part}).decode()


def draft_of(wish: TemplateWish, *, channel: Channel, name: str, picture: str) -> Draft:
    """Return what was asked for as a draft, its picture as ``picture_of`` returns it.

    Raises:
        ValueError: ``expected_value`` is no number, or too high.
    """
    return Draft(
        name=name,
        channel=channel,
        purpose=Purpose(wish.purpose),
        locale=wish.locale,
        subject=wish.subject,
        body_text=wish.body_text.strip(),
        body_html=wish.body_html.strip(),
        vendor_code=wish.vendor_code,
        buttons=msgspec.json.encode(wish.buttons).decode(),
        emphasis_title=wish.emphasis_title.strip(),
        emphasis_subtitle=wish.emphasis_subtitle.strip(),
        topic=wish.topic,
        similar_goods=wish.similar_goods,
        last_chance=wish.last_chance,
        expected_value=read_value(wish.expected_value),
        picture=picture,
        bubble=wish.bubble,
        targeting=wish.targeting,
        bubble_parts=parts_of(wish),
    )


def demand_faultless(clerk: Clerk, draft: Draft) -> None:
    """Let a template pass of which nothing must be mended.

    Raises:
        ClientException: something must; every fault is told at its field.
    """
    faults = [one for one in lint_faults(clerk, draft) if not one.is_advice]
    if not faults:
        return
    first = faults[0]
    told = [
        {"path": one.field, "message": f"{one.problem}. {one.remedy}", "message_ko": ""}
        for one in faults
    ]
    raise ClientException(
        f"{first.field}: {first.problem}. {first.remedy}",
        extra={"code": "bad_template", "path": first.field, "faults": told},
    )


def lint_faults(clerk: Clerk, draft: Draft) -> list[TemplateFault]:
    workspace = read_workspace(clerk.connection, workspace_id=clerk.workspace_id)
    faults = [asdict(one) for one in lint_template(draft, workspace=workspace)]
    return msgspec.convert(faults, list[TemplateFault])


def show(clerk: Clerk, template: Template) -> TemplateDetail:
    try:
        buttons = read_buttons(template.buttons)
    except TemplateError:
        # The faults say so.
        buttons = []
    picture, parts = parse_picture(template.picture), read_parts(template.bubble_parts)
    return TemplateDetail(
        template=view_of(template, list_approvals(clerk.connection)),
        body_text=template.body_text,
        body_html=template.body_html,
        buttons=buttons,
        emphasis_title=template.emphasis_title,
        emphasis_subtitle=template.emphasis_subtitle,
        image=picture.hash if picture else "",
        bubble=BubbleKind(template.bubble),
        targeting=Targeting(template.targeting),
        image_url=parts.image_url,
        coupon=parts.coupon,
        commerce=parts.commerce,
        faults=lint_faults(clerk, template),
    )


def view_of(template: Template, approvals: Sequence[Approval]) -> TemplateView:
    return TemplateView(
        name=template.name,
        channel=Channel(template.channel),
        purpose=Purpose(template.purpose),
        locale=template.locale,
        subject=template.subject,
        topic=template.topic,
        expected_value=f"{template.expected_value:f}",
        similar_goods=template.similar_goods,
        last_chance=template.last_chance,
        vendor_code=template.vendor_code,
        vendors=[standing_view(one) for one in standings(template, approvals)],
    )


def standing_view(found: Standing) -> VendorStanding:
    return VendorStanding(
        vendor=found.approval.provider,
        state=found.approval.kept.state,
        comment=found.approval.kept.comment,
        since=found.approval.since,
        differences=found.differences,
    )


template_routes: Final = [fetch_templates, fetch_template, store_template, register_template]
