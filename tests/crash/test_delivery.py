"""A few deaths of the delivery loop before vendors of each class.

`make crash WHAT=delivery KILLS=10000 ARGS="--class keyed"` does more, and tries mutants.
"""

from tests.crash.campaigns import survive


def test_nobody_gets_anything_twice_and_nothing_is_lost_before_any_class_of_vendor():
    told = survive("tests.crash.delivery", kills=6)

    assert told["messages"] > 0
