-- End the enrollments whose customers now fit the exit condition of their journey.
-- Reads question, answer. Writes enrollment.
update enrollment
set
    state = 'ended',
    end_reason = 'exited',
    ended_at = %(now)s::timestamptz,
    wake_at = null,
    waits_since = null
from question
inner join answer on question.question = answer.question
where
    question.number = -1
    and enrollment.version_id = question.version_id
    and enrollment.customer_id = answer.customer_id
    and enrollment.state in ('active', 'waiting')
