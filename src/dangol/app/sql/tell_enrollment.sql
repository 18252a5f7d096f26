-- Tell what happened in one enrollment, in order.
-- Reads enrollment, message, template, decision, journey_step, conversion.
-- Writes nothing. Locks nothing.
with told as (
    select
        enrollment.entered_at as at,
        0 as rank,
        0::bigint as id,
        'entered' as kind,
        '' as what,
        '' as detail,
        null::timestamptz as until
    from enrollment
    where enrollment.id = %(enrollment_id)s
    union all
    select
        trail.at,
        1,
        trail.place,
        'came',
        journey_step.name,
        journey_step.kind::text,
        null
    from enrollment
    cross join
        lateral unnest(enrollment.trail, enrollment.trail_at) with ordinality
            as trail (step_id, at, place)
    inner join journey_step on trail.step_id = journey_step.id
    where enrollment.id = %(enrollment_id)s
    union all
    select
        decision.decided_at,
        2,
        decision.message_id * 1000 + decision.evaluation,
        decision.verdict::text,
        template.name,
        decision.reason::text,
        decision.hold_until
    from message
    inner join decision on message.id = decision.message_id
    inner join template on message.template_id = template.id
    where message.enrollment_id = %(enrollment_id)s
    union all
    select
        conversion.occurred_at,
        3,
        0,
        'reached',
        '',
        '',
        null
    from conversion
    where conversion.enrollment_id = %(enrollment_id)s
    union all
    select
        enrollment.ended_at,
        4,
        0,
        'left',
        '',
        enrollment.end_reason::text,
        null
    from enrollment
    where enrollment.id = %(enrollment_id)s and enrollment.state = 'ended'
)

select
    told.at,
    told.kind,
    told.what,
    told.detail,
    told.until
from told
order by told.at, told.rank, told.id
