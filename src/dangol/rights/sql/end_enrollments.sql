-- End every journey of the customer.
-- Writes enrollment. Locks the enrollments it ends.
update enrollment
set
    state = 'ended',
    end_reason = 'stopped',
    ended_at = %(now)s::timestamptz,
    wake_at = null,
    parked_because = null
where
    enrollment.workspace_id = %(workspace_id)s
    and enrollment.customer_id = %(customer_id)s
    and enrollment.state <> 'ended'
