-- List a workspace's endpoints with how they fare and what became of their calls.
-- Reads webhook_endpoint, webhook_call.
select
    webhook_endpoint.id,
    webhook_endpoint.name,
    webhook_endpoint.url,
    webhook_endpoint.kinds::text[] as kinds,
    webhook_endpoint.created_at,
    webhook_endpoint.header_names,
    case
        when webhook_endpoint.previous_until > %(now)s::timestamptz
            then webhook_endpoint.previous_until
    end as previous_until,
    webhook_endpoint.failures,
    webhook_endpoint.failing_since,
    case
        when webhook_endpoint.rests_until > %(now)s::timestamptz
            then webhook_endpoint.rests_until
    end as rests_until,
    webhook_endpoint.disabled_at,
    webhook_endpoint.disabled_because,
    count(*) filter (where webhook_call.state in ('waiting', 'calling')) as waiting,
    count(*) filter (where webhook_call.state = 'delivered') as delivered,
    count(*) filter (where webhook_call.state = 'failed') as failed,
    count(*) filter (where webhook_call.state = 'dropped') as dropped,
    min(webhook_call.occurred_at) filter (where webhook_call.state in ('waiting', 'calling'))
        as oldest_waiting_at
from webhook_endpoint
left join webhook_call on webhook_endpoint.id = webhook_call.endpoint_id
where webhook_endpoint.workspace_id = %(workspace_id)s
group by webhook_endpoint.id
order by webhook_endpoint.name
