import pytest
from tests.build import NOON, TEST_VAULT
from tests.build import customer as make_customer
from tests.channels.sending import allowed_message

from dangol.app.demo_report import find_violations, summarize
from dangol.app.tick import run_tick, tick_until_done
from dangol.store.connect import connect


def summary_of(connection, lake, workspace):
    return summarize(
        connection, lake, workspace_id=workspace, data="test", rows=0, seconds={"tick": 1.234}
    )


def test_an_empty_workspace_has_nothing_unaccounted_for(connection, workspace, lake):
    summary = summary_of(connection, lake, workspace)

    assert summary.conservation is True
    assert (summary.events, summary.customers, summary.messages) == (0, 0, {})
    assert summary.seconds == {"tick": 1.23}


def test_figures_are_by_kind_and_reason(connection, workspace, lake):
    allowed_message(connection, workspace)

    summary = summary_of(connection, lake, workspace)

    assert summary.customers == 1
    assert summary.messages == {"allowed": 1}


@pytest.mark.parametrize("state", ["skipped", "handed", "failed"])
def test_a_message_whose_state_nothing_explains_is_found(connection, workspace, state):
    message = allowed_message(connection, workspace)
    connection.execute(
        "update message set state = %s, act_at = null where id = %s", (state, message)
    )

    violations = find_violations(connection, workspace_id=workspace)

    assert ("state", 1) in [(one.law, one.count) for one in violations]


def test_a_message_its_enrollment_did_not_count_is_found(connection, workspace):
    allowed_message(connection, workspace)
    connection.execute("update enrollment set planned = planned + 1")

    violations = find_violations(connection, workspace_id=workspace)

    assert "audience" in [one.law for one in violations]


@pytest.mark.parametrize(
    "broken",
    [
        "update message set enrollment_id = -1",
        "update message set customer_id = -1",
        "update message set journey_id = -1",
        "update message set template_id = -1",
        "update enrollment set version_id = -1",
        "update enrollment set journey_id = -1",
        "update decision set message_id = -1",
    ],
)
def test_what_names_nothing_is_found_without_foreign_keys(connection, workspace, broken):
    connection.execute(
        "update message set state = 'planned', act_at = planned_at where id = %s",
        (allowed_message(connection, workspace),),
    )
    run_tick(connection, workspace_id=workspace, vault=TEST_VAULT, now=NOON, batch=10)
    assert find_violations(connection, workspace_id=workspace) == []
    connection.execute(broken)

    violations = find_violations(connection, workspace_id=workspace)

    assert "reference" in [one.law for one in violations]


def test_one_workspace_is_ticked_by_one_process_at_a_time(connection, workspace, dsn):
    make_customer(connection, workspace)
    with connect(dsn) as other, other.transaction():
        ours = run_tick(other, workspace_id=workspace, vault=TEST_VAULT, now=NOON, batch=10)
        theirs = run_tick(connection, workspace_id=workspace, vault=TEST_VAULT, now=NOON, batch=10)

    assert ours is not None
    assert theirs is None


def test_ticking_ends_when_nothing_waits(connection, workspace):
    done = tick_until_done(connection, workspace_id=workspace, vault=TEST_VAULT, now=NOON, batch=10)

    assert (done["ticks"], done["events"]) == (1, 0)
