-- List what the guard decided about messages, in the order of messages and of its looks at them.
-- Reads decision, message, journey, template. Writes nothing. Locks nothing.
select
    decision.message_id,
    decision.evaluation,
    decision.customer_id,
    journey.name as journey,
    template.name as template,
    message.channel,
    message.purpose,
    message.planned_at,
    decision.stage,
    decision.verdict,
    decision.reasons::text[] as reasons,
    decision.hold_until,
    decision.decided_at
from decision
inner join message on decision.message_id = message.id
inner join journey on message.journey_id = journey.id
inner join template on message.template_id = template.id
where
    decision.workspace_id = %(workspace_id)s
    and (decision.message_id, decision.evaluation) > (%(after_message)s, %(after_look)s)
    and (%(customer)s::bigint is null or decision.customer_id = %(customer)s::bigint)
    and (%(message)s::bigint is null or decision.message_id = %(message)s::bigint)
    and (%(journey)s::text is null or journey.name = %(journey)s::text)
    and (%(since)s::timestamptz is null or message.planned_at >= %(since)s::timestamptz)
order by decision.message_id, decision.evaluation
limit %(most)s
