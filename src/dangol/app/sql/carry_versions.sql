-- The versions that past enrollments belong to, by no more than their numbers: none runs again.
-- Reads journey, journey_version. Writes nothing. Locks nothing.
-- What stands for their definitions differs from all that can be tried, so that none is mistaken
-- for it.
select
    journey_version.id,
    %(trial)s::integer as workspace_id,
    journey_version.journey_id,
    journey_version.number,
    jsonb_build_object(
        'name', journey.name,
        'title', jsonb_build_object('ko', '-', 'en', '-'),
        'entry', jsonb_build_object('event', '-'),
        'steps', jsonb_build_array(jsonb_build_object('name', 'over', 'kind', 'exit'))
    ) as definition,
    'event'::entry_kind as entry_kind,
    '-' as entry_event,
    journey_version.first_step,
    journey_version.published_at
from journey_version
inner join journey on journey_version.journey_id = journey.id
where journey.workspace_id = %(workspace_id)s
