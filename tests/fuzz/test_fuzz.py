"""A short piece of `make fuzz`: no body may make the server fail, hang, or lose an event."""

from tests.fuzz.bodies import make_body
from tests.fuzz.campaign import run

BODIES = 20_000


def test_no_body_makes_the_server_fail_hang_or_lose(dsn):
    tally = run(dsn, seed=20270302, first=0, bodies=BODIES)

    assert tally.bodies == BODIES
    assert tally.stored == tally.accepted
    # The fuzz reaches every door it is meant to reach.
    assert tally.accepted > BODIES / 10
    assert {
        "bad_encoding",
        "bad_json",
        "bad_shape",
        "bad_value",
        "body_too_large",
        "event_too_large",
        "missing_id",
        "missing_name",
        "unknown_type",
    } <= tally.refused.keys()


def test_the_same_number_is_the_same_body():
    assert [make_body(3, number) for number in range(50)] == [
        make_body(3, number) for number in range(50)
    ]
