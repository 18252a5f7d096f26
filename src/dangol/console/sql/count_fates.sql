-- Count messages by where they are and by the guard's last word on them: each message once.
-- Reads message, decision, journey. Writes nothing. Locks nothing.
with audience as (
    select
        message.id,
        message.state
    from message
    inner join journey on message.journey_id = journey.id
    where
        message.workspace_id = %(workspace_id)s
        and (%(customer)s::bigint is null or message.customer_id = %(customer)s::bigint)
        and (%(message)s::bigint is null or message.id = %(message)s::bigint)
        and (%(journey)s::text is null or journey.name = %(journey)s::text)
        and (%(since)s::timestamptz is null or message.planned_at >= %(since)s::timestamptz)
)

select
    audience.state,
    last_word.reason::text as reason,
    count(*) as messages
from audience
left join lateral (
    select decision.reason
    from decision
    where decision.message_id = audience.id
    order by decision.evaluation desc
    limit 1
) as last_word on true
group by audience.state, last_word.reason
order by audience.state, last_word.reason
