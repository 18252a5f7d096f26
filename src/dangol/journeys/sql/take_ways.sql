-- Lead everybody at a branch the first way whose condition holds for them, else the other way.
-- Reads moving, journey_step, journey_way, question, answer. Writes moving. Locks nothing.
-- Whoever stands where a question has no answer stays, to be set aside. They go on in the order in
-- which they lie in their table, or writing them back takes a quarter longer.
with fitting as materialized (
    select
        question.version_id,
        question.number,
        answer.customer_id,
        min(question.position) as position
    from question
    inner join answer on question.question = answer.question
    group by question.version_id, question.number, answer.customer_id
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
    moving.enrollment_id,
    moving.journey_id,
    moving.version_id,
    moving.customer_id,
    moving.entered_at,
    coalesce(journey_way.to_step, journey_step.next_step),
    moving.planned,
    moving.trail || journey_step.id,
    false,
    moving.hop + 1
from moving
inner join journey_step
    on moving.version_id = journey_step.version_id and moving.step_number = journey_step.number
left join fitting
    on
        moving.version_id = fitting.version_id
        and moving.step_number = fitting.number
        and moving.customer_id = fitting.customer_id
left join journey_way
    on
        fitting.version_id = journey_way.version_id
        and fitting.number = journey_way.number
        and fitting.position = journey_way.position
where
    moving.hop = %(hop)s
    and journey_step.kind = 'branch'
    and (moving.version_id, moving.step_number) not in (
        select
            question.version_id,
            question.number
        from question
        where question.fault is not null
    )
order by moving.enrollment_id
