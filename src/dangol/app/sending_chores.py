"""The chores that speak with vendors: hand over, ask about calls without an answer, hear."""

import time
from collections.abc import Sequence
from typing import Final

from dangol.app import kakao_relations, lost_reports
from dangol.app.asking import ask_unanswered
from dangol.app.chore import Chore, beat, is_frozen, worker_name
from dangol.app.clock import shifted_clock
from dangol.app.database import list_workspaces
from dangol.app.delivery import Post, deliver
from dangol.app.dkim_files import load_signers
from dangol.app.fence import Fence
from dangol.app.kakao_relations import RELATION_SECONDS, ask_relations
from dangol.app.lost_reports import REPORT_SECONDS, ask_reports, report_turns
from dangol.app.pace import Pace
from dangol.app.probe import probe_chores
from dangol.app.providers import Provider
from dangol.app.settings import Settings
from dangol.app.vendor_chores import DENIALS_SECONDS, ask_denials, take_all_told
from dangol.app.vendor_templates import (
    QUESTION,
    TEMPLATE_SECONDS,
    ask_templates,
    template_desks,
)
from dangol.app.vendors import solapi_account
from dangol.providers.vendor import Asker, Sender
from dangol.store.connect import Connection
from dangol.store.vault import Vault
from dangol.store.vocabulary import Channel

ASK_SECONDS: Final = 10.0


def vendor_chores(settings: Settings, *, vault: Vault) -> list[Chore]:
    """Return the chore that hears what vendors tell, and those that ask the vendors there are."""

    def hear(connection: Connection) -> bool:
        return not is_frozen(connection) and take_all_told(connection, vault=vault)

    hearing = Chore(name="told", every_seconds=settings.tick_seconds, do=hear)
    return [
        hearing,
        *denial_chores(settings, vault=vault),
        *template_chores(settings),
        *report_chores(settings, vault=vault),
        *relation_chores(settings, vault=vault),
    ]


def denial_chores(settings: Settings, *, vault: Vault) -> list[Chore]:
    """Return the chore that reads SOLAPI's list of who called 080, if it is set up."""
    account = solapi_account(settings)
    if account is None:
        return []

    def ask(connection: Connection) -> bool:
        if not is_frozen(connection):
            with beat(connection, chore="denials", workspace_id=0) as ours:
                if ours:
                    _ = ask_denials(connection, account=account, vault=vault)
        return False

    return [Chore(name="denials", every_seconds=DENIALS_SECONDS, do=ask)]


def template_chores(settings: Settings) -> list[Chore]:
    """Return the chore that asks how far Kakao templates are, if a vendor keeps any."""
    desks = template_desks(settings)
    brand = template_desks(settings, channel=Channel.KAKAO_BRAND)
    if not desks:
        return []

    def ask(connection: Connection) -> bool:
        if not is_frozen(connection):
            with beat(connection, chore=QUESTION, workspace_id=0) as ours:
                if ours:
                    _ = ask_templates(connection, desks) + ask_templates(connection, brand)
        return False

    return [Chore(name=QUESTION, every_seconds=TEMPLATE_SECONDS, do=ask)]


def report_chores(settings: Settings, *, vault: Vault) -> list[Chore]:
    """Return the chore that asks for reports that were never posted, if there is whom to ask."""
    turns = report_turns(settings, vault=vault)
    if not turns:
        return []

    def ask(connection: Connection) -> bool:
        if not is_frozen(connection):
            with beat(connection, chore=lost_reports.QUESTION, workspace_id=0) as ours:
                if ours:
                    _ = ask_reports(connection, turns)
        return False

    return [Chore(name=lost_reports.QUESTION, every_seconds=REPORT_SECONDS, do=ask)]


def relation_chores(settings: Settings, *, vault: Vault) -> list[Chore]:
    """Return the chore that asks Kakao who has blocked the channel, if its key is set."""
    if not settings.kakao_admin_key:
        return []

    def ask(connection: Connection) -> bool:
        if not is_frozen(connection):
            with beat(connection, chore=kakao_relations.QUESTION, workspace_id=0) as ours:
                if ours:
                    _ = ask_relations(connection, settings, vault=vault)
        return False

    return [Chore(name=kakao_relations.QUESTION, every_seconds=RELATION_SECONDS, do=ask)]


def delivery_chores(
    settings: Settings, providers: Sequence[Provider], *, vault: Vault, fence: Fence
) -> list[Chore]:
    """Return a chore for every vendor that is set, and what asks for silent apps."""
    opened = ((provider, provider.open(settings)) for provider in providers)
    askers = ((provider, provider.open_asker(settings)) for provider in providers)
    return [
        *(
            delivery_chore(provider, sender, settings=settings, vault=vault, fence=fence)
            for provider, sender in opened
            if sender is not None
        ),
        *(
            asking_chore(provider, asker, vault=vault)
            for provider, asker in askers
            if asker is not None
        ),
        *probe_chores(settings, vault=vault, fence=fence),
    ]


def delivery_chore(
    provider: Provider, sender: Sender, *, settings: Settings, vault: Vault, fence: Fence
) -> Chore:
    """Return the chore that hands allowed messages to one vendor."""
    post = Post(
        base_url=settings.public_url,
        bounce_domain=settings.bounce_domain,
        signers=load_signers(settings) if provider.keeps_mail else (),
    )

    pace = Pace(most=settings.delivery_batch)

    def deliver_all(connection: Connection) -> bool:
        if is_frozen(connection) or not fence.passes(connection):
            return False
        claimed = 0
        for workspace_id in list_workspaces(connection):
            begun = time.monotonic()
            delivered = deliver(
                connection,
                sender,
                workspace_id=workspace_id,
                vault=vault,
                post=post,
                worker=worker_name(),
                clock=shifted_clock,
                batch=pace.size,
                provider=provider,
                remember=fence.remember,
            )
            pace.note(claimed=delivered.claimed, seconds=time.monotonic() - begun)
            claimed += delivered.claimed
        return claimed > 0

    return Chore(
        name=f"deliver by {provider.name}", every_seconds=settings.tick_seconds, do=deliver_all
    )


def asking_chore(provider: Provider, asker: Asker, *, vault: Vault) -> Chore:
    """Return the chore that asks one vendor what became of calls without an answer."""

    def ask_all(connection: Connection) -> bool:
        if is_frozen(connection):
            return False
        settled = 0
        for workspace_id in list_workspaces(connection):
            settled += ask_unanswered(
                connection,
                asker,
                provider=provider,
                workspace_id=workspace_id,
                vault=vault,
                clock=shifted_clock,
            )
        return settled > 0

    return Chore(name=f"ask {provider.name}", every_seconds=ASK_SECONDS, do=ask_all)
