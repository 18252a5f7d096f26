"""Whom a campaign kills."""

import re
from importlib import resources
from pathlib import Path

from tests.crash.ingest.plan import (
    POSTGRES_ENDS,
    SERVER_POINTS,
    WORKER_POINTS,
    plan_kills,
)
from tests.crash.journeys import plan as journeys

CRASH_POINT = re.compile(r"crashpoint\(\"([a-z_.]+)\"\)")
# From the request to what its events did.
WAY_IN = ("ingest", "app/tick.py")
JOURNEYS = ("journeys", "app/journeys.py", "app/tick.py")


def crash_points(place: str) -> set[str]:
    root = Path(str(resources.files("dangol"))) / place
    files = [root] if root.is_file() else root.rglob("*.py")
    return {name for path in files for name in CRASH_POINT.findall(path.read_text())}


def test_a_seed_repeats_its_plan():
    assert plan_kills(90, seed=7) == plan_kills(90, seed=7)
    assert plan_kills(90, seed=7) != plan_kills(90, seed=8)


def test_a_longer_plan_begins_like_a_shorter_one():
    assert plan_kills(90, seed=7)[:60] == plan_kills(60, seed=7)


def test_thirty_kills_hold_every_kind():
    kinds = {kill.name for kill in plan_kills(30, seed=1)}

    assert kinds == {
        *(f"server {point}" for point in (*SERVER_POINTS, "at random")),
        *(f"worker {point}" for point in (*WORKER_POINTS, "at random")),
        *(f"postgres {end}" for end in POSTGRES_ENDS),
    }


def test_every_crash_point_of_the_way_in_is_a_place_to_die():
    points = {name for place in WAY_IN for name in crash_points(place)}

    assert points == {*SERVER_POINTS, *WORKER_POINTS}


def test_every_crash_point_of_journeys_is_a_place_to_die():
    points = {name for place in JOURNEYS for name in crash_points(place)}

    assert points == {*journeys.MACHINE_POINTS}
    killed = {kill.point for kill in journeys.plan_kills(60, seed=1) if not kill.whole}
    assert killed == {*points, ""}
