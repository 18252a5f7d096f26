-- Collect the conditions of the branches where people stand on this hop, and who that is.
-- Reads moving, journey_step, journey_way. Writes nothing.
with place as (
    select
        moving.version_id,
        moving.step_number as number,
        string_agg(int8send(moving.customer_id), '') as customer_ids
    from moving
    where moving.hop = %(hop)s
    group by moving.version_id, moving.step_number
)

select
    place.version_id,
    place.number,
    journey_way.position,
    journey_way.condition,
    place.customer_ids
from place
inner join journey_step
    on place.version_id = journey_step.version_id and place.number = journey_step.number
inner join journey_way
    on place.version_id = journey_way.version_id and place.number = journey_way.number
where journey_step.kind = 'branch'
order by place.version_id, place.number, journey_way.position
