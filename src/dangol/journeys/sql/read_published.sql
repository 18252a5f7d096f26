-- Read what every journey that can still be entered says now.
-- Reads journey, journey_version. Writes nothing. Locks nothing.
select
    journey.name,
    journey_version.definition::text
from journey
inner join journey_version on journey.version_id = journey_version.id
where journey.workspace_id = %(workspace_id)s and journey.state <> 'stopped'
