-- Read a customer's events that acted and that no flush has moved to the lake yet.
-- Reads waiting_event.
select
    waiting_event.event_id,
    waiting_event.occurred_at,
    waiting_event.type,
    waiting_event.name,
    waiting_event.order_id,
    waiting_event.revenue,
    waiting_event.currency,
    waiting_event.product_id,
    waiting_event.category,
    waiting_event.quantity,
    waiting_event.properties
from waiting_event
where
    waiting_event.workspace_id = %(workspace_id)s
    and waiting_event.customer_id = any(%(customer_ids)s::bigint[])
