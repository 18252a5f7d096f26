"""Which segments share members: exactly, or with how far off it may be."""

import pytest
from tests.build import NOON

from dangol.segments.overlap import Overlap, count_overlaps
from dangol.store.connect import Connection

CUSTOMERS = 4000


@pytest.fixture
def large(connection: Connection, workspace: int) -> int:
    """A segment of everybody, and twenty more of ever fewer; return its id."""
    values = {"workspace": workspace, "now": NOON, "customers": CUSTOMERS}
    connection.execute(
        "insert into customer (id, workspace_id, first_seen_at, last_seen_at)"
        " overriding system value select 1000000 + number, %(workspace)s, %(now)s, %(now)s"
        " from generate_series(1, %(customers)s) as number",
        values,
    )
    connection.execute(
        "insert into segment (id, workspace_id, name, title_ko, title_en, created_at)"
        " overriding system value select 1000 + number, %(workspace)s, 'part ' || number, '', '',"
        " %(now)s from generate_series(1, 21) as number",
        values,
    )
    connection.execute(
        "insert into membership (workspace_id, segment_id, customer_id, entered_at)"
        " select %(workspace)s, segment.id, customer.id, %(now)s from segment, customer"
        " where mod(abs(hashint8extended(customer.id, segment.id) / 2), 1000)"
        " < 1000 * 0.8 ^ (segment.id - 1001)",
        values,
    )
    connection.execute(
        "update segment set size = (select count(*) from membership where segment_id = segment.id)"
    )
    return 1001


def overlaps(connection: Connection, workspace: int, segment: int, most: int) -> list[Overlap]:
    return count_overlaps(connection, workspace_id=workspace, segment_id=segment, most=most)


def test_a_segment_in_which_not_more_are_than_are_looked_at_is_counted(
    connection: Connection, workspace: int, large: int
) -> None:
    found = overlaps(connection, workspace, large, CUSTOMERS)

    assert {one.name for one in found} == {f"part {number}" for number in range(2, 22)}
    assert [one.both for one in found] == sorted((one.size for one in found), reverse=True)
    assert [(one.low, one.both, one.high) for one in found] == [(one.size,) * 3 for one in found]


def test_of_a_larger_one_a_share_is_looked_at_and_the_interval_holds_the_truth(
    connection: Connection, workspace: int, large: int
) -> None:
    found = overlaps(connection, workspace, large, CUSTOMERS // 8)

    # Everybody in the other segment is in this one, too: its size is the truth.
    held = [one.low <= one.size <= one.high for one in found]
    assert len(found) == 20
    assert sum(held) >= 17
    assert all(one.low < one.both < one.high for one in found)
    # Half the width of Wilson's interval for a half of 500 is 4.4 %.
    assert max(one.high - one.low for one in found) < 0.1 * CUSTOMERS


def test_an_archived_segment_overlaps_with_none(
    connection: Connection, workspace: int, large: int
) -> None:
    connection.execute("update segment set archived_at = %s where name = 'part 2'", (NOON,))

    found = overlaps(connection, workspace, large, CUSTOMERS)

    assert found[0].name == "part 3"
