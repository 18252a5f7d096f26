"""Kakao templates at the vendors that keep them: registered, and asked about."""

import argparse
import asyncio
import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Final

from dangol.app.clock import machine_time
from dangol.app.manage import CONSOLE, find_workspace, open_connection
from dangol.app.problem import ProblemError
from dangol.app.settings import Settings
from dangol.app.vendor_chores import note_asked
from dangol.app.vendors import bizgo_account, nhn_account, solapi_account
from dangol.channels.approvals import compare_wordings, keep_templates, wording_of
from dangol.content.kakao_rules import LIQUID
from dangol.content.lint import lint_template
from dangol.content.liquid import TemplateError
from dangol.content.template import Template, list_templates, set_vendor_code
from dangol.providers.bizgo.templates import BizgoTemplates
from dangol.providers.nhn.brand_templates import NhnBrandTemplates
from dangol.providers.nhn.templates import NhnTemplates
from dangol.providers.solapi.templates import SolapiTemplates
from dangol.providers.template_desk import TemplateDesk, VendorTemplate, Wording
from dangol.providers.vendor import VendorError
from dangol.store.connect import Connection
from dangol.store.vocabulary import Channel, TemplateState
from dangol.store.workspace import Workspace, read_workspace

LOGGER: Final = logging.getLogger("dangol.vendors")
TEMPLATE_SECONDS: Final = 300.0
QUESTION: Final = "templates"
QUESTIONS: Final = {Channel.KAKAO_ALIMTALK: QUESTION, Channel.KAKAO_BRAND: "brand_templates"}
# Why the others take no Brand Message templates.
NO_BRAND: Final = {
    "solapi": "SOLAPI has no call that puts Brand Message templates there",
    "bizgo": "Bizgo sends no Brand Message to friends of a channel, which is all we send",
}
# What every vendor takes as a code of ours.
CODE: Final = re.compile(r"[A-Za-z0-9_-]{1,20}")
# States in which a template can be sent for inspection (again).
OPEN_STATES: Final = frozenset({TemplateState.REGISTERED, TemplateState.REJECTED})


def template_desks(
    settings: Settings, *, channel: Channel = Channel.KAKAO_ALIMTALK
) -> Mapping[str, TemplateDesk]:
    """Return where the vendors that are set up take a channel's templates, by vendor."""
    return brand_desks(settings) if channel == Channel.KAKAO_BRAND else alimtalk_desks(settings)


def brand_desks(settings: Settings) -> Mapping[str, TemplateDesk]:
    nhn = nhn_account(settings)
    if nhn and settings.nhn_kakao_app_key and settings.nhn_sender_key:
        return {"nhn": NhnBrandTemplates(nhn)}
    return {}


def alimtalk_desks(settings: Settings) -> Mapping[str, TemplateDesk]:
    found: dict[str, TemplateDesk] = {}
    if (solapi := solapi_account(settings)) and settings.solapi_channel:
        found["solapi"] = SolapiTemplates(solapi)
    nhn = nhn_account(settings)
    if nhn and settings.nhn_kakao_app_key and settings.nhn_sender_key:
        found["nhn"] = NhnTemplates(nhn)
    if (bizgo := bizgo_account(settings)) and settings.bizgo_sender_key:
        found["bizgo"] = BizgoTemplates(bizgo)
    return found


def ask_templates(connection: Connection, desks: Mapping[str, TemplateDesk]) -> int:
    """Ask every vendor how far its templates are; return how many vendors answered.

    Commits by itself; vendors are asked outside any transaction. One that does not answer leaves
    what was known.
    """
    answered = 0
    for provider, desk in desks.items():
        try:
            listed = asyncio.run(desk.list_templates())
        except VendorError as fault:
            LOGGER.warning(
                "templates were not listed", extra={"provider": provider, "reason": str(fault)}
            )
            continue
        keep_listed(connection, listed, provider=provider, desk=desk, now=machine_time())
        answered += 1
    return answered


def keep_listed(
    connection: Connection,
    listed: list[VendorTemplate],
    *,
    provider: str,
    desk: TemplateDesk,
    now: datetime,
) -> None:
    with connection.transaction():
        keep_templates(connection, listed, provider=provider, channel=desk.channel, now=now)
    question = QUESTIONS[desk.channel]
    note_asked(connection, provider=provider, question=question, until=now)


def run_register(options: argparse.Namespace, settings: Settings) -> int:
    """Send a template to a vendor for Kakao's inspection."""
    channel = Channel(options.channel)
    desks = template_desks(settings, channel=channel)
    provider = choose_vendor(options.vendor, desks, channel=channel)
    with open_connection(settings) as connection:
        workspace_id = find_workspace(connection, name=options.workspace)
        with connection.transaction():
            ours = find_registrable(
                connection, name=options.name, channel=channel, workspace_id=workspace_id
            )
        try:
            submitted = submit(desks[provider], ours)
            with connection.transaction():
                keep_submitted(
                    connection,
                    submitted,
                    template_id=ours.id,
                    provider=provider,
                    desk=desks[provider],
                )
            kept = find_submitted(submitted, provider=provider)
        except VendorError as fault:
            raise ProblemError(str(fault)) from fault
    if options.json:
        CONSOLE.print_json(json.dumps({"code": kept.code, "state": kept.state, "vendor": provider}))
    else:
        CONSOLE.print(f"{ours.name} is {kept.code} at {provider}: {say_state(kept)}")
    return 0


def choose_vendor(wish: str | None, desks: Mapping[str, TemplateDesk], *, channel: Channel) -> str:
    """Return the vendor that is to keep a template.

    Raises:
        ProblemError: there is none that can, or one of several must be named.
    """
    if wish in desks:
        return str(wish)
    if channel == Channel.KAKAO_BRAND and (wish in NO_BRAND or not desks):
        why = NO_BRAND[wish] if wish in NO_BRAND else "; ".join(NO_BRAND.values())
        raise ProblemError(
            f"Templates of Brand Messages are kept at NHN alone, and it must be set up. {why}. "
            "Without a template a Brand Message goes in free form (docs/guides/vendors.md)."
        )
    if not desks:
        raise ProblemError(
            "No vendor that keeps Alimtalk templates is set up: set its key and your Kakao channel "
            "(docs/guides/vendors.md)."
        )
    if wish is None and len(desks) == 1:
        return next(iter(desks))
    raise ProblemError(f"Say which vendor is to keep it: --vendor {' or '.join(desks)}.")


def find_registrable(
    connection: Connection, *, name: str, channel: Channel, workspace_id: int
) -> Template:
    """Return a template that may be registered.

    Raises:
        ProblemError: there is none of that name, or something in it must be mended first.
    """
    found = [
        one
        for one in list_templates(connection, workspace_id=workspace_id)
        if (one.name, one.channel) == (name, channel)
    ]
    if not found:
        raise ProblemError(
            f"There is no template {name!r} for {channel}: put it there with `dangol template "
            "apply`."
        )
    demand_sound(found[0], workspace=read_workspace(connection, workspace_id=workspace_id))
    return found[0]


def demand_sound(template: Template, *, workspace: Workspace) -> None:
    """Let a template pass that a vendor can be given.

    Raises:
        ProblemError: no vendor keeps any of its channel, or something in it must be mended first.
    """
    if template.channel not in QUESTIONS:
        raise ProblemError(
            f"{template.name} goes by {template.channel}, of which no vendor keeps templates: "
            f"register those for {' and '.join(QUESTIONS)}."
        )
    if template.channel == Channel.KAKAO_BRAND and LIQUID.search(template.body_text):
        raise ProblemError(
            f"{template.name}: what a vendor keeps has gaps written #{{name}}, no {{{{ or {{%. "
            "Rewrite it, or send it in free form, without a template there."
        )
    for fault in lint_template(template, workspace=workspace):
        if not fault.is_advice:
            raise ProblemError(f"{template.name}: {fault.field}: {fault.problem}. {fault.remedy}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """What a vendor calls a template of ours, and all that it lists since."""

    code: str
    listed: list[VendorTemplate]


def submit(desk: TemplateDesk, ours: Template) -> Submitted:
    """Send a template to a vendor unless that has been done.

    May be repeated after a call that was lost: what the vendor has of it is found first. Needs no
    database, and nobody should hold a transaction meanwhile.

    Raises:
        VendorError: the vendor does not answer, or refuses.
        ProblemError: it is approved and says something else, or cannot be read.
    """
    try:
        wording = wording_of(ours)
    except TemplateError as fault:
        raise ProblemError(str(fault)) from fault
    listed = asyncio.run(desk.list_templates())
    known = find_known(wording, listed)
    code = known.code if known else wording.code
    differences = compare_wordings(wording, known) if known else []
    is_open = known is None or known.state in OPEN_STATES
    if is_open or (differences and not desk.inspects):
        asked = replace(wording, code=code or code_for(ours.name))
        code = asyncio.run(desk.submit(asked, is_new=known is None))
        listed = asyncio.run(desk.list_templates())
    elif known and differences:
        raise ProblemError(
            f"{known.code} is {known.state} and cannot be changed, but ours differs: "
            f"{differences[0]}. Give the changed template another name and register that."
        )
    return Submitted(code=code, listed=listed)


def keep_submitted(
    connection: Connection,
    submitted: Submitted,
    *,
    template_id: int,
    provider: str,
    desk: TemplateDesk,
) -> None:
    """Note a template's code, and how far the vendor is with all it keeps."""
    set_vendor_code(connection, template_id=template_id, code=submitted.code)
    keep_listed(connection, submitted.listed, provider=provider, desk=desk, now=machine_time())


def find_submitted(submitted: Submitted, *, provider: str) -> VendorTemplate:
    """Return what the vendor keeps.

    Raises:
        VendorError: it does not list it yet.
    """
    for one in submitted.listed:
        if one.code == submitted.code:
            return one
    raise VendorError(
        f"{provider} took {submitted.code} but does not list it yet: look again later."
    )


def find_known(ours: Wording, listed: list[VendorTemplate]) -> VendorTemplate | None:
    """Return what a vendor keeps of a template: by code, or by what it says if that is unknown."""
    for one in listed:
        if one.code == ours.code:
            return one
    same = (one for one in listed if one.name == ours.name and not compare_wordings(ours, one))
    return next(same, None) if not ours.code else None


def code_for(name: str) -> str:
    """Return a code for vendors that take ours: the name, where it can be one."""
    return name if CODE.fullmatch(name) else f"D{sha256(name.encode()).hexdigest()[:12]}"


def say_state(kept: VendorTemplate) -> str:
    """Say how far a template is, with what was written about it."""
    return f"{kept.state} ({kept.comment})" if kept.comment else str(kept.state)
