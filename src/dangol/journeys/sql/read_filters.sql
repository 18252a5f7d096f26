-- Collect the filters by which this tick's events open journeys, reach goals and end waits.
-- Reads tick_event, journey, journey_version, journey_step. Writes nothing.
with name as materialized (
    select distinct tick_event.name
    from tick_event
)

select
    journey_version.id as version_id,
    0 as number,
    journey_version.entry_filter as filter
from name
inner join journey_version on name.name = journey_version.entry_event
inner join journey on journey_version.id = journey.version_id
where
    journey_version.workspace_id = %(workspace_id)s
    and journey.state = 'running'
    and journey_version.entry_filter is not null
union all
select
    journey_version.id,
    -1,
    journey_version.goal_filter
from name
inner join journey_version on name.name = journey_version.goal_event
where
    journey_version.workspace_id = %(workspace_id)s and journey_version.goal_filter is not null
union all
select
    journey_step.version_id,
    journey_step.number,
    journey_step.filter
from name
inner join journey_step on name.name = journey_step.event_name
inner join journey_version on journey_step.version_id = journey_version.id
where
    journey_version.workspace_id = %(workspace_id)s
    and journey_step.kind = 'wait_for'
    and journey_step.filter is not null
