"""How fast is the guard, against the bare join of the tables it asks?

Makes so many customers with an address, a consent and a message that is due; some are suppressed,
without consent, overdue, snoozed, refuse the topic, have had their share lately, have bought. Then
one run of the guard judges them all, and the same decisions are written again by one statement that
joins the same tables. Both write decisions only; moving the messages afterwards is the same update
for both and told apart.
"""

import argparse
import json
import os
import time
from datetime import UTC, datetime
from typing import LiteralString

from server import lend_server, open_workspace

from dangol.guard.decide import STATEMENTS, judge
from dangol.guard.law.terms import place_values
from dangol.store.connect import Connection, connect, measure_working

# Noon in Seoul, far from the quiet hours.
NOON = datetime(2027, 3, 2, 3, 0, tzinfo=UTC)
MAKE: tuple[LiteralString, ...] = (
    (
        "insert into customer (workspace_id, first_seen_at, last_seen_at, country)"
        " select 1, %(noon)s, %(noon)s, case n %% 20 when 0 then 'US' when 1 then 'DE' end"
        " from generate_series(1, %(count)s) as n"
    ),
    (
        "insert into address (workspace_id, customer_id, channel, key, sealed, key_of, state,"
        " changed_at) select 1, id, 'email', id::text, '', id,"
        " case id %% 50 when 3 then 'bounced' else 'reachable' end::address_state, %(noon)s"
        " from customer"
    ),
    (
        "insert into suppression (workspace_id, channel, address_key, reason, since)"
        " select 1, 'email', id::text, 'bounced', %(noon)s from customer where id %% 100 = 4"
    ),
    (
        "insert into consent (workspace_id, customer_id, channel, purpose, state, since, entry_id)"
        " select 1, id, 'email', 'marketing',"
        " case id %% 25 when 6 then 'withdrawn' else 'granted' end::consent_state,"
        " %(noon)s::timestamptz - case id %% 100 when 7 then interval '3 years'"
        " else interval '100 days' end, 0 from customer where id %% 10 <> 5"
    ),
    (
        "insert into topic (workspace_id, name, title_ko, title_en, created_at)"
        " values (1, 'sale', '할인', 'Sales', %(noon)s)"
    ),
    (
        "insert into template (workspace_id, name, channel, purpose, locale, subject, body_text,"
        " body_html, topic_id, created_at) select 1, 'note', 'email', 'marketing', 'ko', '', '',"
        " '', id, %(noon)s from topic"
    ),
    (
        "insert into topic_refusal select 1, customer.id, topic.id, %(noon)s from customer, topic"
        " where customer.id %% 100 = 8"
    ),
    (
        "insert into preference (workspace_id, customer_id, snoozed_until, weekly_messages,"
        " changed_at) select 1, id,"
        " case when id %% 200 = 9 then %(noon)s::timestamptz + interval '1 day' end,"
        " case when id %% 200 = 109 then 1 end, %(noon)s from customer where id %% 100 = 9"
    ),
    (
        "insert into silence (workspace_id, customer_id, channel, messages, since, sunset, visits,"
        " noted_at) select 1, id, 'email', 12, %(noon)s, true, false, %(noon)s from customer"
        " where id %% 50 = 10"
    ),
    (
        "insert into journey (workspace_id, name, title_ko, title_en, state, created_at)"
        " values (1, 'bench', '', '', 'running', %(noon)s)"
    ),
    (
        "insert into journey_version (workspace_id, journey_id, number, definition, entry_kind,"
        " entry_event, quiet_after_purchase, first_step, published_at)"
        " select 1, id, 1, '{}', 'event', 'x', '3 days', 1, %(noon)s from journey"
    ),
    (
        "insert into enrollment (workspace_id, journey_id, version_id, customer_id, entry_key,"
        " state, step_number, entered_at, ended_at, end_reason)"
        " select 1, journey.id, journey_version.id, customer.id, 'bench', 'ended', 1, %(noon)s,"
        " %(noon)s, 'completed' from customer, journey, journey_version order by customer.id"
    ),
    (
        "insert into enrollment (workspace_id, journey_id, version_id, customer_id, entry_key,"
        " state, step_number, entered_at, ended_at, end_reason)"
        " select 1, journey.id, journey_version.id, customer.id, 'before ' || n, 'ended', 1,"
        " %(noon)s, %(noon)s, 'completed' from customer, journey, journey_version,"
        " generate_series(1, 3) as n"
        " where customer.id %% 25 = 11"
    ),
    (
        "insert into activity (workspace_id, customer_id, event_name, first_at, last_at, count)"
        " select 1, id, 'Order Completed', %(noon)s,"
        " %(noon)s::timestamptz - (id %% 90) * interval '1 day', 1 from customer"
    ),
    (
        "insert into message (workspace_id, customer_id, enrollment_id, journey_id, version_id,"
        " step_number, visit, template_id, channel, purpose, planned_at, expires_at, state, act_at,"
        " allowed_at) select 1, enrollment.customer_id, enrollment.id, enrollment.journey_id,"
        " enrollment.version_id, 1, 1, template.id, 'email', 'marketing', %(noon)s,"
        " %(noon)s::timestamptz + interval '3 days',"
        " case entry_key when 'bench' then 'planned' else 'handed' end::message_state,"
        " case entry_key when 'bench' then %(noon)s::timestamptz end,"
        " case entry_key when 'bench' then null else %(noon)s::timestamptz - interval '2 days' end"
        " from enrollment, template order by enrollment.id"
    ),
)
# The tables the guard asks, joined once; the decisions are as many and as long.
BARE: LiteralString = (
    "insert into decision (message_id, evaluation, workspace_id, customer_id, stage, verdict,"
    " reason, reasons, hold_until, decided_at)"
    " select message.id, 2, message.workspace_id, message.customer_id, 'planning',"
    " answer.verdict, answer.reason, array[answer.reason], null, %(noon)s"
    " from message"
    " inner join customer on message.customer_id = customer.id"
    " inner join template on message.template_id = template.id"
    " inner join journey on message.journey_id = journey.id"
    " inner join journey_version on message.version_id = journey_version.id"
    " left join consent on message.customer_id = consent.customer_id"
    " and message.channel = consent.channel and message.purpose = consent.purpose"
    " left join address on message.customer_id = address.customer_id"
    " and message.channel = address.channel"
    " left join suppression on address.workspace_id = suppression.workspace_id"
    " and address.channel = suppression.channel and address.key = suppression.address_key"
    " left join topic_refusal on message.customer_id = topic_refusal.customer_id"
    " and template.topic_id = topic_refusal.topic_id"
    " left join preference on message.customer_id = preference.customer_id"
    " left join silence on message.customer_id = silence.customer_id"
    " and message.channel = silence.channel"
    " left join activity on message.customer_id = activity.customer_id"
    " and activity.event_name = 'Order Completed'"
    " cross join lateral (select (case when consent.state = 'granted'"
    " and address.state = 'reachable' and customer.state = 'active'"
    " and coalesce(suppression.since, topic_refusal.since, preference.snoozed_until, silence.since)"
    " is null and activity.last_at + journey_version.quiet_after_purchase <= %(noon)s"
    " then 'allow' else 'skip' end)::verdict as verdict,"
    " (case when consent.state = 'granted'"
    " and address.state = 'reachable' and customer.state = 'active'"
    " and coalesce(suppression.since, topic_refusal.since, preference.snoozed_until, silence.since)"
    " is null and activity.last_at + journey_version.quiet_after_purchase <= %(noon)s"
    " then 'allowed' else 'no_consent' end)::decision_reason as reason) as answer"
    " where message.workspace_id = 1 and message.state = 'planned' and message.act_at <= %(noon)s"
    " order by message.id"
)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    _ = arguments.add_argument("--messages", type=int, default=1_000_000, help="how many are due")
    count = arguments.parse_args().messages
    print("load average", os.getloadavg(), "on", os.cpu_count(), "cores")
    with lend_server() as server, connect(server.postgres.dsn) as connection:
        fill(connection, count)
        bare = write_bare(connection)
        guarded, reasons, settled = run_guard(connection, count)
    print(f"the guard {guarded:.2f} s, the bare join {bare:.2f} s, moving messages {settled:.2f} s")
    print(dict(reasons))
    print(
        json.dumps(
            {
                "decisions_per_second": round(count / guarded),
                "bare_join_per_second": round(count / bare),
                "ratio": round(bare / guarded, 3),
            }
        )
    )


def fill(connection: Connection, count: int) -> None:
    """Make the customers, what they have said and done, and their messages."""
    with connection.transaction():
        assert open_workspace(connection, now=NOON) == 1  # noqa: S101 - a database of our own
        for statement in MAKE:
            _ = connection.execute(statement, {"count": count, "noon": NOON})
    connection.autocommit = True
    _ = connection.execute("vacuum analyze")
    connection.autocommit = False


def write_bare(connection: Connection) -> float:
    """Write as many decisions from a bare join, and take them back; return the seconds."""
    begun = time.perf_counter()
    _ = connection.execute(BARE, {"noon": NOON})
    connection.commit()
    seconds = time.perf_counter() - begun
    _ = connection.execute("truncate decision")
    connection.commit()
    return seconds


def run_guard(connection: Connection, count: int) -> tuple[float, list[tuple[str, int]], float]:
    """Judge all in one run; return the seconds, the decisions by reason, and the update's."""
    values = {**place_values(), "workspace_id": 1, "now": NOON, "batch": count, "stage": "planning"}
    begun = time.perf_counter()
    taken = connection.execute(STATEMENTS["take_candidates"], values).rowcount
    measure_working(connection, "candidate", rows=taken)
    judge(connection, workspace_id=1, now=NOON)
    _ = connection.execute(STATEMENTS["record_decisions"], values)
    judged = time.perf_counter() - begun
    reasons = connection.execute(STATEMENTS["count_rulings"]).fetchall()
    begun = time.perf_counter() - judged
    _ = connection.execute(STATEMENTS["settle_messages"], values)
    connection.commit()
    return judged, reasons, time.perf_counter() - begun - judged


if __name__ == "__main__":
    main()
