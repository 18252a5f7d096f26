-- The attempts to hand a message over, in order.
-- Reads delivery.
select
    delivery.attempt,
    delivery.state,
    delivery.provider,
    coalesce(delivery.settled_at, delivery.calling_at, delivery.claimed_at) as at,
    delivery.retry_at,
    delivery.code,
    delivery.detail
from delivery
where delivery.workspace_id = %(workspace_id)s and delivery.message_id = %(message_id)s
order by delivery.attempt
