"""Who saw whose data is written down once, can be read by those it is about, and never altered."""

from datetime import timedelta

import psycopg
import pytest
from tests.build import NOON, customer

from dangol.rights.access import (
    MOST_NAMED,
    Seen,
    Viewer,
    count_accesses,
    expire_accesses,
    list_accesses,
    note_seen,
)
from dangol.store.vocabulary import AccessBy, MemberRole

OWNER = Viewer(
    kind=AccessBy.MEMBER, name="owner@shop.example", role=MemberRole.OWNER, address="10.0.0.9"
)
DAY = timedelta(days=1)


def look(connection, workspace, *seen: Seen, at=NOON) -> None:
    with connection.transaction():
        note_seen(connection, OWNER, seen, workspace_id=workspace, now=at)


def test_a_row_says_who_when_from_where_what_and_whose(connection, workspace):
    look(connection, workspace, Seen(what="customer", customer_ids=[7, 7, 3]))

    (entry,) = list_accesses(connection, workspace_id=workspace)

    assert (entry.by_kind, entry.by_whom, entry.role) == ("member", "owner@shop.example", "owner")
    assert (entry.seen_at, entry.from_address, entry.what) == (NOON, "10.0.0.9", "customer")
    assert (entry.subjects, entry.customer_ids) == (2, [3, 7])


def test_of_many_only_the_number_is_kept_and_nobody_is_no_row(connection, workspace):
    look(
        connection,
        workspace,
        Seen(what="export", customer_ids=range(1, MOST_NAMED + 2)),
        Seen(what="search"),
    )

    (entry,) = list_accesses(connection, workspace_id=workspace)

    assert (entry.what, entry.subjects, entry.customer_ids) == ("export", MOST_NAMED + 1, [])


@pytest.mark.parametrize(
    "change",
    ["update access_entry set by_whom = 'x'", "delete from access_entry", "truncate access_entry"],
)
def test_what_was_seen_stays_seen(connection, workspace, change):
    look(connection, workspace, Seen(what="customer", customer_ids=[1]))

    with pytest.raises(psycopg.errors.RaiseException, match="access_entry is append-only"):
        connection.execute(change.encode())


def test_entries_go_after_a_year(connection, workspace):
    look(connection, workspace, Seen(what="old", customer_ids=[1]))
    look(connection, workspace, Seen(what="young", customer_ids=[1]), at=NOON + 10 * DAY)
    look(connection, workspace, Seen(what="new", customer_ids=[1]), at=NOON + 367 * DAY)

    gone = expire_accesses(connection, workspace_id=workspace, now=NOON + 367 * DAY)

    assert gone == 1
    left = [one.what for one in list_accesses(connection, workspace_id=workspace)]
    assert left == ["new", "young"]


def test_a_customer_hears_of_roles_and_numbers(connection, workspace):
    minji = customer(connection, workspace)
    for day in range(3):
        seen = Seen(what="customer", customer_ids=[minji])
        look(connection, workspace, seen, at=NOON + day * DAY)
    look(connection, workspace, Seen(what="customer", customer_ids=[minji + 1]))

    heard = count_accesses(connection, workspace_id=workspace, customer_id=minji)

    assert heard == [("member", "owner", 3, NOON + 2 * DAY)]
