-- A page of a customer's messages with the guard's last word on each, the newest first.
-- Reads message, journey, template, decision, delivery.
select
    message.id,
    journey.name as journey,
    journey.title_ko,
    journey.title_en,
    template.name as template,
    template.subject,
    message.channel,
    message.purpose,
    message.state,
    message.planned_at,
    last_word.verdict,
    coalesce(last_word.reasons::text[], '{}') as reasons,
    coalesce(last_word.evaluation, 0) as looks,
    last_word.decided_at,
    last_word.hold_until,
    handed.at as handed_at
from message
inner join journey on message.journey_id = journey.id
inner join template on message.template_id = template.id
left join lateral (
    select
        decision.verdict,
        decision.reasons,
        decision.evaluation,
        decision.decided_at,
        decision.hold_until
    from decision
    where decision.message_id = message.id
    order by decision.evaluation desc
    limit 1
) as last_word on true
left join lateral (
    select max(delivery.settled_at) as at
    from delivery
    where delivery.message_id = message.id and delivery.state = 'accepted'
) as handed on true
where
    message.workspace_id = %(workspace_id)s
    and message.customer_id = %(customer_id)s
    and message.id < %(before)s::bigint
order by message.id desc
limit %(batch)s
