-- List the newest messages to a customer, why each began, and what became of it.
-- Reads message, template, journey_version, decision, delivery, consent_notice.
select
    message.id,
    message.planned_at,
    message.act_at,
    message.channel,
    message.purpose,
    message.state,
    template.subject,
    journey_version.entry_kind,
    coalesce(journey_version.entry_event, '') as entry_event,
    coalesce(
        (
            select min(consent_notice.kind::text)
            from consent_notice
            where consent_notice.message_id = message.id
        ),
        ''
    ) as notice,
    coalesce(last_word.reason::text, '') as reason,
    coalesce(last_try.state::text, '') as delivery_state,
    last_try.settled_at
from message
inner join template on message.template_id = template.id
inner join journey_version on message.version_id = journey_version.id
left join lateral (
    select decision.reason
    from decision
    where decision.message_id = message.id
    order by decision.evaluation desc
    limit 1
) as last_word on true
left join lateral (
    select
        delivery.state,
        delivery.settled_at
    from delivery
    where delivery.message_id = message.id
    -- Of several attempts the one counts that leads to no other.
    order by delivery.state in ('released', 'retryable') asc, delivery.attempt desc
    limit 1
) as last_try on true
where
    message.workspace_id = %(workspace_id)s
    and message.customer_id = %(customer_id)s
order by message.planned_at desc, message.id desc
limit %(most)s
