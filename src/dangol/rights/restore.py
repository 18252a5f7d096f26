"""After a restore: who was forgotten since the copy was made is forgotten again.

Called before anything is sent. Numbers may have been given out anew since, so people are known
again by the hashes of what they went by; the number alone counts only for who went by nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from dangol.rights.erasure import (
    FROM_THE_START,
    BusyError,
    Erasure,
    Tools,
    as_logged,
    ask,
    carry_out,
    delete_events,
    forget_events,
    list_erasures,
    write_down,
)
from dangol.rights.erasure_log import Wish
from dangol.rights.find import STATEMENTS
from dangol.rights.names import Names, hash_name
from dangol.store.connect import Connection
from dangol.store.vocabulary import ErasureState

if TYPE_CHECKING:
    from uuid import UUID

# A number that no customer has.
NOBODY = 0


def remember_erasures(connection: Connection, tools: Tools) -> int:
    """Bring database, lake and log to agree on who is forgotten; return how many were brought.

    Commits by itself. An erasure that has to wait for a mail server is left to ``finish_erasures``.
    """
    known = list_erasures(connection)
    tools.log.append(*map(as_logged, known))
    refs = {erasure.ref for erasure in known}
    missing = [wish for wish in tools.log.wishes() if wish.ref not in refs]
    for workspace_id, wishes in groupby(
        sorted(missing, key=attrgetter("workspace_id")), key=attrgetter("workspace_id")
    ):
        erase_again(connection, tools, list(wishes), workspace_id=workspace_id)
    clean_lake(connection, tools, known)
    return len(missing) + finish_erasures(connection, tools)


def finish_erasures(connection: Connection, tools: Tools) -> int:
    """Go on with every erasure that is not done; return how many are done now."""
    done = 0
    for erasure in list_erasures(connection, only_open=True):
        try:
            done += carry_out(connection, tools, erasure).state == ErasureState.DONE
        except BusyError:
            # The mail server has not answered yet: the next round goes on.
            continue
    return done


def erase_again(
    connection: Connection, tools: Tools, wishes: Sequence[Wish], *, workspace_id: int
) -> None:
    """Repeat the wishes of one workspace that this database does not know."""
    wanted = {key: wish.ref for wish in wishes for key in wish.keys}
    meant: defaultdict[UUID, set[int]] = defaultdict(set)
    with connection.transaction():
        for kind, key, customer_id in read_names(connection, "list_names", workspace_id):
            if ref := wanted.get(hash_name(tools.vault, workspace_id, kind, key)):
                meant[ref].add(customer_id)
        empty_inbox(connection, tools, set(wanted), workspace_id=workspace_id)
        numbers = read_numbers(connection, workspace_id)
    for wish in wishes:
        if not wish.keys and wish.customer_id in numbers:
            meant[wish.ref].add(wish.customer_id)
        people = sorted(meant[wish.ref])
        for customer_id in people:
            _ = ask(
                connection,
                vault=tools.vault,
                now=tools.clock(connection),
                workspace_id=workspace_id,
                customer_id=customer_id,
                asked_by=wish.asked_by,
                again=wish if customer_id == people[0] else None,
            )
        if not people:
            note_unknown(connection, tools, wish, taken=wish.customer_id in numbers)


def read_names(
    connection: Connection, statement: str, workspace_id: int
) -> Iterable[tuple[str, str, int]]:
    return connection.execute(STATEMENTS[statement], {"workspace_id": workspace_id})


def read_numbers(connection: Connection, workspace_id: int) -> set[int]:
    rows = connection.execute(STATEMENTS["list_numbers"], {"workspace_id": workspace_id})
    return {int(row[0]) for row in rows}


def empty_inbox(
    connection: Connection, tools: Tools, hashes: set[str], *, workspace_id: int
) -> None:
    """Delete from the restored inbox what has not become anybody's yet and is theirs."""
    _ = tools.unpack(connection, workspace_id)
    found: defaultdict[str, list[str]] = defaultdict(list)
    for kind, key, _ in read_names(connection, "list_senders", workspace_id):
        if hash_name(tools.vault, workspace_id, kind, key) in hashes:
            found[kind].append(key)
    names = Names(
        workspace_id=workspace_id,
        customer_id=NOBODY,
        user_ids=found["external"],
        anonymous_ids=found["anonymous"],
        contact_keys=found["contact"],
    )
    if found:
        _ = delete_events(connection, names, position=FROM_THE_START)


def note_unknown(connection: Connection, tools: Tools, wish: Wish, *, taken: bool) -> None:
    """Note that this database does not know them; the lake may, under a number nobody has here."""
    if wish.customer_id is not None and not taken:
        _ = forget_events(connection, tools.lake, wish.workspace_id, [wish.customer_id])
    now = tools.clock(connection)
    with connection.transaction():
        write_down(
            connection,
            Erasure(
                ref=wish.ref,
                workspace_id=wish.workspace_id,
                customer_id=None,
                state=ErasureState.DONE,
                keys=wish.keys,
                asked_by=wish.asked_by,
                asked_at=wish.asked_at,
                done_at=now,
            ),
        )


def clean_lake(connection: Connection, tools: Tools, erasures: Sequence[Erasure]) -> None:
    """Take out of the lake who is forgotten already: the lake may be the older copy."""
    numbers: defaultdict[int, list[int]] = defaultdict(list)
    for erasure in erasures:
        if erasure.state == ErasureState.DONE and erasure.customer_id is not None:
            numbers[erasure.workspace_id].append(erasure.customer_id)
    for workspace_id, customer_ids in numbers.items():
        if tools.lake.holds(workspace_id=workspace_id, customer_ids=customer_ids):
            _ = forget_events(connection, tools.lake, workspace_id, customer_ids)
