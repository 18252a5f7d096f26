-- Let whoever is about to move and fits the exit condition leave; who cannot be judged is parked.
-- Reads moving, question, answer. Writes rested, moving.
with leaving as (
    select
        moving.enrollment_id,
        moving.step_number,
        moving.planned,
        question.fault
    from moving
    inner join question on moving.version_id = question.version_id and question.number = -1
    left join answer
        on question.question = answer.question and moving.customer_id = answer.customer_id
    where question.fault is not null or answer.customer_id is not null
),

gone as (
    delete from moving
    using leaving
    where moving.enrollment_id = leaving.enrollment_id
)

insert into rested (
    enrollment_id, state, step_number, planned, trail, end_reason, parked_because
)
select
    leaving.enrollment_id,
    case when leaving.fault is null then 'ended' else 'parked' end::enrollment_state,
    leaving.step_number,
    leaving.planned,
    '{}',
    case when leaving.fault is null then 'exited' end::end_reason,
    leaving.fault
from leaving
