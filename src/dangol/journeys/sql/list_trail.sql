-- List the steps an enrollment came to, in order, each with when, and what it led to.
-- Reads enrollment, journey_step, message, decision, template. Writes nothing. Locks nothing.
-- A step that was visited several times has several messages; each visit tells its own.
with came as (
    select
        trail.place,
        trail.step_id,
        trail.at,
        enrollment.id as enrollment_id
    from enrollment
    cross join
        lateral unnest(enrollment.trail, enrollment.trail_at)
        with ordinality as trail (step_id, at, place)
    where enrollment.workspace_id = %(workspace_id)s and enrollment.id = %(enrollment_id)s
)

select
    came.at,
    journey_step.name as step,
    journey_step.kind,
    lead(journey_step.name) over (order by came.place) as led_to,
    template.name as template,
    message.state as message_state,
    decided.verdict,
    decided.reason,
    decided.hold_until
from came
inner join journey_step on came.step_id = journey_step.id
left join message
    on
        came.enrollment_id = message.enrollment_id
        and journey_step.version_id = message.version_id
        and journey_step.number = message.step_number
        and came.at = message.planned_at
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
order by came.place
