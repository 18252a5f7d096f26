-- The versions that past enrollments belong to, by no more than their numbers.
-- Reads journey, journey_version. Writes nothing. Locks nothing.
select
    journey_version.id,
    %(trial)s::integer as workspace_id,
    journey_version.journey_id,
    journey_version.number,
    '{}'::jsonb as definition,
    'event'::entry_kind as entry_kind,
    '-' as entry_event,
    journey_version.first_step,
    journey_version.published_at
from journey_version
inner join journey on journey_version.journey_id = journey.id
where journey.workspace_id = %(workspace_id)s
