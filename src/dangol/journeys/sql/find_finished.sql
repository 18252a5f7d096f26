-- Find those who had come to a journey's end and can go on in another version.
-- Reads enrollment, customer, journey_version, message, template, journey_step. Writes nothing.
-- Locks nothing. Only the last time each went through it, for each value of what re-entry is judged
-- by; not who is inside again; not who has had a message, or been let into a journey, that lies
-- ahead.
select last_time.id
from (
    select distinct on (
        enrollment.customer_id,
        enrollment.entry_properties ->> journey_version.entry_key
    )
        enrollment.id,
        enrollment.state,
        enrollment.end_reason,
        enrollment.ended_at,
        enrollment.version_id,
        enrollment.trail
    from enrollment
    inner join customer on enrollment.customer_id = customer.id
    inner join journey_version on enrollment.version_id = journey_version.id
    where enrollment.journey_id = %(journey_id)s and customer.state = 'active'
    order by
        enrollment.customer_id,
        enrollment.entry_properties ->> journey_version.entry_key,
        (enrollment.state in ('active', 'waiting')) desc,
        enrollment.entered_at desc,
        enrollment.id desc
) as last_time
where
    last_time.state = 'ended'
    and last_time.end_reason = 'completed'
    and last_time.ended_at > %(since)s::timestamptz
    and last_time.version_id <> coalesce(%(version_id)s::integer, 0)
    and not exists (
        select
        from message
        inner join template on message.template_id = template.id
        where
            message.enrollment_id = last_time.id
            and template.name = any(%(templates)s::text[])
    )
    and not exists (
        select
        from journey_step
        where
            journey_step.id = any(last_time.trail)
            and journey_step.journey_name = any(%(journeys)s::text[])
    )
