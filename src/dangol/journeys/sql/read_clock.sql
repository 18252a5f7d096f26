-- Collect the running journeys that begin by the clock and are due, or not yet planned at all.
-- Reads journey, journey_version, journey_schedule, workspace. Writes nothing.
select
    journey.id as journey_id,
    journey_version.id as version_id,
    journey_schedule.next_at,
    coalesce(journey_schedule.begun_at, %(now)s::timestamptz) as begun_at,
    coalesce(journey_schedule.after_customer, 0) as after_customer,
    journey_version.entry_kind,
    journey_version.schedule,
    journey_version.entry_at,
    journey_version.entry_offset,
    journey_version.entry_yearly,
    journey_version.zone_rule,
    journey_version.entry_within,
    workspace.time_zone as shop_zone
from journey_version
inner join journey on journey_version.id = journey.version_id
inner join workspace on journey.workspace_id = workspace.id
left join journey_schedule on journey.id = journey_schedule.journey_id
where
    journey_version.workspace_id = %(workspace_id)s
    and journey_version.entry_kind in ('date', 'schedule')
    and journey.state = 'running'
    and (
        journey_schedule.journey_id is null
        or journey_schedule.next_at <= %(now)s::timestamptz
    )
order by journey.id
