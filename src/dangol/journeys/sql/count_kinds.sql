-- Count how many stand at which kind of step on this hop, so that only those kinds' work is done.
-- Reads moving, journey_step. Writes nothing.
-- Waits are told apart by what ends them; null stands for whoever is at no step at all.
with place as (
    select
        moving.version_id,
        moving.step_number,
        count(*) as people
    from moving
    where moving.hop = %(hop)s
    group by moving.version_id, moving.step_number
)

select
    case
        when journey_step.condition is not null then 'wait_for_condition'
        when journey_step.wait_until is not null then 'wait_until'
        when
            journey_step.kind = 'webhook' and journey_step.limit_after is not null
            then 'webhook_answer'
        else journey_step.kind::text
    end as standing,
    sum(place.people)::integer as people
from place
left join journey_step
    on place.version_id = journey_step.version_id and place.step_number = journey_step.number
group by standing
