-- Count what would leave at once if sending began now, and how long the oldest has waited.
-- Reads message, delivery.
select
    message.channel,
    message.purpose,
    count(*) as waiting,
    min(coalesce(message.act_at, delivery.claimed_at)) as oldest_at
from message
left join delivery on message.id = delivery.message_id and delivery.state = 'claimed'
where
    (%(workspace_id)s::integer is null or message.workspace_id = %(workspace_id)s::integer)
    and (
        (
            message.state in ('planned', 'held', 'allowed')
            and message.act_at <= %(now)s::timestamptz
        )
        or (message.state = 'handed' and delivery.id is not null)
    )
group by message.channel, message.purpose
order by message.channel, message.purpose
