-- Collect the conditions of the journeys that somebody may enter, and who that is.
-- Reads entrant, journey_version. Writes nothing.
select
    journey_version.id as version_id,
    0 as number,
    0 as position,
    journey_version.entry_condition as condition,
    string_agg(int8send(entrant.customer_id), '') as customer_ids
from entrant
inner join journey_version on entrant.version_id = journey_version.id
where journey_version.entry_condition is not null
group by journey_version.id
