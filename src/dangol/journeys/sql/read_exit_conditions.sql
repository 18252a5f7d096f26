-- Collect the exit conditions to look at because their customers did something, and who that is.
-- Reads tick_event, journey_version, enrollment. Writes nothing.
select
    journey_version.id as version_id,
    -1 as number,
    0 as position,
    journey_version.exit_condition as condition,
    string_agg(int8send(enrollment.customer_id), '') as customer_ids
from enrollment
inner join journey_version on enrollment.version_id = journey_version.id
where
    enrollment.customer_id in (select tick_event.customer_id from tick_event)
    and enrollment.state in ('active', 'waiting')
    and journey_version.workspace_id = %(workspace_id)s
    and journey_version.exit_condition is not null
group by journey_version.id
