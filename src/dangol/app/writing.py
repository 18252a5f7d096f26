"""Every byte of the messages that were claimed, each as its channel wants it."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from dangol.channels.claim import Claimed
from dangol.channels.links import find_links
from dangol.channels.mould import Mould, Post, cast_mould
from dangol.channels.notes import NoteMould, cast_note, render_note
from dangol.channels.render import render
from dangol.content.liquid import TemplateError
from dangol.content.template import Template, read_templates
from dangol.providers.vendor import Fate, FaultKind, Outcome, Outgoing
from dangol.store.connect import Connection
from dangol.store.vault import Vault
from dangol.store.vocabulary import Channel
from dangol.store.workspace import Workspace, read_workspace

WRITERS: Final = 2


@dataclass(slots=True, kw_only=True)
class Moulds:
    """Templates that are ready to be filled, by id, and what is wrong with the others."""

    mails: dict[int, Mould] = field(default_factory=dict[int, Mould])
    notes: dict[int, NoteMould] = field(default_factory=dict[int, NoteMould])
    faults: dict[int, TemplateError] = field(default_factory=dict[int, TemplateError])

    @property
    def links(self) -> set[str]:
        """The addresses that any of them leads to."""
        return {
            url for mould in (*self.mails.values(), *self.notes.values()) for url in mould.links
        }


def write_all(
    connection: Connection,
    claimed: Sequence[Claimed],
    *,
    workspace_id: int,
    vault: Vault,
    post: Post,
    now: datetime,
) -> tuple[list[Outgoing], list[Outcome]]:
    """Write every message; one whose template fails is rejected and stops no other."""
    with connection.transaction():
        workspace = read_workspace(connection, workspace_id=workspace_id)
        templates = read_templates(
            connection, template_ids={message.template_id for message in claimed}
        )
        moulds = cast_all(templates, workspace=workspace, post=post)
        links = find_links(connection, workspace_id=workspace_id, urls=moulds.links)

    def write(message: Claimed) -> Outgoing | Outcome:
        try:
            return write_one(message, moulds, post=post, links=links, vault=vault, now=now)
        except (TemplateError, LookupError) as fault:
            return spoil(message, fault)

    done = write_at_once(claimed, write) if post.signers else [*map(write, claimed)]
    return (
        [one for one in done if isinstance(one, Outgoing)],
        [one for one in done if isinstance(one, Outcome)],
    )


def open_addresses(claimed: Sequence[Claimed], *, vault: Vault) -> dict[int, str]:
    """Return the mail addresses there still are, by delivery."""
    return {
        one.delivery_id: vault.open_for(one.workspace_id, "email", one.address, one.address_key)
        for one in claimed
        if one.address is not None and one.address_key is not None
    }


def write_at_once(
    claimed: Sequence[Claimed], write: Callable[[Claimed], Outgoing | Outcome]
) -> list[Outgoing | Outcome]:
    """Write in a few threads: signing, two thirds of the work, keeps no other from running."""

    def write_part(number: int) -> list[Outgoing | Outcome]:
        return [write(message) for message in claimed[number::WRITERS]]

    with ThreadPoolExecutor(WRITERS) as writers:
        return [one for part in writers.map(write_part, range(WRITERS)) for one in part]


def write_one(
    message: Claimed,
    moulds: Moulds,
    *,
    post: Post,
    links: Mapping[str, int],
    vault: Vault,
    now: datetime,
) -> Outgoing:
    """Write one message.

    Raises:
        TemplateError: its template fails.
        LookupError: its customer has no address any more.
    """
    if fault := moulds.faults.get(message.template_id):
        raise fault
    if note := moulds.notes.get(message.template_id):
        return render_note(message, mould=note, post=post, link_ids=links, vault=vault)
    mould = moulds.mails[message.template_id]
    return render(message, mould=mould, post=post, link_ids=links, vault=vault, now=now)


def cast_all(templates: dict[int, Template], *, workspace: Workspace, post: Post) -> Moulds:
    """Prepare each template, or keep what is wrong with it."""
    moulds = Moulds()
    for template in templates.values():
        try:
            if template.channel == Channel.EMAIL:
                mould = cast_mould(template, workspace=workspace, post=post)
                moulds.mails[template.id] = mould
            else:
                moulds.notes[template.id] = cast_note(template, workspace=workspace)
        except TemplateError as fault:
            moulds.faults[template.id] = fault
    return moulds


def spoil(message: Claimed, fault: Exception) -> Outcome:
    """Return what becomes of a message that cannot be written."""
    return Outcome(
        delivery_id=message.delivery_id,
        fate=Fate.REJECTED,
        code="unwritable",
        detail=str(fault),
        fault=FaultKind.CONTENT if isinstance(fault, TemplateError) else FaultKind.UNREACHABLE,
    )
