"""Ask vendors what became of calls that were never answered, and settle what they are sure of."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from dangol.app.consequences import follow_up
from dangol.app.providers import Provider
from dangol.channels.asking import Unanswered, take_unanswered
from dangol.channels.notes import ADDRESS_KINDS
from dangol.content.tokens import TokenPurpose, sign_message
from dangol.providers.vendor import Asked, Asker
from dangol.store.connect import Connection
from dangol.store.crash import crashpoint
from dangol.store.vault import Vault


def ask_unanswered(
    connection: Connection,
    asker: Asker,
    *,
    provider: Provider,
    workspace_id: int,
    vault: Vault,
    clock: Callable[[Connection], datetime],
) -> int:
    """Settle calls without an answer by what their vendor says; return how many it was sure of.

    Commits by itself; the vendor is asked outside any transaction. What it does not have and never
    will is sent again; what it is not sure of stays unknown, and is asked about again later.
    """
    with connection.transaction():
        taken = take_unanswered(
            connection,
            workspace_id=workspace_id,
            provider=provider.name,
            visible_after=provider.visible_after,
            now=clock(connection),
        )
    calls = [asked(one, workspace_id=workspace_id, vault=vault) for one in taken]
    if not calls:
        return 0
    outcomes = asyncio.run(asker.ask(calls))
    crashpoint("ask.answered")
    with connection.transaction():
        follow_up(
            connection,
            outcomes,
            workspace_id=workspace_id,
            claimed=(),
            provider=provider,
            now=clock(connection),
        )
    return len(outcomes)


def asked(one: Unanswered, *, workspace_id: int, vault: Vault) -> Asked:
    """Return a call under the names a vendor may know it by."""
    recipient = ""
    if one.address is not None and one.address_key is not None:
        kind = ADDRESS_KINDS[one.channel]
        recipient = vault.open_for(workspace_id, kind, one.address, one.address_key)
    return Asked(
        delivery_id=one.delivery_id,
        vendor_id=sign_message(
            vault, TokenPurpose.MESSAGE, workspace_id=workspace_id, message_id=one.message_id
        ),
        recipient=recipient,
        called_at=one.called_at,
    )
