-- Take the enrollments whose wait is over, and let each go on to the step after it.
-- Reads enrollment, journey, journey_step. Writes moving. Locks the enrollments it takes.
-- Where a condition was waited for, it is looked at once more: they stand where they stood.
insert into moving (
    enrollment_id,
    journey_id,
    version_id,
    customer_id,
    entered_at,
    step_number,
    planned,
    trail,
    is_late,
    hop
)
select
    enrollment.id,
    enrollment.journey_id,
    enrollment.version_id,
    enrollment.customer_id,
    enrollment.entered_at,
    case
        when journey_step.condition is not null then enrollment.step_number
        else coalesce(journey_step.next_step, enrollment.step_number)
    end,
    enrollment.planned,
    '{}',
    journey_step.condition is not null,
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
