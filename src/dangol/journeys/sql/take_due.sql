-- Take the enrollments whose wait is over, and let each go on to the step after it.
-- Reads enrollment, journey, journey_step. Writes moving. Locks the enrollments it takes.
insert into moving (
    enrollment_id,
    workspace_id,
    journey_id,
    version_id,
    customer_id,
    entered_at,
    step_number,
    planned,
    hop
)
select
    enrollment.id,
    enrollment.workspace_id,
    enrollment.journey_id,
    enrollment.version_id,
    enrollment.customer_id,
    enrollment.entered_at,
    coalesce(journey_step.next_step, enrollment.step_number),
    enrollment.planned,
    0
from enrollment
inner join journey on enrollment.journey_id = journey.id
left join journey_step
    on
        enrollment.version_id = journey_step.version_id
        and enrollment.step_number = journey_step.number
where
    enrollment.workspace_id = %(workspace_id)s
    and enrollment.state = 'waiting'
    and enrollment.wake_at <= %(now)s
    and journey.state = 'running'
order by enrollment.wake_at, enrollment.id
limit %(batch)s
for no key update of enrollment skip locked
