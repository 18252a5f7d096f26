-- End everybody who is inside a journey that is being stopped.
-- Reads nothing. Writes enrollment. Locks the enrollments it ends.
update enrollment
set
    state = 'ended',
    end_reason = 'stopped',
    ended_at = %(now)s::timestamptz,
    wake_at = null,
    waits_since = null
where enrollment.journey_id = %(journey_id)s and enrollment.state in ('active', 'waiting')
