"""A month is sorted slice by slice, and comes out as if it had been sorted as a whole."""

from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import dataset

from dangol.store.lake_files import ORDER, read_sorted

MARCH = date(2027, 3, 1)
BEGIN = datetime(2027, 3, 1, tzinfo=UTC)
happenings = st.lists(
    st.tuples(st.one_of(st.none(), st.integers(-3, 6)), st.integers(0, 9)), max_size=40
)


def table(rows: list[tuple[int | None, int]], *, month: date) -> pa.Table:
    return pa.table(
        {
            "customer_id": pa.array([customer for customer, _ in rows], pa.int64()),
            "occurred_at": [BEGIN + timedelta(hours=hour) for _, hour in rows],
            "month": pa.array([month] * len(rows), pa.date32()),
        },
        schema=pa.schema(
            [
                ("customer_id", pa.int64()),
                ("occurred_at", pa.timestamp("us", tz="UTC")),
                ("month", pa.date32()),
            ]
        ),
    )


@given(march=happenings, april=happenings, at_once=st.integers(1, 12))
def test_slices_follow_one_another_and_lose_nobody(march, april, at_once):
    wanted = table(march, month=MARCH)
    events = dataset.dataset([wanted, table(april, month=date(2027, 4, 1))])

    found = read_sorted(events, month="2027-03-01", at_once=at_once).read_all()

    assert found.equals(wanted.sort_by(ORDER))


@pytest.mark.parametrize("at_once", [1, 5, 1000])
def test_no_slice_holds_more_than_asked_but_for_one_customer_s_events(at_once):
    march = [(customer, hour) for customer in range(20) for hour in range(5)]
    events = dataset.dataset(table(march, month=MARCH))

    batches = read_sorted(events, month="2027-03-01", at_once=at_once)

    assert max(len(batch) for batch in batches) <= max(at_once, 5) + 4
