-- Read a customer's events that acted and that no flush has moved to the lake yet.
-- Leaves sorting to the caller: the planner would sort all that waits before it asks whose it is.
-- Reads acted_inbox_event, event_cursor.
select
    acted_inbox_event.event_id,
    acted_inbox_event.occurred_at,
    acted_inbox_event.received_at,
    acted_inbox_event.type::text as type,
    acted_inbox_event.name,
    acted_inbox_event.message_id,
    acted_inbox_event.order_id,
    acted_inbox_event.revenue,
    acted_inbox_event.currency,
    acted_inbox_event.product_id,
    acted_inbox_event.category,
    acted_inbox_event.quantity,
    acted_inbox_event.properties::text as properties
from acted_inbox_event
left join event_cursor as flushed
    on acted_inbox_event.workspace_id = flushed.workspace_id and flushed.reader = 'lake'
where
    acted_inbox_event.workspace_id = %(workspace_id)s
    and acted_inbox_event.reader = 'tick'
    and (acted_inbox_event.written_by, acted_inbox_event.event_id)
    > (coalesce(flushed.written_by, '0'::xid8), coalesce(flushed.event_id, 0))
    and acted_inbox_event.customer_id = any(%(customer_ids)s::bigint[])
