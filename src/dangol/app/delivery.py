"""The delivery loop's one turn: claim, write, pass the door, send, record.

Each step commits before the next, so that no lock and no connection waits for a mail server:

    claim     message allowed -> handed, delivery claimed          a lost claim is released
    write     every byte is decided                                a failing template is rejected
    the door  the guard looks again, delivery calling              an opt-out stops it here
    send      outside any transaction                              a lost call becomes unknown
    record    what the vendor said, and what follows from it
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from dangol.channels.claim import Claimed, claim_messages
from dangol.channels.hand_over import begin_calls, record_outcomes, release
from dangol.channels.links import find_links
from dangol.channels.mould import Mould, Post, cast_mould
from dangol.channels.render import render
from dangol.content.liquid import TemplateError
from dangol.content.template import Template, read_templates
from dangol.feedback.bounces import Bounce, record_bounces
from dangol.guard.decide import recheck_messages
from dangol.providers.vendor import Fate, Outcome, Outgoing, Sender
from dangol.store.connect import Connection
from dangol.store.crash import crashpoint
from dangol.store.vault import Vault
from dangol.store.vocabulary import Channel
from dangol.store.workspace import Workspace, read_workspace

__all__ = ["Delivered", "Post", "deliver"]

PROVIDER: Final = "smtp"
LEASE: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """How one turn went; with nothing claimed, nothing waits."""

    claimed: int = 0
    accepted: int = 0
    rejected: int = 0
    retryable: int = 0
    unknown: int = 0
    # The guard changed its mind at the door.
    stopped: int = 0


def deliver(
    connection: Connection,
    sender: Sender,
    *,
    workspace_id: int,
    vault: Vault,
    post: Post,
    worker: str,
    clock: Callable[[Connection], datetime],
    batch: int = 200,
    lease: timedelta = LEASE,
) -> Delivered:
    """Hand over up to ``batch`` allowed messages.

    Commits by itself: call it outside of any transaction. What a crash leaves behind is settled
    by ``recover_claims`` once ``lease`` is over.
    """
    with connection.transaction():
        claimed = claim_messages(
            connection,
            workspace_id=workspace_id,
            channel=Channel.EMAIL,
            provider=PROVIDER,
            worker=worker,
            now=clock(connection),
            lease=lease,
            batch=batch,
        )
    crashpoint("claim.after_commit")
    if not claimed:
        return Delivered()
    outgoing, spoiled = write_all(
        connection,
        claimed,
        workspace_id=workspace_id,
        vault=vault,
        post=post,
        now=clock(connection),
    )
    cleared = pass_door(
        connection, claimed, outgoing, workspace_id=workspace_id, now=clock(connection), lease=lease
    )
    outcomes = asyncio.run(sender.send(cleared)) if cleared else []
    crashpoint("send.after_accept")
    record(connection, [*outcomes, *spoiled], now=clock(connection))
    fates = Counter(outcome.fate for outcome in (*outcomes, *spoiled))
    return Delivered(
        claimed=len(claimed),
        accepted=fates[Fate.ACCEPTED],
        rejected=fates[Fate.REJECTED],
        retryable=fates[Fate.RETRYABLE],
        unknown=fates[Fate.UNKNOWN],
        stopped=len(outgoing) - len(cleared),
    )


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
        moulds, faults = cast_all(templates, workspace=workspace, post=post)
        links = find_links(
            connection,
            workspace_id=workspace_id,
            urls={url for mould in moulds.values() for url in mould.links},
        )
    written: list[Outgoing] = []
    spoiled: list[Outcome] = []
    for message in claimed:
        try:
            if fault := faults.get(message.template_id):
                raise fault
            mould = moulds[message.template_id]
            mail = render(message, mould=mould, post=post, link_ids=links, vault=vault, now=now)
            written.append(mail)
        except (TemplateError, LookupError) as fault:
            spoiled.append(spoil(message, fault))
    return written, spoiled


def cast_all(
    templates: dict[int, Template], *, workspace: Workspace, post: Post
) -> tuple[dict[int, Mould], dict[int, TemplateError]]:
    """Prepare each template, or keep what is wrong with it."""
    moulds: dict[int, Mould] = {}
    faults: dict[int, TemplateError] = {}
    for template in templates.values():
        try:
            moulds[template.id] = cast_mould(template, workspace=workspace, post=post)
        except TemplateError as fault:
            faults[template.id] = fault
    return moulds, faults


def spoil(message: Claimed, fault: Exception) -> Outcome:
    return Outcome(
        delivery_id=message.delivery_id, fate=Fate.REJECTED, code="unwritable", detail=str(fault)
    )


def pass_door(
    connection: Connection,
    claimed: Sequence[Claimed],
    outgoing: Sequence[Outgoing],
    *,
    workspace_id: int,
    now: datetime,
    lease: timedelta,
) -> list[Outgoing]:
    """Let the guard look once more, and mark what may leave as being called.

    In one transaction: the guard keeps the consents locked until the calls are marked, so that
    whoever withdraws one afterwards sees the call and waits for its end.
    """
    message_of = {message.delivery_id: message.message_id for message in claimed}
    written = {mail.delivery_id: mail for mail in outgoing}
    with connection.transaction():
        allowed = set(
            recheck_messages(
                connection,
                workspace_id=workspace_id,
                message_ids=[message_of[delivery_id] for delivery_id in written],
                now=now,
            )
        )
        passing = [found for found in written if message_of[found] in allowed]
        release(connection, delivery_ids=[*(written.keys() - set(passing))], now=now)
        calling = begin_calls(connection, delivery_ids=passing, now=now, lease=lease)
        crashpoint("door.before_commit")
    crashpoint("calling.after_commit")
    return [written[delivery_id] for delivery_id in calling]


def record(connection: Connection, outcomes: Sequence[Outcome], *, now: datetime) -> None:
    """Write the outcomes; an address that is gone is not written to again, by anybody."""
    gone = {outcome.delivery_id: outcome for outcome in outcomes if outcome.address_gone}
    with connection.transaction():
        recorded = record_outcomes(connection, outcomes, now=now)
        bounces = [
            Bounce(
                message_id=row.message_id,
                status=gone[row.delivery_id].code,
                detail=gone[row.delivery_id].detail,
                address_gone=True,
            )
            for row in recorded
            if row.delivery_id in gone
        ]
        record_bounces(connection, bounces, now=now)
        crashpoint("record.before_commit")
    crashpoint("record.after_commit")
