import pytest

from dangol.guard.limits import read_limits, set_limits
from dangol.store.connect import Connection


def test_a_limit_that_is_set_stays_and_leaves_the_others(
    connection: Connection, workspace: int
) -> None:
    before = read_limits(connection, workspace_id=workspace)

    set_limits(connection, workspace_id=workspace, changes={"daily_messages": 1})

    after = read_limits(connection, workspace_id=workspace)
    assert (before.daily_messages, after.daily_messages) == (3, 1)
    assert (after.cap_messages, after.sunset_days) == (before.cap_messages, before.sunset_days)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("daily_messages", 0),
        ("sunset_messages", 1),
        ("holdout_permille", 1001),
        ("opt_out_limit", 1.0),
    ],
)
def test_a_limit_that_cannot_be_is_refused_by_name(
    connection: Connection, workspace: int, name: str, value: float
) -> None:
    with pytest.raises(ValueError, match=name):
        set_limits(connection, workspace_id=workspace, changes={name: value})
