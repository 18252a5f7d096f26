"""Dead letters in the console: listed by channel and code, and tried again where that is safe."""

import pytest
from tests.build import NOON, open_shop
from tests.channels.sending import message_state
from tests.channels.test_dead import CONTENT, GONE, LOST, dead_letter
from tests.console.shop import EMAIL

LETTERS = "/api/deliveries"
RETRY = "/api/deliveries/retry"


@pytest.fixture
def letters(connection, workspace, shop):  # noqa: ARG001 - beside what the shop has
    """One that may be tried again, one to a dead address, and one without an answer."""
    return {
        "text": dead_letter(connection, workspace, CONTENT, name="soyeon"),
        "gone": dead_letter(connection, workspace, GONE, name="yuna"),
        "lost": dead_letter(connection, workspace, LOST, name="dana"),
    }


def test_dead_letters_say_what_keeps_them_from_being_tried_again(member, letters):
    page = member.get(LETTERS).json()

    told = {one["message"]: one["obstacle"] for one in page["deliveries"]}
    assert told == {
        letters["text"]: None,
        letters["gone"]: "dead_address",
        letters["lost"]: "may_have_arrived",
    }
    assert (page["safe"], page["next"]) == (1, None)
    assert sum(heap["letters"] for heap in page["heaps"]) == 3


def test_they_are_told_apart_by_channel_and_code(member, letters):
    code = member.get(LETTERS).json()["deliveries"][1]["code"]

    chosen = member.get(LETTERS, params={"channel": "email", "code": code}).json()
    none = member.get(LETTERS, params={"channel": "sms"}).json()

    assert [one["message"] for one in chosen["deliveries"]] == [letters["gone"]]
    assert (chosen["safe"], len(chosen["heaps"])) == (0, 3)
    assert (none["deliveries"], none["safe"]) == ([], 0)


def test_all_that_surely_did_not_arrive_are_tried_again_and_nothing_else(
    member, letters, connection
):
    done = member.post(RETRY, json={"because": "the text is mended"})

    assert done.json() == {"retried": 1, "refused": 0}
    states = {name: message_state(connection, message) for name, message in letters.items()}
    assert states == {"text": "allowed", "gone": "failed", "lost": "handed"}
    assert connection.execute(
        "select asked_by, reason, asked_at from delivery_retry"
    ).fetchall() == [(f"member {EMAIL}", "the text is mended", NOON)]


def test_one_is_shown_and_what_may_have_arrived_is_refused(member, letters, connection):
    lost = next(
        one for one in member.get(LETTERS).json()["deliveries"] if one["message"] == letters["lost"]
    )

    shown = member.get(f"{LETTERS}/{lost['id']}").json()
    done = member.post(RETRY, json={"because": "they asked", "ids": [lost["id"]]}).json()

    assert shown == {"delivery": lost, "retries": []}
    assert done == {"retried": 0, "refused": 1}
    assert message_state(connection, letters["lost"]) == "handed"


def test_a_retry_needs_a_reason_and_somebody_who_may_write(member, letters, connection):
    assert member.post(RETRY, json={"because": " "}).status_code == 400
    connection.execute("update member set role = 'reader'")
    connection.commit()

    assert member.post(RETRY, json={"because": "it is mended"}).status_code == 403
    assert message_state(connection, letters["text"]) == "failed"


def test_another_shops_dead_letters_are_neither_seen_nor_tried(
    member,
    connection,
    letters,  # noqa: ARG001 - there are letters of our own, too
):
    other = open_shop(connection, name="another shop")
    theirs = dead_letter(connection, other, CONTENT, name="soyeon")
    [(number,)] = connection.execute(
        "select id from delivery where message_id = %s", (theirs,)
    ).fetchall()
    connection.commit()

    done = member.post(RETRY, json={"because": "it is mended", "ids": [number]}).json()

    assert theirs not in [one["message"] for one in member.get(LETTERS).json()["deliveries"]]
    assert member.get(f"{LETTERS}/{number}").status_code == 404
    assert done == {"retried": 0, "refused": 1}
