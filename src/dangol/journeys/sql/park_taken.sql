-- Set aside whoever was taken, because their next step failed.
-- Reads moving, enrollment. Writes rested. Locks nothing.
insert into rested (enrollment_id, state, step_number, planned, trail, parked_because)
select
    moving.enrollment_id,
    'parked',
    enrollment.step_number,
    enrollment.planned,
    '{}',
    %(reason)s
from moving
inner join enrollment on moving.enrollment_id = enrollment.id
