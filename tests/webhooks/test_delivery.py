"""What is planned arrives, at least once, signed, in its time; who is dead harms nobody else."""

import base64
import hmac
import json
from datetime import timedelta
from hashlib import sha256

import pytest
from tests.build import NOON, TEST_VAULT, customer
from tests.webhooks.receiver import Heard

from dangol.app.courier import patience_of
from dangol.providers.egress.client import Answer
from dangol.webhooks.calls import claim_calls, forget_settled, list_calls, replay_calls
from dangol.webhooks.endpoints import (
    WebhookFault,
    add_endpoint,
    enable_endpoint,
    list_endpoints,
    remove_endpoint,
    rotate_secret,
)

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
SCHEDULE = (
    timedelta(0), 5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 10 * HOUR,
)  # fmt: skip


def is_signed(heard: Heard, secret: str) -> bool:
    """Check a signature as the specification says, with nothing of ours."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    said = f"{heard.headers['webhook-id']}.{heard.headers['webhook-timestamp']}.".encode()
    tag = base64.b64encode(hmac.digest(key, said + heard.body, sha256)).decode()
    return f"v1,{tag}" in heard.headers["webhook-signature"].split(" ")


def test_a_call_arrives_signed_and_says_what_happened(desk):
    secret = desk.add()
    desk.tell()

    assert desk.deliver() == 1

    [heard] = desk.receiver.heard
    assert is_signed(heard, secret)
    assert heard.headers["webhook-timestamp"] == str(int(NOON.timestamp()))
    assert heard.headers["content-type"] == "application/json"
    assert json.loads(heard.body) == {
        "type": "journey.entered",
        "timestamp": NOON.isoformat().replace("+00:00", "Z"),
        "data": {"journey": "환영"},
    }
    assert desk.calls() == [("journey.entered", "delivered", 1, None)]


def test_attempts_come_at_exactly_these_times_and_then_no_more(desk):
    desk.add()
    desk.tell()
    desk.receiver.answers["/desk"] = [500]

    for number, pause in enumerate(SCHEDULE, start=1):
        if pause:
            desk.now += pause - SECOND
            assert desk.deliver() == 0
            desk.now += SECOND
        assert desk.deliver() == 1
        assert len(desk.receiver.heard) == number

    assert desk.calls() == [("journey.entered", "failed", 8, None)]
    desk.now += timedelta(days=2)
    assert desk.deliver() == 0
    assert len({heard.headers["webhook-id"] for heard in desk.receiver.heard}) == 1
    assert len({heard.body for heard in desk.receiver.heard}) == 1


@pytest.mark.parametrize("status", [300, 301, 302, 307, 400, 401, 404, 408, 429, 500, 503])
def test_only_a_yes_is_a_yes(desk, status):
    desk.add()
    desk.tell()
    desk.receiver.answers["/desk"] = [status]
    desk.receiver.headers["/desk"] = {"Location": desk.receiver.url("/elsewhere")}

    desk.deliver()

    assert desk.calls() == [("journey.entered", "waiting", 1, NOON + 5 * SECOND)]
    assert desk.receiver.of("/elsewhere") == []
    [call] = list_calls(desk.connection, workspace_id=desk.workspace)
    assert (call.status, call.answer) == (status, "said")


def test_who_asks_for_patience_gets_it_but_never_less_than_the_schedule(desk):
    desk.add()
    desk.tell()
    desk.receiver.answers["/desk"] = [503]
    desk.receiver.headers["/desk"] = {"Retry-After": "60"}

    desk.deliver()
    [(*_, due_at)] = desk.calls()
    assert due_at == NOON + MINUTE

    desk.now = due_at
    desk.deliver()
    [(*_, due_at)] = desk.calls()
    assert due_at == desk.now + 5 * MINUTE


@pytest.mark.parametrize(
    ("wish", "seconds"),
    [("7", 7), ("0", 0), ("", 0), ("-5", 0), ("x", 0), ("9" * 30, 86_400), ("\u0661", 0),
     ("Wed, 21 Oct 2015 07:28:00 GMT", 0)],
)  # fmt: skip
def test_patience_is_read_in_seconds(wish, seconds):
    answer = Answer(status=503, headers={"retry-after": wish}, body=b"")

    assert patience_of(answer) == timedelta(seconds=seconds)


def test_nobody_there_is_a_failure_that_is_tried_again(desk):
    desk.add()
    desk.connection.execute("update webhook_endpoint set url = 'http://127.0.0.1:1/'")
    desk.tell()

    desk.deliver()

    assert desk.calls() == [("journey.entered", "waiting", 1, NOON + 5 * SECOND)]
    assert desk.endpoint().failures == 1


def test_during_a_rotation_both_secrets_are_good(desk):
    before = desk.add()
    with desk.connection.transaction():
        after = rotate_secret(
            desk.connection,
            workspace_id=desk.workspace,
            name="desk",
            vault=TEST_VAULT,
            now=desk.now,
            grace=HOUR,
        )
    desk.tell()
    desk.deliver()
    desk.now += HOUR
    desk.tell()
    desk.deliver()

    during, later = desk.receiver.heard
    assert is_signed(during, before)
    assert is_signed(during, after)
    assert is_signed(later, after)
    assert not is_signed(later, before)


def test_what_its_caller_left_behind_is_called_again_under_the_same_id(desk):
    """Whoever dies between the call and its record has perhaps called."""
    desk.add()
    desk.tell()
    with desk.connection.transaction():
        [claimed] = claim_calls(desk.connection, now=desk.now, batch=10)

    assert desk.deliver() == 0
    desk.now += MINUTE
    assert desk.deliver() == 1

    [heard] = desk.receiver.heard
    assert heard.headers["webhook-id"] == f"msg_{claimed.ref.hex}"
    assert desk.calls() == [("journey.entered", "delivered", 2, None)]


def test_an_endpoint_that_only_fails_rests_and_is_probed_by_one_call(desk):
    desk.add()
    desk.tell(times=30)
    desk.receiver.answers["/desk"] = [500]

    desk.deliver()
    before = len(desk.receiver.heard)
    assert 10 <= before < 30
    assert desk.endpoint().rests_until == NOON + MINUTE

    desk.now += 59 * SECOND
    assert desk.deliver() == 0
    desk.now += SECOND
    assert desk.deliver() == 1
    desk.now += MINUTE
    desk.receiver.answers["/desk"] = [200]
    assert desk.deliver() == 30

    assert desk.endpoint().failures == 0
    assert {state for _, state, *_ in desk.calls()} == {"delivered"}


def test_one_dead_endpoint_of_a_hundred_delays_nobody(desk):
    """The dead one takes every call and never answers."""
    for number in range(100):
        desk.add(f"desk-{number}")
        desk.tell(f"desk-{number}", times=5)
    desk.receiver.silent.add("/desk-0")
    desk.seconds = 8.0

    desk.deliver()

    first = min(heard.at for heard in desk.receiver.heard)
    healthy = [heard.at - first for heard in desk.receiver.heard if heard.path != "/desk-0"]
    assert len(healthy) == 99 * 5
    # All of them were through before the dead one's first call was given up.
    assert max(healthy) < desk.seconds
    assert desk.endpoint("desk-0").waiting == 5


def test_five_days_of_only_failures_end_an_endpoint_until_its_owner_enables_it(desk):
    desk.add()
    desk.receiver.answers["/desk"] = [500]
    for _ in range(11):
        desk.tell()
        desk.deliver()
        desk.now += timedelta(hours=12)

    given_up = desk.endpoint()
    assert given_up.disabled_because == "only_failures"
    assert given_up.disabled_at - NOON >= timedelta(days=5)
    before = len(desk.receiver.heard)
    assert desk.deliver() == 0

    desk.receiver.answers["/desk"] = [200]
    enable_endpoint(desk.connection, workspace_id=desk.workspace, name="desk")
    desk.connection.commit()
    assert desk.deliver() == given_up.waiting
    assert len(desk.receiver.heard) == before + given_up.waiting


def test_one_success_in_five_days_is_enough(desk):
    desk.add()
    for answer in [500] * 8 + [200] + [500] * 8:
        desk.receiver.answers["/desk"] = [answer]
        desk.tell()
        desk.deliver()
        desk.now += timedelta(hours=12)

    assert desk.endpoint().disabled_at is None


def test_who_says_gone_hears_no_more(desk):
    desk.add()
    desk.tell()
    desk.receiver.answers["/desk"] = [410]

    desk.deliver()

    assert desk.endpoint().disabled_because == "gone"


def test_dead_letters_are_replayed_by_id_or_by_time(desk):
    desk.add()
    desk.receiver.answers["/desk"] = [500]
    for _ in range(3):
        desk.tell()
        desk.now += HOUR
    desk.connection.execute(
        "update webhook_call set state = 'failed', due_at = null, settled_at = %s", (desk.now,)
    )
    desk.receiver.answers["/desk"] = [200]
    place = {"workspace_id": desk.workspace, "endpoint": "desk"}
    refs = [call.ref for call in list_calls(desk.connection, state="failed", **place)]

    assert replay_calls(desk.connection, now=desk.now, ref=refs[0], **place) == 1
    assert desk.deliver() == 1
    since, until = NOON, NOON + HOUR
    assert replay_calls(desk.connection, now=desk.now, since=since, until=until, **place) == 1
    desk.connection.commit()
    assert desk.deliver() == 1

    assert [heard.headers["webhook-id"] for heard in desk.receiver.heard] == [
        f"msg_{refs[0].hex}",
        f"msg_{refs[2].hex}",
    ]
    assert desk.endpoint().failed == 1
    # What has arrived is sent again only where that is asked for.
    assert replay_calls(desk.connection, now=desk.now, **place) == 1
    assert replay_calls(desk.connection, now=desk.now, only_failed=False, **place) == 2


def test_about_who_wants_to_be_forgotten_nothing_leaves(desk):
    minji = customer(desk.connection, desk.workspace)
    desk.add()
    desk.tell(customer_id=minji)
    desk.tell()
    desk.connection.execute("update customer set state = 'erased' where id = %s", (minji,))
    desk.connection.commit()

    assert desk.deliver() == 1


def test_what_is_over_is_forgotten_after_a_while(desk):
    desk.add()
    desk.tell(times=2)
    desk.deliver()
    desk.tell()

    assert forget_settled(desk.connection, before=NOON + SECOND) == 2
    assert desk.endpoint().waiting == 1


def test_an_endpoint_s_counts_add_up_to_all_that_was_planned(desk):
    desk.add()
    desk.tell(times=7)
    desk.receiver.answers["/desk"] = [200, 200, 500, 200, 500, 500, 200]

    desk.deliver()

    counted = desk.endpoint()
    assert counted.waiting + counted.delivered + counted.failed + counted.dropped == 7
    assert (counted.delivered, counted.waiting) == (4, 3)


@pytest.mark.parametrize(
    ("name", "url", "kinds", "said"),
    [
        ("Desk!", "https://a.example/", (), "name is 'Desk!'"),
        ("desk", "http://a.example/", (), "Use https"),
        ("desk", "https://127.0.0.1/", (), "public internet"),
        ("desk", "https://a.example/", ("message.sent", "order.paid"), "'order.paid'"),
        ("desk", "https://a.example/", ("test",), "'test'"),
    ],
)
def test_what_cannot_be_an_endpoint_is_refused(connection, workspace, name, url, kinds, said):
    with pytest.raises(WebhookFault, match=said):
        add_endpoint(
            connection,
            workspace_id=workspace,
            name=name,
            url=url,
            kinds=kinds,
            vault=TEST_VAULT,
            now=NOON,
        )


def test_a_name_is_given_once_and_free_again_when_its_endpoint_is_gone(desk):
    desk.add()
    desk.tell()
    with pytest.raises(WebhookFault, match="another endpoint"):
        desk.add()

    remove_endpoint(desk.connection, workspace_id=desk.workspace, name="desk")
    desk.add()

    assert desk.calls() == []
    assert len(list_endpoints(desk.connection, workspace_id=desk.workspace, now=NOON)) == 1
