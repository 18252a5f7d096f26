-- Keep when a journey that begins by the clock is next looked at, and after which customer.
-- Reads journey. Writes journey_schedule.
insert into journey_schedule (
    journey_id, version_id, workspace_id, next_at, begun_at, after_customer
)
select
    journey.id,
    %(version_id)s,
    journey.workspace_id,
    %(next_at)s::timestamptz,
    %(begun_at)s::timestamptz,
    %(after_customer)s
from journey
where journey.id = %(journey_id)s
on conflict (journey_id) do update
    set
        version_id = excluded.version_id,
        next_at = excluded.next_at,
        begun_at = excluded.begun_at,
        after_customer = excluded.after_customer
