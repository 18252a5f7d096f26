-- What a journey is now, and in which state.
-- Reads journey, journey_version.
select
    journey.state,
    journey_version.definition::text
from journey
left join journey_version on journey.version_id = journey_version.id
where journey.workspace_id = %(workspace_id)s and journey.name = %(name)s
