-- Take the enrollments that have just begun, were woken, or have not yet come to rest.
-- Reads enrollment, journey. Writes moving. Locks the enrollments it takes.
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
    enrollment.step_number,
    enrollment.planned,
    '{}',
    false,
    0
from enrollment
inner join journey on enrollment.journey_id = journey.id
where
    enrollment.workspace_id = %(workspace_id)s
    and enrollment.state = 'active'
    and journey.state = 'running'
order by enrollment.id
limit %(batch)s
for no key update of enrollment skip locked
