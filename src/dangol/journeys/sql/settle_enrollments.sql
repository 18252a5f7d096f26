-- Write each moved enrollment back, once.
-- Reads rested. Writes enrollment. Locks the enrollments it writes, which were taken before.
update enrollment
set
    state = rested.state,
    step_number = rested.step_number,
    planned = rested.planned,
    wake_at = rested.wake_at,
    end_reason = rested.end_reason,
    ended_at = case when rested.state = 'ended' then %(now)s::timestamptz end,
    parked_because = rested.parked_because
from rested
where enrollment.id = rested.enrollment_id
