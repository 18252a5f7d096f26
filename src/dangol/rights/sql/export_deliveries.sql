-- Read every attempt to hand a message to a vendor.
-- Reads message, delivery.
select
    delivery.message_id,
    delivery.attempt,
    delivery.channel,
    delivery.provider,
    delivery.state,
    coalesce(delivery.settled_at, delivery.calling_at, delivery.claimed_at) as at,
    delivery.code,
    delivery.detail
from message
inner join delivery on message.id = delivery.message_id
where
    message.workspace_id = %(workspace_id)s
    and message.customer_id = %(customer_id)s
order by delivery.message_id, delivery.attempt
