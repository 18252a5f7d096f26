"""The delivery loop dies at every point before each class of vendor, and every mutant is found.

`make crash WHAT=delivery KILLS=10000` does more.
"""

from tests.crash.campaigns import survive


def test_no_class_of_vendor_gets_anything_twice_or_never():
    # However few are asked for, each point has its kill.
    told = survive("tests.crash.delivery", kills=1, mutants=True)

    assert told["messages"] > 0
    assert told["never_killed_at"] == {}
    assert told["mutants_missed"] == []


def test_with_every_limit_set_nobody_gets_more_and_nothing_waits_for_good():
    told = survive("tests.crash.delivery", "--limited", "--class", "keyed", kills=1)

    assert told["messages"] > 0
    assert told["never_killed_at"] == {}
