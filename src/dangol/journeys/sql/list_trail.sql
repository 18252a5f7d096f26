-- List the steps an enrollment came to, in order, each with when, and what it led to.
-- Reads enrollment, journey_step, message, decision, template. Writes nothing. Locks nothing.
-- A step that was visited several times has several messages; each visit tells its own, and below
-- it the rungs of its ladder that were planned.
with came as (
    select
        trail.place,
        trail.step_id,
        trail.at,
        enrollment.id as enrollment_id,
        journey_step.name as step,
        journey_step.kind,
        journey_step.version_id,
        journey_step.number,
        lead(journey_step.name) over (order by trail.place) as led_to
    from enrollment
    cross join
        lateral unnest(enrollment.trail, enrollment.trail_at)
        with ordinality as trail (step_id, at, place)
    inner join journey_step on trail.step_id = journey_step.id
    where enrollment.workspace_id = %(workspace_id)s and enrollment.id = %(enrollment_id)s
)

select
    came.at,
    came.step,
    came.kind,
    came.led_to,
    template.name as template,
    message.channel,
    coalesce(message.rung, 0) as rung,
    message.state as message_state,
    decided.verdict,
    decided.reason,
    decided.hold_until
from came
left join message as planned
    on
        came.enrollment_id = planned.enrollment_id
        and came.version_id = planned.version_id
        and came.number = planned.step_number
        and came.at = planned.planned_at
        and planned.rung = 0
left join message
    on
        planned.enrollment_id = message.enrollment_id
        and planned.step_number = message.step_number
        and planned.visit = message.visit
left join template on message.template_id = template.id
left join
    lateral (
        select
            decision.verdict,
            decision.reason,
            decision.hold_until
        from decision
        where decision.message_id = message.id
        order by decision.evaluation desc
        limit 1
    ) as decided
    on true
order by came.place, message.rung
