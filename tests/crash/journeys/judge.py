"""What must be true of everybody's way through the journeys, whoever died meanwhile."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from tests.crash.ingest.judge import Verdict, note, rows
from tests.crash.journeys.story import BOUGHT, VIEWED, buys, expected_ends, expected_messages

from dangol.store.connect import Connection

# Each is asked about these people alone.
ENDS: Final = """
select identifier.key, journey.name, coalesce(enrollment.end_reason::text, enrollment.state::text)
from enrollment join journey on journey.id = enrollment.journey_id
join identifier using (customer_id)
where identifier.workspace_id = %(workspace_id)s and identifier.kind = 'external'
and identifier.key = any(%(customers)s)
"""
PLANNED: Final = """
select identifier.key,
    journey_step.name || case message.rung when 0 then '' else ' instead' end
from message
join journey_step
    on journey_step.version_id = message.version_id and journey_step.number = message.step_number
join identifier using (customer_id)
where identifier.workspace_id = %(workspace_id)s and identifier.kind = 'external'
and identifier.key = any(%(customers)s)
"""
ACTED: Final = """
select identifier.key, activity.event_name, activity.count from activity
join identifier using (customer_id)
where identifier.workspace_id = %(workspace_id)s and identifier.kind = 'external'
and identifier.key = any(%(customers)s) and activity.event_name = any(%(names)s)
"""
CONVERTED: Final = """
select identifier.key, count(*) from conversion join identifier using (customer_id)
where identifier.workspace_id = %(workspace_id)s and identifier.kind = 'external'
and identifier.key = any(%(customers)s) group by identifier.key
"""
UNMARKED: Final = """
select identifier.key from identifier join customer on customer.id = identifier.customer_id
where identifier.workspace_id = %(workspace_id)s and identifier.kind = 'external'
and identifier.key = any(%(customers)s) and customer.traits -> 'seen' is distinct from 'true'
"""
# Where somebody went, step by step, and by whose leave.
TRAILS: Final = """
select identifier.key, journey.name, enrollment.id, enrollment.entry_key, enrollment.state::text,
    (
        select string_agg(
            format('%%s of %%s at %%s', journey_step.name, journey_step.version_id, came.at::text),
            ', ' order by came.place
        )
        from unnest(enrollment.trail, enrollment.trail_at) with ordinality as came (id, at, place)
        join journey_step on journey_step.id = came.id
    )
from enrollment join journey on journey.id = enrollment.journey_id
join identifier using (customer_id)
where identifier.workspace_id = %(workspace_id)s and identifier.kind = 'external'
and identifier.key = any(%(customers)s) order by identifier.key, enrollment.id
"""
PARKED: Final = """
select 'event ' || reason from parked_event where workspace_id = %(workspace_id)s
union all
select 'enrollment ' || parked_because from enrollment
where workspace_id = %(workspace_id)s and state = 'parked'
"""


def judge(connection: Connection, customers: Iterable[str], *, workspace_id: int) -> Verdict:
    """Compare where everybody went with where everybody must have gone."""
    verdict = Verdict()
    who = sorted(customers)
    place: dict[str, object] = {
        "workspace_id": workspace_id,
        "customers": who,
        "names": [VIEWED, BOUGHT],
    }
    acted = Counter({(key, name): times for key, name, times in rows(connection, ACTED, place)})
    compare(verdict, "events", acted, expected_events(who))
    compare(verdict, "enrollments", Counter(rows(connection, ENDS, place)), expected_ends(who))
    compare(verdict, "messages", Counter(rows(connection, PLANNED, place)), expected_messages(who))
    converted = Counter(dict(rows(connection, CONVERTED, place)))
    compare(verdict, "conversions", converted, Counter(name for name in who if buys(name)))
    verdict.contradict("not marked", [row[0] for row in rows(connection, UNMARKED, place)])
    verdict.contradict("parked", [row[0] for row in rows(connection, PARKED, place)])
    verdict.found = len(who)
    return verdict


def tell_trails(connection: Connection, verdict: Verdict, *, workspace_id: int) -> list[str]:
    """Say where some of those went whom a verdict concerns."""
    some = sorted(verdict.customers)[:3]
    place: dict[str, object] = {"workspace_id": workspace_id, "customers": some}
    return [" | ".join(map(str, row)) for row in rows(connection, TRAILS, place)]


def expected_events(customers: Iterable[str]) -> Counter[tuple[str, str]]:
    """Count the events that must have acted, by customer and name."""
    acted: Counter[tuple[str, str]] = Counter()
    for customer in customers:
        acted[customer, VIEWED] += 1
        if buys(customer):
            acted[customer, BOUGHT] += 1
    return acted


def compare(verdict: Verdict, what: str, found: Counter, expected: Counter) -> None:
    """Count what is missing and what is too much."""
    verdict.lost += note(verdict, f"{what} missing", expected - found)
    verdict.duplicated += note(verdict, f"{what} too many", found - expected)
