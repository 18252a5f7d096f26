-- List what was told about the customer to the shop's other software, and whether it arrived.
-- Reads webhook_call, webhook_endpoint.
select
    webhook_endpoint.name as endpoint,
    webhook_endpoint.url,
    webhook_call.kind::text as kind,
    webhook_call.occurred_at,
    webhook_call.state::text as state,
    webhook_call.settled_at,
    webhook_call.data::text as data
from webhook_call
inner join webhook_endpoint on webhook_call.endpoint_id = webhook_endpoint.id
where
    webhook_call.workspace_id = %(workspace_id)s
    and webhook_call.customer_id = %(customer_id)s
order by webhook_call.id
