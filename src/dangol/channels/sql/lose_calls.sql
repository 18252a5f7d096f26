-- Admit of every call that has outlived its lease that nobody knows its outcome.
-- Writes delivery. Locks the deliveries it settles.
update delivery
set
    state = 'unknown',
    settled_at = %(now)s::timestamptz,
    code = 'lease_over',
    detail = 'The worker that made this call did not report back; it may have been delivered.'
where
    workspace_id = %(workspace_id)s
    and state = 'calling'
    and lease_until < %(now)s::timestamptz
