-- Lead on whoever waits for a condition that holds, or whose time for it is up; the others rest.
-- Reads moving, journey_step, question, answer. Writes rested, moving. Locks nothing.
-- Whoever stands where the question has no answer stays, to be set aside.
with hoping as materialized (
    select
        moving.enrollment_id,
        moving.journey_id,
        moving.version_id,
        moving.customer_id,
        moving.entered_at,
        moving.step_number,
        moving.planned,
        case when moving.is_late then moving.trail else moving.trail || journey_step.id end
            as trail,
        case
            when answer.customer_id is not null then journey_step.yes_step
            when moving.is_late then journey_step.next_step
        end as to_step,
        %(now)s::timestamptz + journey_step.limit_after as wake_at
    from moving
    inner join journey_step
        on moving.version_id = journey_step.version_id and moving.step_number = journey_step.number
    inner join question
        on moving.version_id = question.version_id and moving.step_number = question.number
    left join answer
        on question.question = answer.question and moving.customer_id = answer.customer_id
    where
        moving.hop = %(hop)s
        and journey_step.kind = 'wait_for'
        and journey_step.condition is not null
        and question.fault is null
),

resting as (
    insert into rested (
        enrollment_id, state, step_number, planned, trail, wake_at, waits_since
    )
    select
        hoping.enrollment_id,
        'waiting',
        hoping.step_number,
        hoping.planned,
        hoping.trail,
        hoping.wake_at,
        %(now)s::timestamptz
    from hoping
    where hoping.to_step is null
)

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
    hoping.enrollment_id,
    hoping.journey_id,
    hoping.version_id,
    hoping.customer_id,
    hoping.entered_at,
    hoping.to_step,
    hoping.planned,
    hoping.trail,
    false,
    %(hop)s + 1
from hoping
where hoping.to_step is not null
