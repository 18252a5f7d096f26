-- List the advertising of those days as it really left: of the journey itself, only from before.
-- Reads message, journey, customer. Writes nothing. Locks nothing.
select
    message.allowed_at as at,
    message.id,
    %(trial)s::integer as workspace_id,
    message.customer_id,
    message.enrollment_id,
    message.journey_id,
    message.version_id,
    message.step_number,
    message.visit,
    message.rung,
    message.template_id,
    message.channel::text as channel,
    message.purpose::text as purpose,
    message.planned_at,
    message.expires_at,
    'handed' as state,
    message.allowed_at
from message
inner join journey on message.journey_id = journey.id
inner join customer on message.customer_id = customer.id
where
    message.workspace_id = %(workspace_id)s
    and customer.state <> 'erased'
    and message.purpose = 'marketing'
    and message.state in ('allowed', 'handed')
    and message.allowed_at > %(capped_since)s::timestamptz
    and message.allowed_at <= %(until)s::timestamptz
    and (journey.name <> %(journey)s or message.allowed_at <= %(since)s::timestamptz)
order by message.allowed_at, message.id
