"""The delivery loop dies once at every point before each class of vendor; every mutant is found.

`make crash WHAT=delivery KILLS=10000` does more.
"""

from tests.crash.campaigns import survive

KILLS = 30
CLASSES = 3


def test_no_class_of_vendor_gets_anything_twice_or_never():
    told = survive("tests.crash.delivery", kills=KILLS, classes=CLASSES, mutants=True)

    assert told["messages"] > 0
    assert told["never_killed_at"] == {}
    assert told["mutants_missed"] == []
