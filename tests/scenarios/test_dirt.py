"""100,000 events with every kind of dirt: each ends in its table or is refused with a reason."""

from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Final

import msgspec
import pytest
from tests.build import NOON, TEST_VAULT, one
from tests.fuzz.dirt import dirty

from dangol.app.tick import tick_until_done
from dangol.ingest.fault import STATUS, BadPayload
from dangol.ingest.keys import create_api_key
from dangol.ingest.reception import Desk, Posted, Taken
from dangol.store.connect import Connection, open_pool
from dangol.store.vocabulary import ApiKeyKind

EVENTS: Final = 100_000
IN_A_BODY: Final = 50
BODIES_AT_ONCE: Final = 20
SERVER_FAULT: Final = 500

UNACCOUNTED = """
select count(*) from event
where not exists (
    select from acted_event
    where acted_event.workspace_id = event.workspace_id
    and acted_event.message_id = event.message_id
) and not exists (
    select from parked_event
    where parked_event.workspace_id = event.workspace_id and parked_event.event_id = event.id
)
"""
REPEATED = """
select count(*) from event
inner join acted_event
    on acted_event.workspace_id = event.workspace_id
    and acted_event.message_id = event.message_id
    and acted_event.event_id <> event.id
left join parked_event
    on parked_event.workspace_id = event.workspace_id and parked_event.event_id = event.id
where parked_event.event_id is null
"""


@pytest.fixture
def desk(dsn: str) -> Iterator[Desk]:
    pool = open_pool(dsn, size=1)
    yield Desk(pool=pool, vault=TEST_VAULT, clock=lambda _: NOON)
    pool.close()


@pytest.fixture
def key(connection: Connection, workspace: int) -> str:
    with connection.transaction():
        return create_api_key(connection, workspace_id=workspace, kind=ApiKeyKind.SERVER, now=NOON)


def bodies(random: Random, key: str) -> Iterator[tuple[int, Posted]]:
    """Yield all calls in bodies, each with how many it holds."""
    for start in range(0, EVENTS, IN_A_BODY):
        calls = ",".join(dirty(random, start + place) for place in range(IN_A_BODY))
        body = f'{{"batch":[{calls}]}}'.encode()
        yield IN_A_BODY, Posted(body=body, path_type=None, authorization=f"Bearer {key}")


def send_all(desk: Desk, key: str) -> tuple[int, Counter[str]]:
    """Send everything; return how many were accepted, and the refused by their code."""
    accepted, refused = 0, Counter[str]()
    sent = list(bodies(Random(20270302), key))  # noqa: S311  dirt needs no secrecy
    for start in range(0, len(sent), BODIES_AT_ONCE):
        group = sent[start : start + BODIES_AT_ONCE]
        answers = desk.take([posted for _, posted in group])
        for (held, _), answer in zip(group, answers, strict=True):
            accepted += count(answer, held=held, refused=refused)
    return accepted, refused


def count(answer: Taken | BadPayload, *, held: int, refused: Counter[str]) -> int:
    """Count one answer; it must give every refusal a reason and fit on the wire."""
    assert msgspec.json.encode(msgspec.to_builtins(reasons(answer)))
    if isinstance(answer, BadPayload):
        assert STATUS[answer.code] < SERVER_FAULT
        refused[answer.code] += held
        return 0
    assert all(one.code in STATUS and one.message for one in answer.refused)
    refused.update(one.code for one in answer.refused)
    return answer.accepted


def reasons(answer: Taken | BadPayload) -> object:
    return answer.message if isinstance(answer, BadPayload) else answer


def test_nothing_of_a_hundred_thousand_dirty_events_disappears(connection, workspace, desk, key):
    accepted, refused = send_all(desk, key)

    done = tick_until_done(
        connection, workspace_id=workspace, vault=TEST_VAULT, now=NOON, batch=10_000
    )

    assert accepted + refused.total() == EVENTS
    assert one(connection, "select count(*) from event") == accepted
    assert done["events"] == accepted
    acted = one(connection, "select count(*) from acted_event")
    parked = one(connection, "select count(*) from parked_event")
    assert acted + parked + one(connection, REPEATED) == accepted
    assert one(connection, UNACCOUNTED) == 0
    # Dirt is refused for what it is, not as a whole body that the database could not hold.
    assert refused["not_storable"] == 0
    assert {"bad_value", "bad_shape", "unknown_type", "missing_id"} <= refused.keys()
    assert acted > EVENTS / 4


# What parts did counts for their head as well.
COUNTED = """
select sum(activity.count)::int
from activity inner join customer on activity.customer_id = customer.id
where customer.head_id is null
"""


def test_what_acted_is_counted_for_somebody(connection, workspace, desk, key):
    group = [posted for _, posted in list(bodies(Random(7), key))[:40]]  # noqa: S311
    desk.take(group)
    tick_until_done(connection, workspace_id=workspace, vault=TEST_VAULT, now=NOON, batch=500)

    acted = one(connection, "select count(*) from acted_event")

    assert one(connection, COUNTED) == acted
    assert one(connection, "select count(*) from acted_event where customer_id is null") == 0
    assert one(connection, "select count(*) from parked_event where reason = ''") == 0
