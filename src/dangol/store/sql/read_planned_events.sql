-- Read the planned events that acted, as the lake keeps them: each with its customer, sorted by it;
-- and the event's digest, which the lake does not keep.
-- Reads acted_inbox_event, event_cursor.
select
    acted_inbox_event.workspace_id,
    acted_inbox_event.customer_id,
    acted_inbox_event.event_id,
    acted_inbox_event.occurred_at,
    acted_inbox_event.received_at,
    (acted_inbox_event.occurred_at at time zone 'utc')::date as day,
    date_trunc('month', acted_inbox_event.occurred_at at time zone 'utc')::date as month,
    acted_inbox_event.type,
    acted_inbox_event.name,
    acted_inbox_event.message_id,
    acted_inbox_event.order_id,
    acted_inbox_event.revenue,
    acted_inbox_event.currency,
    acted_inbox_event.product_id,
    acted_inbox_event.category,
    acted_inbox_event.quantity,
    acted_inbox_event.properties,
    acted_inbox_event.digest
from acted_inbox_event
left join event_cursor as flushed
    on acted_inbox_event.workspace_id = flushed.workspace_id and flushed.reader = 'lake'
where
    acted_inbox_event.workspace_id = %(workspace_id)s
    and acted_inbox_event.reader = 'lake_plan'
    and (acted_inbox_event.written_by, acted_inbox_event.event_id)
    > (coalesce(flushed.written_by, '0'::xid8), coalesce(flushed.event_id, 0))
order by
    acted_inbox_event.customer_id, acted_inbox_event.occurred_at, acted_inbox_event.event_id
