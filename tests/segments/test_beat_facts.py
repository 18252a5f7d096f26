"""Beats follow facts as they follow events, and cost next to nothing while nothing changes."""

from datetime import timedelta
from pathlib import Path

import pytest
from tests.build import NOON
from tests.segments.shop import DAY

from dangol.segments.comparison import Anniversary, DaysAgo, During, Equals
from dangol.segments.condition import (
    Consented,
    Engagement,
    EventMeasure,
    Lifecycle,
    NoneOf,
    OnList,
    Reachable,
    Sequence,
    SequenceStep,
    Trait,
)
from dangol.segments.refresh import refresh_segments
from dangol.segments.window import Rolling
from dangol.store.vocabulary import Channel

# The lock, the segments, the zone, the places, the touches; as of when all is right.
STATEMENTS = 9
TRANSACTION = 2
FACTS = {
    "new": Lifecycle(stages=("new",)),
    "red": Trait(trait="color", test=Equals(value="red")),
    "lately": Trait(trait="$last_seen_at", test=DaysAgo(at_most=3)),
    "birthday": Trait(trait="when", test=Anniversary(first=0, last=1)),
    "due": Trait(trait="when", test=During(window=Rolling(days=2))),
    "granted": Consented(channel=Channel.EMAIL),
    "reachable": Reachable(channel=Channel.EMAIL),
    "opened": Engagement(reaction="opened", during=Rolling(days=2)),
    "sent": Engagement(reaction="sent"),
    "vip": OnList(list="vip"),
}


def lately(days: int) -> EventMeasure:
    return EventMeasure(event="Order Completed", during=Rolling(days=days))


@pytest.mark.parametrize(
    ("name", "act"),
    [
        ("red", lambda shop, who: shop.learn(who, color="red")),
        ("birthday", lambda shop, who: shop.learn(who, when="1990-03-03")),
        ("due", lambda shop, who: shop.learn(who, when="2027-03-02T03:00:00Z")),
        ("lately", lambda shop, who: shop.learn(who)),
        ("granted", lambda shop, who: shop.consent(who, state="granted")),
        ("opened", lambda shop, who: shop.react(who)),
        ("sent", lambda shop, who: shop.send(who)),
        ("vip", lambda shop, who: shop.enlist(who)),
    ],
)
def test_a_fact_moves_whom_it_is_about_and_nobody_else_is_looked_at(shop, name, act):
    """A forged membership shows who was looked at."""
    shop.furnish()
    minji, sora = shop.meet(), shop.meet()
    shop.now += 9 * DAY if name == "lately" else timedelta(0)
    shop.define(FACTS[name])
    assert shop.beat() == {"asked": set()}
    shop.forge(sora)

    act(shop, minji)

    assert shop.beat() == {"asked": {minji, sora}}
    assert shop.beat(afresh=True) == {"asked": {minji}}


@pytest.mark.parametrize("act", ["bounce", "suppress"])
def test_who_can_no_longer_be_reached_leaves_and_nobody_else_is_looked_at(shop, act):
    minji, sora = shop.meet(), shop.meet()
    shop.define(NoneOf(of=(FACTS["reachable"],)))
    assert shop.beat() == {"asked": set()}
    shop.forge(sora)

    getattr(shop, act)(minji)
    assert shop.beat() == {"asked": {minji, sora}}

    shop.allow(minji)
    assert shop.beat() == {"asked": {minji, sora} if act == "bounce" else {sora}}


@pytest.mark.parametrize(
    ("name", "hours", "fits"),
    [
        ("new", 14 * 24, False),
        ("lately", 4 * 24, False),
        ("birthday", 24, True),
        ("due", 3, True),
        ("opened", 48, False),
    ],
)
def test_a_date_comes_of_age_and_nobody_else_is_looked_at(shop, name, hours, fits):
    shop.furnish()
    minji = shop.meet()
    shop.learn(minji, when="2027-03-04" if name == "birthday" else "2027-03-02T15:00:00")
    shop.react(minji)
    shop.now += timedelta(hours=1)
    sora = shop.meet()
    shop.define(FACTS[name])
    before = shop.beat()["asked"]
    assert (minji in before) is not fits
    if sora not in before:
        shop.forge(sora)

    shop.now = NOON + timedelta(hours=hours)

    assert shop.beat() == {"asked": ({minji} if fits else set()) | {sora}}


def test_where_nothing_comes_and_nothing_crosses_a_beat_is_nine_cheap_statements(shop, tmp_path):
    shop.furnish()
    minji = shop.meet()
    for name, condition in FACTS.items():
        shop.define(condition, name=name)
    for number in range(90):
        shop.define(lately(number + 1), name=f"lately {number}")
    shop.happen(minji, ago=timedelta(hours=5))
    shop.flush()
    for _ in range(3):
        before = shop.beat()
        shop.now += timedelta(minutes=1)
    # Whoever opened the lake would fail.
    for file in shop.lake.event_files():
        Path(file).unlink()

    traced = tmp_path / "trace"
    with traced.open("wb") as file:
        shop.connection.pgconn.trace(file.fileno())
        for _ in range(5):
            with shop.connection.transaction():
                refresh_segments(
                    shop.connection, shop.lake, workspace_id=shop.workspace, now=shop.now
                )
            shop.now += timedelta(minutes=10)
        shop.connection.pgconn.untrace()

    sent = [line.split(b"\t")[3] for line in traced.read_bytes().splitlines() if b"\tF\t" in line]
    assert sum(message in {b"Query", b"Execute"} for message in sent) == 5 * (
        STATEMENTS + TRANSACTION
    )
    assert shop.members() == before


def test_a_sequence_is_asked_only_about_those_who_have_one_of_its_events(shop):
    """A forged membership shows who was looked at."""
    minji, sora = shop.meet(), shop.meet()
    steps = (SequenceStep(event="Product Viewed"), SequenceStep(event="Order Completed"))
    shop.define(Sequence(steps=steps))
    shop.define(EventMeasure(event="Signed In"), name="counted")
    assert shop.beat() == {"asked": set(), "counted": set()}
    shop.forge(sora)

    shop.happen(sora, name="Signed In")
    shop.happen(minji, name="Product Viewed", ago=2 * DAY)
    shop.happen(minji)
    shop.flush()
    assert shop.beat() == {"asked": {minji, sora}, "counted": {sora}}

    shop.happen(sora, name="Product Viewed")
    shop.flush()
    assert shop.beat() == {"asked": {minji}, "counted": {sora}}


def test_what_comes_ends_the_quiet(shop):
    minji, sora = shop.meet(), shop.meet()
    shop.define(lately(7))
    shop.define(FACTS["granted"], name="granted")
    for _ in range(3):
        assert shop.beat() == {"asked": set(), "granted": set()}
        shop.now += timedelta(minutes=1)

    shop.consent(sora, state="granted")
    assert shop.beat() == {"asked": set(), "granted": {sora}}
    shop.happen(minji, ago=timedelta(days=7) - timedelta(minutes=5))
    shop.flush()
    assert shop.beat() == {"asked": {minji}, "granted": {sora}}
    for minutes in (1, 3):
        shop.now += timedelta(minutes=minutes)
        assert shop.beat() == {"asked": {minji}, "granted": {sora}}
    shop.now += timedelta(minutes=1)

    assert shop.beat() == {"asked": set(), "granted": {sora}}
