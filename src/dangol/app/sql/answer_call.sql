-- Let a story's call be answered without being made.
-- Writes webhook_call. Locks the call.
update webhook_call
set
    state = case when %(taken)s then 'delivered'::webhook_state else 'failed'::webhook_state end,
    due_at = null,
    settled_at = %(now)s::timestamptz,
    attempts = webhook_call.attempts + 1
where webhook_call.id = %(id)s and webhook_call.state = 'waiting'
