-- Count where a version's people ended, or at which step they are.
-- Reads enrollment, journey_step. Writes nothing. Locks nothing.
select
    enrollment.state,
    coalesce(enrollment.end_reason::text, journey_step.name) as what,
    count(*) as people
from enrollment
left join journey_step
    on
        enrollment.version_id = journey_step.version_id
        and enrollment.step_number = journey_step.number
where enrollment.version_id = %(version_id)s
group by 1, 2
order by 1, 3 desc, 2
