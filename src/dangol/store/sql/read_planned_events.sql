-- Read the planned events that acted, as the lake keeps them: each with its customer, sorted by it;
-- and the event's digest, which the lake does not keep.
-- Looks each event up by itself (lateral, limit): the planner would read all of acted_event, which
-- keeps imports for ever.
-- Reads event_cursor, event, acted_event.
select
    event.workspace_id,
    acted.customer_id,
    event.id as event_id,
    event.occurred_at,
    event.received_at,
    (event.occurred_at at time zone 'utc')::date as day,
    date_trunc('month', event.occurred_at at time zone 'utc')::date as month,
    event.type,
    event.name,
    event.message_id,
    event.order_id,
    event.revenue,
    event.currency,
    event.product_id,
    event.category,
    event.quantity,
    event.properties,
    digest_event(event, acted.customer_id) as digest
from event_cursor as plan
left join event_cursor as flushed
    on plan.workspace_id = flushed.workspace_id and flushed.reader = 'lake'
inner join event
    on
        plan.workspace_id = event.workspace_id
        and (event.written_by, event.id)
        > (coalesce(flushed.written_by, '0'::xid8), coalesce(flushed.event_id, 0))
        and (event.written_by, event.id) <= (plan.written_by, plan.event_id)
cross join
    lateral (
        select acted_event.customer_id
        from acted_event
        where acted_event.workspace_id = event.workspace_id and acted_event.event_id = event.id
        order by acted_event.event_id
        limit 1
    ) as acted
where plan.workspace_id = %(workspace_id)s and plan.reader = 'lake_plan'
order by acted.customer_id, event.occurred_at, event.id
