-- Drop what has not been told to others about the customer yet.
-- Writes webhook_call. Locks the calls it drops.
update webhook_call
set state = 'dropped', due_at = null, settled_at = %(now)s::timestamptz, answer = 'erased'
where
    webhook_call.workspace_id = %(workspace_id)s
    and webhook_call.customer_id = %(customer_id)s
    and webhook_call.state = 'waiting'
