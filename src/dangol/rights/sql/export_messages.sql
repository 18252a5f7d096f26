-- Read every message planned for a customer, with the guard's last word on it.
-- Reads message, journey, template, decision.
select
    message.id,
    journey.title_ko as journey_ko,
    journey.title_en as journey_en,
    template.subject,
    message.channel,
    message.purpose,
    message.state,
    message.planned_at,
    last_word.verdict,
    last_word.reason,
    last_word.decided_at
from message
inner join journey on message.journey_id = journey.id
inner join template on message.template_id = template.id
left join lateral (
    select
        decision.verdict,
        decision.reason,
        decision.decided_at
    from decision
    where decision.message_id = message.id
    order by decision.evaluation desc
    limit 1
) as last_word on true
where
    message.workspace_id = %(workspace_id)s
    and message.customer_id = %(customer_id)s
order by message.planned_at, message.id
