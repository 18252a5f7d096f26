-- Set aside whoever stands at a step whose condition nobody could answer.
-- Reads moving, journey_step, question. Writes rested. Locks nothing.
insert into rested (enrollment_id, state, step_number, planned, trail, parked_because)
select distinct on (moving.enrollment_id)
    moving.enrollment_id,
    'parked'::enrollment_state,
    moving.step_number,
    moving.planned,
    moving.trail || journey_step.id,
    question.fault
from moving
inner join journey_step
    on moving.version_id = journey_step.version_id and moving.step_number = journey_step.number
inner join question
    on moving.version_id = question.version_id and moving.step_number = question.number
where moving.hop = %(hop)s and question.fault is not null
order by moving.enrollment_id, question.position
