-- List calls of a workspace, the last to happen first: of one endpoint, in one state, or all.
-- Reads webhook_call, webhook_endpoint.
select
    webhook_call.ref,
    webhook_endpoint.name as endpoint,
    webhook_call.kind::text as kind,
    webhook_call.customer_id,
    webhook_call.occurred_at,
    webhook_call.state::text as state,
    webhook_call.attempts,
    nullif(webhook_call.due_at, '-infinity') as due_at,
    webhook_call.settled_at,
    webhook_call.status,
    webhook_call.answer
from webhook_call
inner join webhook_endpoint on webhook_call.endpoint_id = webhook_endpoint.id
where
    webhook_endpoint.workspace_id = %(workspace_id)s
    and coalesce(webhook_endpoint.name = %(endpoint)s::text, true)
    and coalesce(webhook_call.state = %(state)s::webhook_state, true)
order by webhook_call.occurred_at desc, webhook_call.id desc
limit %(most)s
