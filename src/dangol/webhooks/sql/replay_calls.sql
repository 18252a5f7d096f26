-- Let calls that are over be made again, with all their attempts before them.
-- Reads webhook_endpoint. Writes webhook_call. Locks the calls it takes.
update webhook_call
set
    state = 'waiting',
    attempts = 0,
    due_at = %(now)s::timestamptz,
    settled_at = null
from webhook_endpoint
where
    webhook_call.endpoint_id = webhook_endpoint.id
    and webhook_endpoint.workspace_id = %(workspace_id)s
    and webhook_endpoint.name = %(endpoint)s
    and (
        webhook_call.state = 'failed'
        or (webhook_call.state = 'delivered' and not %(only_failed)s::boolean)
    )
    and coalesce(webhook_call.ref = %(ref)s::uuid, true)
    and coalesce(webhook_call.occurred_at >= %(since)s::timestamptz, true)
    and coalesce(webhook_call.occurred_at < %(until)s::timestamptz, true)
