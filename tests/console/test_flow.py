from tests.build import NOON, event
from tests.console.shop import add_owner

from dangol.console.flow import read_flow


def counts(rows, *names):
    return {tuple(row[name] for name in names): row["count"] for row in rows}


def test_every_message_stands_under_exactly_one_last_word(member, connection):
    flow = member.get("/api/flow").json()

    planned = connection.execute("select count(*) from message").fetchone()[0]
    assert sum(row["count"] for row in flow["decisions"]) == planned
    assert counts(flow["decisions"], "verdict", "reason") == {
        ("allow", "allowed"): 1,
        ("skip", "no_consent"): 1,
        ("skip", "suppressed"): 1,
    }


def test_every_stage_has_its_numbers(member):
    flow = member.get("/api/flow").json()

    assert flow["events"] == [{"name": "Order Completed", "count": 2, "revenue": "60500"}]
    assert flow["customers"] == {"total": 3, "reachable": 3, "consented": 2, "suppressed": 1}
    assert [(row["title_en"], row["size"]) for row in flow["segments"]] == [("Lapsed regulars", 2)]
    assert [(row["enrolled"], row["ended"]) for row in flow["journeys"]] == [(3, 3)]
    assert counts(flow["deliveries"], "state") == {("accepted",): 1}
    assert counts(flow["receipts"], "kind") == {("opened",): 1}


def test_a_message_nobody_has_judged_yet_still_counts(connection, workspace, shop):
    connection.execute("delete from decision where message_id = %s", (shop.unasked,))

    flow = read_flow(connection, workspace_id=workspace, now=NOON)

    assert [row.count for row in flow.decisions if row.verdict is None] == [1]


def test_waiting_events_show_how_far_behind_the_tick_is(member, connection, workspace):
    event(connection, workspace, name="Cart Viewed", user_id="minji")
    connection.commit()

    pulse = member.get("/api/flow").json()["pulse"]

    assert pulse["events_waiting"] == 1
    assert pulse["oldest_waiting_at"] == NOON.isoformat().replace("+00:00", "Z")


def test_machine_opens_are_left_out(member, connection):
    connection.execute("update receipt set human_confidence = 0.1")
    connection.commit()

    assert member.get("/api/flow").json()["receipts"] == []


def test_an_empty_workspace_has_an_empty_flow(connection, workspace):
    add_owner(connection, workspace)

    flow = read_flow(connection, workspace_id=workspace, now=NOON)

    assert (flow.events, flow.decisions, flow.customers.total) == ([], [], 0)
