-- Name the journeys that call an endpoint and may still do so.
-- Reads journey, journey_step, journey_version. Writes nothing. Locks nothing.
select distinct journey.name
from journey
inner join journey_version on journey.id = journey_version.journey_id
inner join journey_step on journey_version.id = journey_step.version_id
where
    journey.workspace_id = %(workspace_id)s
    and journey.state <> 'stopped'
    and journey_step.webhook_name = %(name)s
order by journey.name
