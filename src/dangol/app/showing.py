"""Pictures on their way to a vendor: each is given to it once, and again where it forgot it.

An upload is made outside of any transaction. What a crash or another worker makes twice does no
harm: the vendor has the picture under two names, and the later one counts.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from dangol.app.writing import write_all
from dangol.channels.claim import Claimed
from dangol.channels.mould import Post
from dangol.channels.pictures import forget_pictures, keep_picture, list_pictures
from dangol.content.pictures import read_content
from dangol.providers.vendor import (
    BrandNote,
    Fate,
    FaultKind,
    Kept,
    Outcome,
    Outgoing,
    PictureDesk,
    Sender,
    Shown,
    TextNote,
    VendorError,
)
from dangol.store.connect import Connection
from dangol.store.crash import crashpoint
from dangol.store.vault import Vault

LOGGER: Final = logging.getLogger("dangol.vendors")


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """Messages that are written and whose pictures the vendor has, and what became of others."""

    outgoing: Sequence[Outgoing]
    failed: Sequence[Outcome] = ()
    # The pictures that the vendor was given in an earlier turn, by delivery.
    older: Mapping[int, Shown] = field(default_factory=dict[int, Shown])


def picture_of(message: Outgoing) -> Shown | None:
    """Return the picture that a message shows."""
    note = message.content
    return note.picture if isinstance(note, TextNote | BrandNote) else None


def prepare_all(
    connection: Connection,
    sender: Sender,
    claimed: Sequence[Claimed],
    *,
    workspace_id: int,
    vault: Vault,
    post: Post,
    provider: str,
    now: datetime,
) -> Showing:
    """Write every message and let the vendor have what they show.

    Commits by itself: call it outside of any transaction.
    """
    outgoing, spoiled = write_all(
        connection, claimed, workspace_id=workspace_id, vault=vault, post=post, now=now
    )
    showing = show_pictures(
        connection, sender, outgoing, workspace_id=workspace_id, provider=provider, now=now
    )
    return replace(showing, failed=[*spoiled, *showing.failed])


def show_pictures(
    connection: Connection,
    sender: Sender,
    outgoing: Sequence[Outgoing],
    *,
    workspace_id: int,
    provider: str,
    now: datetime,
) -> Showing:
    """Let the vendor have every picture of these messages; one it does not take stops no other."""
    wanted = {shown for message in outgoing if (shown := picture_of(message))}
    if not wanted:
        return Showing(outgoing=outgoing)
    with connection.transaction():
        listed = list_pictures(connection, wanted, provider=provider, now=now)
    had = {(one.hash, one.use): one.file_id for one in listed}
    names: dict[Shown, str] = {}
    faults: dict[Shown, str] = {}
    for shown in wanted:
        if name := had.get((shown.hash, shown.use)):
            names[shown] = name
            continue
        try:
            kept = upload(connection, sender, shown, workspace_id=workspace_id)
        except (VendorError, LookupError) as fault:
            LOGGER.warning("a picture was not taken", extra={"provider": provider})
            faults[shown] = str(fault)
            continue
        crashpoint("picture.after_upload")
        with connection.transaction():
            keep_picture(connection, shown, kept, provider=provider, now=now)
        names[shown] = kept.file_id
    return share_out(outgoing, names, faults, older=set(had.values()))


def upload(connection: Connection, sender: Sender, shown: Shown, *, workspace_id: int) -> Kept:
    """Give the vendor a picture.

    Raises:
        VendorError: it was not taken.
        LookupError: there is no such picture.
    """
    if not isinstance(sender, PictureDesk):
        raise VendorError("This vendor takes no pictures.")
    with connection.transaction():
        content = read_content(connection, shown.hash, workspace_id=workspace_id)
    ending = "png" if content.startswith(b"\x89PNG") else "jpg"
    name = f"{shown.hash[:24]}.{ending}"
    return asyncio.run(sender.upload(content, name=name, use=shown.use))


def share_out(
    outgoing: Sequence[Outgoing],
    names: Mapping[Shown, str],
    faults: Mapping[Shown, str],
    *,
    older: set[str],
) -> Showing:
    ready: list[Outgoing] = []
    failed: list[Outcome] = []
    lent: dict[int, Shown] = {}
    for message in outgoing:
        shown = picture_of(message)
        if shown is None:
            ready.append(message)
            continue
        if shown in faults:
            failed.append(wait_for_picture(message, faults[shown]))
            continue
        named = replace(shown, file_id=names[shown])
        assert isinstance(message.content, TextNote | BrandNote)  # noqa: S101 - it shows one
        ready.append(replace(message, content=replace(message.content, picture=named)))
        if named.file_id in older:
            lent[message.delivery_id] = named
    return Showing(outgoing=ready, failed=failed, older=lent)


def wait_for_picture(message: Outgoing, why: str) -> Outcome:
    """Return what becomes of a message whose picture the vendor does not have: it waits."""
    return Outcome(
        delivery_id=message.delivery_id,
        fate=Fate.RETRYABLE,
        code="picture",
        detail=why,
        fault=FaultKind.TRANSIENT,
    )


def doubt_pictures(
    connection: Connection,
    outcomes: Sequence[Outcome],
    older: Mapping[int, Shown],
    *,
    provider: str,
) -> list[Outcome]:
    """Try a refused message once more with its picture given anew, if that lay there before.

    Vendors forget pictures, and some say only that the message is wrong. One that is refused with a
    picture given in the same turn is wrong indeed.
    """
    doubted = {
        one.delivery_id
        for one in outcomes
        if one.fault is FaultKind.CONTENT and one.delivery_id in older
    }
    if doubted:
        forget_pictures(connection, [older[found] for found in doubted], provider=provider)
    return [
        replace(one, fate=Fate.RETRYABLE, fault=FaultKind.TRANSIENT)
        if one.delivery_id in doubted
        else one
        for one in outcomes
    ]
