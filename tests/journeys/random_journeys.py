"""Random journeys, each one that can be published, and random things that happen meanwhile."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

Words = dict[str, Any]
Draw = Callable[..., Any]

VIEWED, BOUGHT, LEFT = "Cart Viewed", "Order Completed", "Membership Cancelled"
EVENTS = (VIEWED, BOUGHT, LEFT)
COLORS = ("red", "blue")
# Whom the reference and the engine both know: by name, each with a zone that may be none.
PEOPLE: Mapping[str, str | None] = {
    "minji": "Asia/Seoul",
    "jane": "America/New_York",
    "ada": "Australia/Lord_Howe",
    "noah": "Nowhere/City",
    "yuna": None,
}
# Where each of them can be reached; the others nowhere.
REACHED_BY: Mapping[str, frozenset[str]] = {
    "jane": frozenset({"sms"}),
    "ada": frozenset({"push", "sms"}),
    "noah": frozenset({"email", "sms"}),
}
TEMPLATES: Mapping[str, str] = {"note": "email", "note_sms": "sms", "note_push": "push"}
SHOP_ZONE = "Europe/London"
SEGMENT = "lapsed"
MAIN, OTHER = "main", "other"
OPEN = "open"
TRAITS = ("vip", "mood")
DATES = (
    *("2027-03-14", "2027-03-28", "2027-03-20", "2027-03-31", "1990-03-15", "1996-02-29"),
    *("2027-02-30", "soon", 5),
)
CLOCK = ("01:30", "02:30", "10:00", "23:45", "00:00")

trees = st.sampled_from(
    [
        {"kind": "trait", "trait": "vip", "is": {"kind": "is_true"}},
        {"kind": "trait", "trait": "mood", "is": {"kind": "equals", "value": "good"}},
        {"kind": "trait", "trait": "tags", "is": {"kind": "has", "values": ["a", "b"]}},
        {"kind": "event", "event": BOUGHT},
        {"kind": "event", "event": VIEWED, "is": {"kind": "at_least", "value": 2}},
    ]
)
conditions = trees | st.builds(
    lambda kind, of: {"kind": kind, "of": of},
    st.sampled_from(["all", "any", "none"]),
    st.lists(trees, min_size=1, max_size=2),
)
filters = st.sampled_from(
    [
        [],
        [],
        [{"kind": "property", "property": "color", "is": {"kind": "equals", "value": "red"}}],
        [{"kind": "property", "property": "amount", "is": {"kind": "at_least", "value": 3}}],
    ]
)
lengths = st.sampled_from(["1 minute", "1 hour", "12 hours", "1 day", "3 days", "1 week"])


def sometimes(draw: Draw, part: st.SearchStrategy[Any]) -> Any:
    """Draw a part in one case of four; None otherwise."""
    return draw(part) if draw(st.integers(0, 3)) == 3 else None


def some(**parts: object) -> Words:
    """Return the parts that there are."""
    return {name: part for name, part in parts.items() if part not in (None, [])}


# What a journey begins with, and what ends it ----------------------------------------------------


@st.composite
def entries(draw: Draw, *, called: bool = False) -> Words:
    """Draw what opens a journey, and to whom."""
    kinds = ["event", "event", "event", "segment", "left", "call", "date", "date", "schedule"]
    opened = draw(st.sampled_from(kinds))
    entry = some(
        reentry_days=draw(st.sampled_from([None, 0, 0, 1, 7])),
        within=draw(st.sampled_from([None, None, "1 hour", "30 days", "30 days"])),
        condition=sometimes(draw, st.none() | conditions),
    )
    if called:
        return {"call": True, **entry}
    entry |= some(per_day=sometimes(draw, st.integers(1, 3)))
    if opened == "call":
        return {"call": True, **entry}
    if opened == "date":
        return {"date": draw(dates()), **entry}
    if opened == "schedule":
        return {"schedule": draw(schedules()), **entry}
    if opened == "event":
        key = draw(st.sampled_from([None, None, "color"]))
        first = sometimes(draw, st.just(value=True))
        where = draw(filters)
        event = draw(st.sampled_from((VIEWED, BOUGHT)))
        return {"event": event, **entry, **some(where=where, key=key, first_time_only=first)}
    return {"segment": SEGMENT, **some(when="left" if opened == "left" else None), **entry}


@st.composite
def dates(draw: Draw) -> Words:
    away = ["12 hours", "1 day", "2 weeks"]
    beside = draw(
        st.sampled_from([{}, *({side: far} for side in ("before", "after") for far in away)])
    )
    yearly = draw(st.sampled_from([None, True]))
    return {
        "trait": "renews_on",
        "at": draw(st.sampled_from(CLOCK)),
        **some(yearly=yearly),
        **beside,
    }


@st.composite
def schedules(draw: Draw) -> Words:
    clock = draw(st.sampled_from(CLOCK))
    members = some(of=draw(st.sampled_from([None, SEGMENT])))
    if draw(st.booleans()):
        day = draw(st.sampled_from(["2027-03-12", "2027-03-14", "2027-03-20", "2027-03-28"]))
        return {"at": f"{day} {clock}", **members}
    often = [
        {"every": "day"},
        {"every": "week", "on": ["sun"]},
        {"every": "week", "on": ["mon", "fri"]},
        {"every": "month", "day": 14},
        {"every": "month", "day": 31},
    ]
    return {"at": clock, **draw(st.sampled_from(often)), **members}


@st.composite
def goals(draw: Draw) -> Words:
    within = draw(st.sampled_from([None, "1 hour", "1 day", "30 days"]))
    event = draw(st.sampled_from(EVENTS))
    return {"event": event, **some(where=draw(filters), within=within)}


@st.composite
def exits(draw: Draw) -> Words:
    if draw(st.booleans()):
        return {"condition": draw(conditions)}
    return {"events": draw(st.lists(st.sampled_from(EVENTS), min_size=1, max_size=2, unique=True))}


# Steps -------------------------------------------------------------------------------------------


@st.composite
def journeys(draw: Draw, *, name: str = MAIN) -> Words:
    """Draw a journey in which everybody can reach every step, and the end."""
    size = draw(st.integers(1, 7))
    names = [f"s{number}" for number in range(1, size + 1)]
    steps = [draw(steps_at(names, number, other=name == MAIN)) for number in range(size)]
    for index, step in enumerate(steps):
        turn_back(draw, steps, index, step)
    return {
        "name": name,
        "title": {"ko": "여정", "en": "Journey"},
        "entry": draw(entries(called=name == OTHER)),
        "steps": steps,
        **some(
            goal=draw(st.none() | goals()),
            exit_when=sometimes(draw, exits()),
            time_zone=sometimes(draw, st.just("shop")),
        ),
    }


def turn_back(draw: Draw, steps: list[Words], index: int, step: Words) -> None:
    """Let a step lead back, to a wait that lasts: no circle without one."""
    waits = [each["name"] for each in steps[:index] if "for" in each]
    if waits and "then" in step and draw(st.booleans()):
        step["then"] = draw(st.sampled_from(waits))


@st.composite
def steps_at(draw: Draw, names: list[str], number: int, *, other: bool) -> Words:
    """Draw the step of this number; one of its ways is always the step after it."""
    later = names[number + 1 :]
    kinds = [plain_steps(), waits(), waits()]
    if later:
        kinds += [forks(st.sampled_from(later), later[0])] * 3
    if other:
        kinds.append(st.just({"kind": "enter", "journey": OTHER}))
    if not later:
        endings = st.sampled_from(["completed", "goal_met", "exited"])
        kinds.append(st.builds(lambda ending: {"kind": "exit", "ending": ending}, endings))
    return {"name": names[number], **draw(st.one_of(kinds))}


@st.composite
def plain_steps(draw: Draw) -> Words:
    """Draw a step with one way on."""
    kind = draw(st.sampled_from(["message", "message", "update", "tags", "goal", "webhook"]))
    if kind == "message":
        fallback = draw(st.sampled_from([[], [], ["note_sms"], ["note_push", "note_sms"]]))
        return {"kind": "message", "template": "note", **some(fallback=fallback)}
    if kind == "webhook":
        limit = draw(st.sampled_from([{}, {}, {"at_most": "2 hours"}, {"at_most": "1 day"}]))
        return {"kind": "webhook", "endpoint": "desk", **limit}
    if kind == "goal":
        return {"kind": "goal"}
    if kind == "update":
        said = st.fixed_dictionaries(
            {}, optional={"vip": st.booleans(), "mood": st.sampled_from(["good", "bad"])}
        )
        to_set = draw(said)
        unset = [] if to_set else [draw(st.sampled_from(TRAITS))]
        return {"kind": "update", **({"set": to_set} if to_set else {}), **some(unset=unset)}
    tags = st.lists(st.sampled_from("abc"), min_size=1, max_size=2, unique=True)
    verb = draw(st.sampled_from(["add_tags", "add_tags", "remove_tags"]))
    return {"kind": "update", verb: draw(tags)}


@st.composite
def waits(draw: Draw) -> Words:
    clock = draw(st.sampled_from(CLOCK))
    days = draw(st.lists(st.sampled_from(["mon", "wed", "sun"]), max_size=2, unique=True))
    kind = draw(st.sampled_from(["for", "for", "until", "both", "date"]))
    if kind == "date":
        beside = draw(st.sampled_from([{}, {"before": "1 day"}, {"after": "2 days"}]))
        return {"kind": "wait", "until_date": {"trait": "renews_on", "at": clock, **beside}}
    until = {"at": clock, **some(on=days)}
    if kind == "until":
        return {"kind": "wait", "until": until}
    return {"kind": "wait", "for": draw(lengths), **({"until": until} if kind == "both" else {})}


@st.composite
def forks(draw: Draw, targets: st.SearchStrategy[str], following: str) -> Words:
    """Draw a step with several ways, the last of which leads to the step after it."""
    kind = draw(st.sampled_from(["wait_for", "wait_for", "check_event", "branch", "split"]))
    then = draw(targets)
    if kind == "split":
        share = draw(st.sampled_from([1, 50, 99]))
        ways = [{"share": share, "then": then}, {"share": 100 - share, "then": following}]
        return {"kind": "split", "ways": ways}
    if kind == "branch":
        whens = draw(st.lists(conditions, min_size=1, max_size=2))
        return {"kind": "branch", "ways": [{"when": when, "then": draw(targets)} for when in whens]}
    awaited: Words = {"event": draw(st.sampled_from(EVENTS))}
    if kind == "check_event":
        return {"kind": kind, **awaited, "then": then}
    if draw(st.booleans()):
        awaited = {"condition": draw(conditions)}
    else:
        awaited |= some(where=draw(filters))
    return {"kind": kind, **awaited, "at_most": draw(lengths), "then": then}


# What happens ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Something that happens after a while.

    ``wait`` is in seconds; None goes to the very moment at which the next enrollment wakes or the
    clock may let somebody in.
    """

    wait: int | None
    what: str
    said: Any = None


MINUTE, HOUR, DAY = 60, 3600, 86400
gaps = st.sampled_from([None, None, 0, 1, 7 * MINUTE, HOUR, 5 * HOUR + 1, DAY, 4 * DAY, 8 * DAY])
happenings = st.fixed_dictionaries(
    {
        "customer": st.sampled_from([*PEOPLE]),
        # What opens the journey, whatever that is; somebody telling of themselves; or an event.
        "name": st.sampled_from([OPEN, OPEN, OPEN, *EVENTS, *EVENTS, "told"]),
        # Seconds before the tick; a clock that is ahead dates into the future.
        "late": st.sampled_from([0, 0, 0, 0, 1, 1, -5, HOUR, 4 * DAY]),
        "color": st.sampled_from(COLORS),
        "amount": st.integers(1, 5),
        # Of what somebody tells who opens a journey by a date: so many days from now.
        "days": st.integers(-2, 2),
        "traits": st.fixed_dictionaries(
            {},
            optional={
                "vip": st.booleans(),
                "mood": st.sampled_from(["good", "bad", None]),
                "renews_on": st.sampled_from(DATES),
                "tags": st.sampled_from([["a"], ["c"], []]),
            },
        ),
    }
)
moments = st.one_of(
    *[
        st.builds(
            lambda wait, said: Moment(wait=wait, what="events", said=said),
            gaps,
            st.lists(happenings, min_size=1, max_size=5),
        )
    ]
    * 3,
    *[st.builds(lambda wait: Moment(wait=wait, what="tick"), gaps)] * 2,
    st.builds(
        lambda wait, what: Moment(wait=wait, what=what),
        gaps,
        st.sampled_from(["pause", "resume", "resume"]),
    ),
    st.builds(
        lambda wait, said: Moment(wait=wait, what="move", said=said),
        gaps,
        st.tuples(st.sampled_from([*PEOPLE]), st.sampled_from([*PEOPLE.values()])),
    ),
    st.builds(
        lambda wait, said: Moment(wait=wait, what="publish", said=said), gaps, journeys(name=MAIN)
    ),
)
histories = st.lists(moments, min_size=5, max_size=14)
