-- Count how many of a version's people came to each of its steps.
-- Reads enrollment, journey_step. Writes nothing. Locks nothing.
with passed as (
    select distinct
        enrollment.id,
        unnest(enrollment.trail) as step_id
    from enrollment
    where enrollment.version_id = %(version_id)s
)

select
    journey_step.name,
    count(passed.id) as people
from journey_step
left join passed on journey_step.id = passed.step_id
where journey_step.version_id = %(version_id)s
group by journey_step.number, journey_step.name
order by journey_step.number
