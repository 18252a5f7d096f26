"""What journeys ask about stays: segments are not archived and lists not deleted under them."""

import json
import threading

import pytest
from tests.build import NOON, enrollment, one, template
from tests.journeys.words import publish
from tests.segments.words import Shop

from dangol.app.conditions import Conditions
from dangol.app.journeys import apply_journey
from dangol.journeys.definition import parse_journey
from dangol.journeys.publish import BadChange, publish_journey, set_state
from dangol.journeys.versions import find_journey
from dangol.segments.change import SegmentFault, archive_segment
from dangol.segments.document import BadFiles
from dangol.segments.lists import delete_list, read_lists
from dangol.segments.plan import make_plan
from dangol.store.connect import connect
from dangol.store.vocabulary import JourneyState

NAMES = {
    "segment": {"kind": "segment", "segment": "buyers"},
    "list": {"kind": "list", "list": "vip"},
}
REST = {"name": "rest", "kind": "wait", "for": "2 days"}
TITLES = {"name": "welcome", "title": {"ko": "환영", "en": "Welcome"}}


@pytest.fixture
def shop(connection, lake, workspace) -> Shop:
    template(connection, workspace, name="note")
    made = Shop(connection=connection, lake=lake, workspace=workspace)
    made.save()
    connection.execute(
        "insert into customer_list (workspace_id, name, uploaded_at) values (%s, 'vip', %s)",
        (workspace, NOON),
    )
    connection.commit()
    return made


def welcome(*steps: dict, entry: dict | None = None, **more: object) -> dict:
    return {**TITLES, "entry": {"call": True, **(entry or {})}, "steps": [*steps, REST], **more}


def branch(condition: dict) -> dict:
    return {"name": "fork", "kind": "branch", "ways": [{"when": condition, "then": "rest"}]}


def wait_for(condition: dict) -> dict:
    return {"name": "patience", "kind": "wait_for", "condition": condition, "at_most": "3 days"}


PLACES = {
    "entry": lambda one: welcome(entry={"condition": one}),
    "branch": lambda one: welcome(branch(one)),
    "deep in a branch": lambda one: welcome(branch({"kind": "none", "of": [one]})),
    "wait": lambda one: welcome(wait_for(one)),
    "exit": lambda one: welcome(exit_when={"condition": one}),
}
GO = {"segment": archive_segment, "list": delete_list}
NAMED = {"segment": "buyers", "list": "vip"}


def found(shop: Shop) -> int:
    journey = find_journey(shop.connection, workspace_id=shop.workspace, name="welcome")
    assert journey is not None
    return journey.id


def become(shop: Shop, state: JourneyState) -> None:
    with shop.connection.transaction():
        set_state(shop.connection, journey_id=found(shop), state=state, now=NOON)


def enter(shop: Shop) -> int:
    """Let somebody wait in the version that is published now; return their enrollment."""
    made = enrollment(
        shop.connection,
        shop.workspace,
        journey_id=found(shop),
        customer_id=shop.did("minji"),
    )
    shop.connection.execute(
        "update enrollment set state = 'waiting', end_reason = null, ended_at = null,"
        " wake_at = entered_at + interval '2 days'"
    )
    return made


def refused(shop: Shop, kind: str) -> str:
    """Try to let it go; return the code and who is in the way."""
    with pytest.raises(SegmentFault) as fault:
        shop.change(GO[kind], NAMED[kind])
    assert all("welcome" in fault.value.say(locale) for locale in ("ko", "en"))
    assert fault.value.users == ("welcome",)
    return fault.value.code


@pytest.mark.parametrize("kind", ["segment", "list"])
@pytest.mark.parametrize("place", PLACES)
def test_what_a_journey_asks_about_anywhere_does_not_go_while_it_runs_or_is_paused(
    shop, place, kind
):
    publish(shop.connection, shop.workspace, PLACES[place](NAMES[kind]), now=NOON)

    running = refused(shop, kind)
    become(shop, JourneyState.PAUSED)
    paused = refused(shop, kind)
    become(shop, JourneyState.STOPPED)
    shop.change(GO[kind], NAMED[kind])

    assert {running, paused} == {"in_use" if kind == "segment" else "list_in_use"}


def test_what_opens_a_journey_does_not_go(shop):
    publish(
        shop.connection, shop.workspace, {**welcome(), "entry": {"segment": "buyers"}}, now=NOON
    )

    assert refused(shop, "segment") == "in_use"


@pytest.mark.parametrize("kind", ["segment", "list"])
def test_what_an_earlier_version_asks_about_goes_when_nobody_is_inside_it_any_more(shop, kind):
    publish(shop.connection, shop.workspace, welcome(branch(NAMES[kind])), now=NOON)
    inside = enter(shop)
    publish(shop.connection, shop.workspace, welcome(), now=NOON)

    refused(shop, kind)
    shop.connection.execute(
        "update enrollment set state = 'ended', end_reason = 'completed', ended_at = %s,"
        " wake_at = null where id = %s",
        (NOON, inside),
    )
    shop.change(GO[kind], NAMED[kind])


@pytest.mark.parametrize("kind", ["segment", "list"])
def test_what_only_the_entry_of_an_earlier_version_asks_about_goes(shop, kind):
    publish(shop.connection, shop.workspace, PLACES["entry"](NAMES[kind]), now=NOON)
    enter(shop)
    publish(shop.connection, shop.workspace, welcome(), now=NOON)

    shop.change(GO[kind], NAMED[kind])


def test_a_draft_holds_nothing_and_does_not_run_without_what_it_names(shop):
    asks = {"kind": "all", "of": [NAMES["segment"], NAMES["list"]]}
    with shop.connection.transaction():
        _ = publish_journey(
            shop.connection,
            workspace_id=shop.workspace,
            definition=parse_journey(json.dumps(welcome(branch(asks)))),
            judge=Conditions(),
            now=NOON,
        )
    for kind in ("segment", "list"):
        shop.change(GO[kind], NAMED[kind])

    with pytest.raises(BadChange, match="list 'vip', segment 'buyers'"):
        become(shop, JourneyState.RUNNING)


def test_pages_name_the_journeys_that_ask_about_a_segment_or_a_list(shop):
    publish(
        shop.connection,
        shop.workspace,
        welcome(branch(NAMES["segment"]), exit_when={"condition": NAMES["list"]}),
        now=NOON,
    )

    lists = read_lists(shop.connection, workspace_id=shop.workspace, now=NOON)

    assert shop.entry().used_by == ("welcome",)
    assert (lists["vip"].journeys, lists["vip"].used_by) == (("welcome",), ())


def test_files_do_not_prune_what_a_journey_asks_about(shop):
    publish(shop.connection, shop.workspace, welcome(branch(NAMES["segment"])), now=NOON)

    with pytest.raises(BadFiles) as bad:
        _ = make_plan(shop.connection, [], workspace_id=shop.workspace, prune=True, now=NOON)

    assert [(one.place, one.path) for one in bad.value.faults] == [("--prune", "buyers")]
    assert "welcome" in bad.value.faults[0].remedy


def test_what_is_just_being_published_is_waited_for(shop, dsn):
    """Archiving looks only when it is sure whether the journey is there."""
    outcome: list[str] = []

    def archive() -> None:
        with connect(dsn) as own:
            try:
                archive_segment(own, workspace_id=shop.workspace, name="buyers", now=NOON)
            except SegmentFault as fault:
                outcome.append(fault.code)

    other = threading.Thread(target=archive)
    with shop.connection.transaction():
        asking = json.dumps(welcome(branch(NAMES["segment"])))
        _ = apply_journey(shop.connection, workspace_id=shop.workspace, text=asking, now=NOON)
        other.start()
        wait_until_blocked(shop)
    other.join()

    assert outcome == ["in_use"]


def wait_until_blocked(shop: Shop) -> None:
    """Wait until somebody waits for a lock that this transaction holds."""
    query = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
    while one(shop.connection, query) == 0:
        pass
