"""Every night: the ledger is walked, its fold made anew, and its head anchored."""

import logging
from typing import Final

from dangol.app.anchors import Written, open_anchors
from dangol.app.clock import shifted_clock
from dangol.app.database import one_moment
from dangol.app.settings import Settings
from dangol.consent.audit import keep_audit, mend_fold, verify_ledger
from dangol.consent.chain import chain_everything, read_head, stamp
from dangol.consent.verify import ANCHOR
from dangol.store.connect import Connection, connect

LOGGER: Final = logging.getLogger("dangol.ledger")


def audit_ledger(settings: Settings, *, workspace_id: int) -> None:
    """Verify the ledger of a workspace, mend its fold, keep what that found, and write an anchor.

    Raises:
        ProblemError: the anchors cannot be read or written; to be tried again.
    """
    place = open_anchors(settings)
    anchors = [one.read() for one in place.read()]
    with connect(settings.database_url) as connection:
        head = take_head(connection, workspace_id=workspace_id)
        mended = mend_fold(connection, workspace_id=workspace_id)
        with one_moment(connection):
            verdict = verify_ledger(connection, workspace_id=workspace_id, anchors=anchors)
        with connection.transaction():
            keep_audit(connection, verdict, mended=mended, now=shifted_clock(connection))
    if head.seq:
        _ = place.keep(head)
    if verdict.faults or mended:
        LOGGER.error(
            "the ledger of consents is not what it was",
            extra={"count": verdict.faults + mended, "workspace_id": workspace_id},
        )


def take_head(connection: Connection, *, workspace_id: int) -> Written:
    """Chain what waits, and return the head of the chain as it then is."""
    now = shifted_clock(connection)
    _ = chain_everything(connection, workspace_id=workspace_id, now=now)
    with connection.transaction():
        seq, head = read_head(connection, workspace_id=workspace_id)
    return Written(dangol=ANCHOR, workspace=workspace_id, seq=seq, hash=head, at=stamp(now))
