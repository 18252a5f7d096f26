-- Lead everybody at a branch the first way whose condition holds for them, else the other way.
-- Reads moving, journey_step, journey_way, question, answer. Writes moving. Locks nothing.
-- Whoever stands where a question has no answer stays, to be set aside. Answers are looked up one
-- by one: how many there will be, the planner cannot know.
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
    coalesce(fitting.to_step, journey_step.next_step),
    moving.planned,
    moving.trail || journey_step.id,
    false,
    moving.hop + 1
from moving
inner join journey_step
    on moving.version_id = journey_step.version_id and moving.step_number = journey_step.number
left join lateral (
    select journey_way.to_step
    from question
    inner join answer on question.question = answer.question
    inner join journey_way
        on
            question.version_id = journey_way.version_id
            and question.number = journey_way.number
            and question.position = journey_way.position
    where
        question.version_id = moving.version_id
        and question.number = moving.step_number
        and answer.customer_id = moving.customer_id
    order by question.position
    limit 1
) as fitting on true
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
