-- Read a customer's events that acted and that no flush has moved to the lake yet.
-- Looks each event up by itself (lateral, limit): the planner would read all of acted_event, which
-- keeps imports for ever.
-- Reads event_cursor, event, acted_event.
select
    event.id as event_id,
    event.occurred_at,
    event.received_at,
    event.type::text as type,
    event.name,
    event.message_id,
    event.order_id,
    event.revenue,
    event.currency,
    event.product_id,
    event.category,
    event.quantity,
    event.properties::text as properties
from event_cursor as tick
left join event_cursor as flushed
    on tick.workspace_id = flushed.workspace_id and flushed.reader = 'lake'
inner join event
    on
        tick.workspace_id = event.workspace_id
        and (event.written_by, event.id)
        > (coalesce(flushed.written_by, '0'::xid8), coalesce(flushed.event_id, 0))
        and (event.written_by, event.id) <= (tick.written_by, tick.event_id)
cross join
    lateral (
        select acted_event.customer_id
        from acted_event
        where acted_event.workspace_id = event.workspace_id and acted_event.event_id = event.id
        order by acted_event.event_id
        limit 1
    ) as acted
where
    tick.workspace_id = %(workspace_id)s
    and tick.reader = 'tick'
    and acted.customer_id = any(%(customer_ids)s::bigint[])
order by event.occurred_at, event.id
