-- Collect the exit conditions of whoever is about to move, and who that is.
-- Reads moving, journey_version. Writes nothing.
select
    journey_version.id as version_id,
    -1 as number,
    0 as position,
    journey_version.exit_condition as condition,
    string_agg(int8send(moving.customer_id), '') as customer_ids
from moving
inner join journey_version on moving.version_id = journey_version.id
where journey_version.exit_condition is not null
group by journey_version.id
