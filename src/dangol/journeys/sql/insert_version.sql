-- Add a version to a journey.
-- Reads journey_version. Writes journey_version. Locks nothing.
insert into journey_version (
    workspace_id,
    journey_id,
    number,
    definition,
    entry_event,
    entry_segment_id,
    first_time_only,
    reentry_days,
    entry_within,
    goal_event,
    first_step,
    published_at
)
select
    %(workspace_id)s::integer,
    %(journey_id)s::integer,
    1 + coalesce(max(journey_version.number), 0),
    %(definition)s::jsonb,
    %(entry_event)s::text,
    %(entry_segment_id)s::integer,
    %(first_time_only)s::boolean,
    %(reentry_days)s::integer,
    %(entry_within)s::interval,
    %(goal_event)s::text,
    1,
    %(now)s::timestamptz
from journey_version
where journey_version.journey_id = %(journey_id)s
returning id
