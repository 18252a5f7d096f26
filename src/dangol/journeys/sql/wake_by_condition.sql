-- Wake whoever waits for a condition that now holds, and lead them to where it leads.
-- Reads question, answer, journey_step. Writes enrollment.
update enrollment
set
    state = 'active',
    step_number = journey_step.yes_step,
    wake_at = null,
    waits_since = null
from question
inner join answer on question.question = answer.question
inner join journey_step
    on
        question.version_id = journey_step.version_id
        and question.number = journey_step.number
where
    enrollment.version_id = question.version_id
    and enrollment.step_number = question.number
    and enrollment.customer_id = answer.customer_id
    and enrollment.waits_since is not null
    and enrollment.state = 'waiting'
