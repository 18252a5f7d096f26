"""What becomes of those inside when a journey gets another version."""

from datetime import datetime, timedelta

import pytest
from tests.build import NOON, TEST_VAULT, customer, one, template

from dangol.app.conditions import Conditions
from dangol.app.tick import run_tick
from dangol.journeys.definition import parse_journey
from dangol.journeys.inside import PIN, Inside
from dangol.journeys.publish import (
    Preview,
    Published,
    preview_version,
    publish_version,
    roll_back,
    set_state,
)
from dangol.journeys.steps import BadJourney
from dangol.journeys.versions import read_publications, read_versions
from dangol.store.connect import Connection, connect
from dangol.store.vocabulary import InsidePolicy, JourneyState

DAY = timedelta(days=1)
CARE = """
name: care
title: {ko: 돌봄, en: Care}
entry: {event: Cart Viewed}
steps:
  - {name: first, kind: message, template: hello}
  - {name: rest, kind: wait, for: 3 days}
  - {name: second, kind: message, template: again}
"""
LATER = """\
  - {name: late, kind: wait, for: 7 days}
  - {name: third, kind: message, template: third}
"""
CALLED = """
name: called
title: {ko: 부름, en: Called}
entry: {call: true, reentry_days: 0}
steps:
  - {name: word, kind: message, template: again}
"""
CALLING = """
name: care
title: {ko: 돌봄, en: Care}
entry: {event: Cart Viewed}
steps:
  - {name: call, kind: enter, journey: called}
  - {name: rest, kind: wait, for: 3 days}
"""
FOLLOW = Inside(policy=InsidePolicy.FOLLOW)


def migrate(**steps: str) -> Inside:
    return Inside(policy=InsidePolicy.MIGRATE, steps=steps)


def finish(step: str = "continue", policy: InsidePolicy = InsidePolicy.PIN) -> Inside:
    return Inside(policy=policy, finished=step)


@pytest.fixture
def shop(connection: Connection, workspace: int) -> int:
    """A shop with the templates; returns its id."""
    for name in ("hello", "again", "third"):
        template(connection, workspace, name=name)
    return workspace


def publish(
    connection: Connection,
    shop: int,
    text: str = CARE,
    inside: Inside = PIN,
    *,
    now: datetime = NOON,
    by: str | None = None,
) -> Published:
    with connection.transaction():
        published = publish_version(
            connection,
            workspace_id=shop,
            definition=parse_journey(text),
            judge=Conditions(),
            inside=inside,
            now=now,
            by=by,
        )
        set_state(connection, journey_id=published.journey_id, state=JourneyState.RUNNING, now=now)
    return published


def preview(connection: Connection, shop: int, text: str, inside: Inside) -> Preview:
    return preview_version(
        connection,
        workspace_id=shop,
        definition=parse_journey(text),
        judge=Conditions(),
        inside=inside,
        now=NOON,
    )


def tick(connection: Connection, shop: int, *, now: datetime) -> int:
    """Move everybody who is due; return the messages planned."""
    ticked = run_tick(connection, workspace_id=shop, vault=TEST_VAULT, now=now, batch=100)
    assert ticked is not None
    return ticked.advanced.planned


def enroll(connection: Connection, shop: int, name: str, *, key: str = "") -> int:
    """Put a customer at the journey's first step, as an event does; return the enrollment."""
    found = connection.execute(
        "select customer_id from identifier where kind = 'external' and key = %s", (name,)
    ).fetchone()
    who = found[0] if found else customer(connection, shop, name=name, email=None)
    made = one(
        connection,
        "insert into enrollment (workspace_id, journey_id, version_id, customer_id, entry_key,"
        " state, step_number, entered_at) select workspace_id, id, version_id, %(who)s,"
        " %(key)s, 'active', 1, %(now)s from journey where name = 'care' returning id",
        who=who,
        key=key or name,
        now=NOON,
    )
    connection.commit()
    return made


def place(connection: Connection, enrollment: int) -> tuple[int, str, str, timedelta | None]:
    """Where somebody is: version, step, state, and how long from noon they wake."""
    row = connection.execute(
        "select journey_version.number, journey_step.name, enrollment.state::text, wake_at"
        " from enrollment join journey_version on journey_version.id = enrollment.version_id"
        " join journey_step on journey_step.version_id = enrollment.version_id"
        " and journey_step.number = enrollment.step_number where enrollment.id = %s",
        (enrollment,),
    ).fetchone()
    assert row is not None
    connection.commit()
    version, step, state, wake_at = row
    return version, step, state, wake_at - NOON if wake_at else None


def sent(connection: Connection, enrollment: int) -> list[str]:
    rows = connection.execute(
        "select template.name from message join template on template.id = message.template_id"
        " where enrollment_id = %s order by message.id",
        (enrollment,),
    ).fetchall()
    connection.commit()
    return [name for (name,) in rows]


def test_those_inside_keep_their_version_unless_told_otherwise(
    connection: Connection, shop: int
) -> None:
    publish(connection, shop)
    minji = enroll(connection, shop, "minji")
    tick(connection, shop, now=NOON)

    published = publish(connection, shop, CARE.replace("3 days", "9 days"))

    assert (published.number, published.moved.moved) == (2, 0)
    assert place(connection, minji) == (1, "rest", "waiting", 3 * DAY)


def test_who_follows_waits_on_at_the_step_of_the_same_name(
    connection: Connection, shop: int
) -> None:
    publish(connection, shop)
    minji = enroll(connection, shop, "minji")
    tick(connection, shop, now=NOON)
    text = CARE.replace("steps:", "steps:\n  - {name: early, kind: wait, for: 1 hour}")

    published = publish(connection, shop, text, FOLLOW)

    assert published.moved.moved == 1
    assert place(connection, minji) == (2, "rest", "waiting", 3 * DAY)
    assert tick(connection, shop, now=NOON + 3 * DAY) == 1
    assert sent(connection, minji) == ["hello", "again"]


def test_a_longer_wait_ends_so_much_later_and_a_shorter_one_earlier(
    connection: Connection, shop: int
) -> None:
    publish(connection, shop)
    minji = enroll(connection, shop, "minji")
    tick(connection, shop, now=NOON)

    publish(connection, shop, CARE.replace("3 days", "5 days"), FOLLOW)
    later = place(connection, minji)
    publish(connection, shop, CARE.replace("3 days", "1 day"), FOLLOW)

    assert later == (2, "rest", "waiting", 5 * DAY)
    assert place(connection, minji) == (3, "rest", "waiting", DAY)


def test_a_wait_of_another_kind_begins_anew(connection: Connection, shop: int) -> None:
    publish(connection, shop)
    minji = enroll(connection, shop, "minji")
    tick(connection, shop, now=NOON)

    publish(connection, shop, CARE.replace("for: 3 days", 'until: {at: "20:00"}'), FOLLOW)

    assert place(connection, minji) == (2, "rest", "active", None)


def test_a_local_time_that_stays_the_same_keeps_its_moment(
    connection: Connection, shop: int
) -> None:
    text = CARE.replace("for: 3 days", 'for: 3 days, until: {at: "20:00"}')
    publish(connection, shop, text)
    minji = enroll(connection, shop, "minji")
    tick(connection, shop, now=NOON)
    before = place(connection, minji)

    publish(connection, shop, text.replace("template: again", "template: third"), FOLLOW)

    assert place(connection, minji) == (2, *before[1:])


def test_who_follows_stays_where_the_step_is_gone(connection: Connection, shop: int) -> None:
    publish(connection, shop)
    minji = enroll(connection, shop, "minji")
    tick(connection, shop, now=NOON)

    publish(connection, shop, CARE.replace("name: rest", "name: pause"), FOLLOW)

    assert place(connection, minji) == (1, "rest", "waiting", 3 * DAY)


def test_who_has_not_taken_a_step_yet_follows_to_any_kind_of_step(
    connection: Connection, shop: int
) -> None:
    publish(connection, shop)
    minji = enroll(connection, shop, "minji")
    text = CARE.replace("steps:", "steps:\n  - {name: early, kind: wait, for: 1 hour}")

    publish(connection, shop, text, FOLLOW)

    assert place(connection, minji) == (2, "first", "active", None)


def test_a_map_says_where_people_go_on(connection: Connection, shop: int) -> None:
    publish(connection, shop)
    minji = enroll(connection, shop, "minji")
    tick(connection, shop, now=NOON)

    publish(connection, shop, CARE.replace("name: rest", "name: pause"), migrate(rest="pause"))

    assert place(connection, minji) == (2, "pause", "waiting", 3 * DAY)


def test_a_map_lets_people_go(connection: Connection, shop: int) -> None:
    publish(connection, shop)
    minji = enroll(connection, shop, "minji")
    tick(connection, shop, now=NOON)

    published = publish(
        connection, shop, CARE.replace("name: rest", "name: pause"), migrate(rest="exit")
    )

    assert published.moved.let_go == 1
    assert place(connection, minji) == (1, "rest", "ended", None)
    assert one(connection, "select end_reason::text from enrollment") == "exited"


@pytest.mark.parametrize(
    ("inside", "complaint"),
    [
        (migrate(rset="rest"), "map.rset: there is no step 'rset'"),
        (migrate(rest="rset"), "map.rest: there is no step 'rset'"),
        (migrate(rest="second"), "map.rest: 'second' is not a wait"),
        (
            Inside(policy=InsidePolicy.FOLLOW, steps={"rest": "rest"}),
            "map: is given, but those inside are to follow",
        ),
        (finish("tird"), "finished: there is no step 'tird'"),
        (finish(), "finished: the new version has 0 steps where the journey used to end"),
    ],
)
def test_a_map_that_leads_nowhere_is_refused(
    connection: Connection, shop: int, inside: Inside, complaint: str
) -> None:
    publish(connection, shop)

    with pytest.raises(BadJourney) as bad:
        publish(connection, shop, CARE.replace("3 days", "4 days"), inside)

    assert complaint in str(bad.value)
    assert one(connection, "select count(*) from journey_version") == 1


@pytest.mark.parametrize("inside", [FOLLOW, migrate(rest="rest")])
def test_nobody_is_moved_to_where_a_message_would_come_again(
    connection: Connection, shop: int, inside: Inside
) -> None:
    publish(connection, shop)
    minji = enroll(connection, shop, "minji")
    tick(connection, shop, now=NOON)
    text = CARE.replace("template: again", "template: hello")

    seen = preview(connection, shop, text, inside)
    published = publish(connection, shop, text, inside)

    assert [(one.customers, one.stay) for one in seen.standing] == [(1, 1)]
    assert published.moved.moved == 0
    tick(connection, shop, now=NOON + 3 * DAY)
    assert sent(connection, minji) == ["hello", "again"]


def test_nobody_is_let_into_another_journey_again_by_a_move(
    connection: Connection, shop: int
) -> None:
    publish(connection, shop, CALLED)
    publish(connection, shop, CALLING)
    minji, jiwoo = enroll(connection, shop, "minji"), enroll(connection, shop, "jiwoo")
    tick(connection, shop, now=NOON)
    text = CALLING + "  - {name: more, kind: enter, journey: called}\n"

    seen = preview(connection, shop, text, FOLLOW)
    published = publish(connection, shop, text, FOLLOW)
    tick(connection, shop, now=NOON + 3 * DAY)
    late = publish(connection, shop, text, finish("more"), now=NOON + 4 * DAY)

    assert [(one.customers, one.stay) for one in seen.standing] == [(2, 2)]
    assert (published.moved.moved, late.moved.continued) == (0, 0)
    assert place(connection, minji)[0] == place(connection, jiwoo)[0] == 1


def test_who_had_finished_goes_on_at_a_step_added_at_the_end(
    connection: Connection, shop: int
) -> None:
    publish(connection, shop)
    minji = enroll(connection, shop, "minji")
    tick(connection, shop, now=NOON)
    tick(connection, shop, now=NOON + 3 * DAY)
    text = CARE + LATER

    published = publish(connection, shop, text, finish(), now=NOON + 4 * DAY)
    again = publish(connection, shop, text, finish("late"), now=NOON + 4 * DAY)
    tick(connection, shop, now=NOON + 4 * DAY)
    tick(connection, shop, now=NOON + 11 * DAY)

    assert (published.moved.continued, again.moved.continued) == (1, 0)
    assert sent(connection, minji) == ["hello", "again", "third"]
    assert place(connection, minji)[:3] == (2, "end", "ended")


def test_who_finished_long_ago_or_is_inside_again_does_not_go_on(
    connection: Connection, shop: int
) -> None:
    publish(connection, shop)
    enroll(connection, shop, "minji")
    enroll(connection, shop, "jiwoo")
    tick(connection, shop, now=NOON)
    tick(connection, shop, now=NOON + 3 * DAY)
    enroll(connection, shop, "jiwoo", key="second time")
    text = CARE + "  - {name: late, kind: wait, for: 7 days}\n"
    soon, late = NOON + 4 * DAY, NOON + 40 * DAY
    inside = finish("late")

    counted = preview_version(
        connection,
        workspace_id=shop,
        definition=parse_journey(text),
        judge=Conditions(),
        inside=inside,
        now=soon,
    ).finished
    published = publish(connection, shop, text, inside, now=late)

    assert (counted, published.moved.continued) == (1, 0)


def test_a_preview_counts_those_at_each_step_and_changes_nothing(
    connection: Connection, shop: int
) -> None:
    publish(connection, shop)
    for name in ("minji", "jiwoo", "sora"):
        enroll(connection, shop, name)
    tick(connection, shop, now=NOON)
    enroll(connection, shop, "hana")

    seen = preview(
        connection, shop, CARE.replace("name: rest", "name: pause"), migrate(rest="exit")
    )

    assert (seen.number, seen.is_new) == (2, True)
    assert [
        (one.version, one.step, one.state, one.customers, one.becomes, one.to_step)
        for one in seen.standing
    ] == [
        (1, "first", "active", 1, "keep", "first"),
        (1, "rest", "waiting", 3, "exit", None),
    ]
    assert one(connection, "select count(*) from journey_version") == 1
    assert one(connection, "select count(*) from enrollment where state = 'waiting'") == 3


def test_a_journey_that_is_not_there_yet_can_be_previewed(
    connection: Connection, shop: int
) -> None:
    seen = preview(connection, shop, CARE, FOLLOW)

    assert (seen.number, seen.is_new, seen.standing) == (1, True, [])
    assert one(connection, "select count(*) from journey") == 0


def test_rolling_back_takes_the_earlier_version_again(connection: Connection, shop: int) -> None:
    publish(connection, shop)
    publish(connection, shop, CARE.replace("3 days", "9 days"))
    minji = enroll(connection, shop, "minji")
    tick(connection, shop, now=NOON)

    back = roll_back(
        connection,
        workspace_id=shop,
        name="care",
        number=1,
        judge=Conditions(),
        inside=FOLLOW,
        now=NOON,
    )
    connection.commit()

    assert (back.number, back.is_new) == (1, False)
    assert place(connection, minji) == (1, "rest", "waiting", 3 * DAY)
    assert one(connection, "select max(number) from journey_version") == 2


@pytest.mark.parametrize(("name", "number"), [("care", 7), ("cure", 1)])
def test_there_is_no_way_back_to_what_never_was(
    connection: Connection, shop: int, name: str, number: int
) -> None:
    publish(connection, shop)

    with pytest.raises(LookupError, match=name):
        roll_back(
            connection,
            workspace_id=shop,
            name=name,
            number=number,
            judge=Conditions(),
            inside=PIN,
            now=NOON,
        )


def test_every_change_is_recorded_with_who_made_it(connection: Connection, shop: int) -> None:
    publish(connection, shop, by="minji@shop.example")
    enroll(connection, shop, "jiwoo")
    tick(connection, shop, now=NOON)
    publish(connection, shop)
    published = publish(connection, shop, CARE.replace("3 days", "4 days"), FOLLOW)

    history = read_publications(connection, journey_id=published.journey_id)
    versions = read_versions(connection, journey_id=published.journey_id)

    assert [(each.number, each.was_number, each.inside, each.moved) for each in history] == [
        (2, 1, "follow", 1),
        (1, None, "pin", 0),
    ]
    assert history[1].published_by == "minji@shop.example"
    assert [(each.number, each.inside, each.published_by) for each in versions] == [
        (2, 1, None),
        (1, 0, "minji@shop.example"),
    ]


def test_publishing_waits_for_a_tick_that_moves_its_people(
    connection: Connection, dsn: str, shop: int
) -> None:
    publish(connection, shop)
    minji = enroll(connection, shop, "minji")
    other = connect(dsn)
    other.execute("set lock_timeout = '200ms'")
    other.commit()
    with connection.transaction():
        tick(connection, shop, now=NOON)
        with pytest.raises(Exception, match="lock timeout"):
            publish(other, shop, CARE.replace("3 days", "4 days"), FOLLOW)
    publish(other, shop, CARE.replace("3 days", "4 days"), FOLLOW)
    other.close()

    assert place(connection, minji) == (2, "rest", "waiting", 4 * DAY)
