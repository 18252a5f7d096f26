"""Who is who: parts, heads, and the evidence that makes several customers one.

Every event is a fact about one *part*: the customer row of the event's strongest identifier
(external id, else anonymous id, else e-mail address, else phone number). That never changes. What
identifiers were seen together is kept as *links*, and whom an identifier leads to, its *head*, is a
function of all live links, so that no order of arrival changes it:

1. External ids that an alias connects are one person, and so is what a member put together.
2. An anonymous id belongs to the external id it was seen with first.
3. An e-mail address or phone number that has events of its own joins the one person who gave it;
   known people count before mere visitors. What two gave is shared and identifies nobody.

Who was never joined with anybody is their own part, and none of this costs them anything. When
somebody becomes a head, what they did moves once to a part of its own; from then on the head's
traits, activity, address and consent are a combination of its parts', made anew in the tick that
changes one. What points at people (journeys, messages, segments) follows them, and is given back.
"""

from datetime import datetime
from typing import Final, TypedDict

from dangol.consent.ledger import fold_entries
from dangol.store.connect import Connection, empty_working
from dangol.store.statements import load_statements


class Scope(TypedDict):
    """What every statement about a workspace's people is told."""

    workspace_id: int
    now: datetime


STATEMENTS = load_statements(__package__ or "dangol.ingest")

# What is noted on the way, in working tables.
NOTED: Final = ("evidence", "touched", "placed", "person_move", "crossing", "changed_head")
# New evidence, and what it leaves open; the order is the meaning.
NOTE: Final = ("claim_identifiers", "add_links")
# From the strongest identifiers down: each kind leads to people whom the kinds before it made.
PLACE: Final = (
    ("spread_touch", None),
    ("join_accounts", None),
    ("place_devices", None),
    ("place_contacts", "email"),
    ("place_contacts", "phone"),
)
# Who moves takes along what points at them: first what an earlier merge had brought is taken back,
# then everything follows to where they belong now.
MOVE: Final = (
    "lock_people",
    "keep_own",
    "fill_crossing",
    "reopen_enrollments",
    "return_memberships",
    "close_merges",
    "record_merges",
    "carry_enrollments",
    "carry_conversions",
    "carry_messages",
    "carry_decisions",
    "carry_deliveries",
    "carry_receipts",
    "carry_memberships",
    "carry_refusals",
    "carry_preferences",
    "end_rivals",
    "skip_rivals",
    "move_people",
    "clear_activity",
    "clear_addresses",
    "clear_consents",
    "note_moved",
)
COMBINE: Final = (
    "combine_customers",
    "derive_customers",
    "combine_activity",
    "combine_addresses",
)


def begin_anew(connection: Connection) -> None:
    """Forget what an earlier transaction has noted about who is who."""
    empty_working(connection, *NOTED)


def note_evidence(connection: Connection, values: Scope) -> None:
    """Create the parts of this tick, and keep which identifiers came together."""
    _ = connection.execute(STATEMENTS["create_parts"], values)
    if connection.execute(STATEMENTS["read_evidence"]).rowcount:
        for name in NOTE:
            _ = connection.execute(STATEMENTS[name], values)


def place_people(connection: Connection, values: Scope) -> None:
    """Let every touched identifier lead to its person of now, and people follow."""
    if not is_touched(connection):
        return
    for name, kind in PLACE:
        _ = connection.execute(STATEMENTS[name], {**values, "kind": kind})
    if connection.execute(STATEMENTS["find_moves"], values).rowcount:
        for name in MOVE:
            _ = connection.execute(STATEMENTS[name], values)


def is_touched(connection: Connection) -> bool:
    """Tell whether anything is open about who is who."""
    return connection.execute(STATEMENTS["find_touched"]).fetchone() is not None


def combine_heads(connection: Connection, values: Scope) -> None:
    """Make the heads whose parts changed say what their parts say; the facts are folded."""
    _ = connection.execute(STATEMENTS["note_active"])
    if connection.execute(STATEMENTS["find_changed"]).fetchone() is None:
        return
    for name in COMBINE:
        _ = connection.execute(STATEMENTS[name], values)


def refold_consents(connection: Connection, values: Scope) -> None:
    """Fold the ledger anew for everybody who joined or left a head."""
    rows = connection.execute(STATEMENTS["list_moved"]).fetchall()
    if rows:
        moved = [int(row[0]) for row in rows]
        _ = fold_entries(connection, workspace_id=values["workspace_id"], customer_ids=moved)
