-- Collect the conditions that customers who did something wait for, and who that is.
-- Reads tick_event, enrollment, journey_step. Writes nothing.
select
    journey_step.version_id,
    journey_step.number,
    0 as position,
    journey_step.condition,
    string_agg(int8send(enrollment.customer_id), '') as customer_ids
from enrollment
inner join journey_step
    on
        enrollment.version_id = journey_step.version_id
        and enrollment.step_number = journey_step.number
where
    enrollment.customer_id in (select tick_event.customer_id from tick_event)
    and enrollment.waits_since is not null
    and enrollment.state = 'waiting'
    and journey_step.kind = 'wait_for'
    and journey_step.condition is not null
group by journey_step.version_id, journey_step.number
