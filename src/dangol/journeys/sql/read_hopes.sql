-- Collect the conditions that people on this hop wait for, and who that is.
-- Reads moving, journey_step. Writes nothing.
select
    journey_step.version_id,
    journey_step.number,
    0 as position,
    journey_step.condition,
    string_agg(int8send(moving.customer_id), '') as customer_ids
from moving
inner join journey_step
    on moving.version_id = journey_step.version_id and moving.step_number = journey_step.number
where
    moving.hop = %(hop)s
    and journey_step.kind = 'wait_for'
    and journey_step.condition is not null
group by journey_step.version_id, journey_step.number
