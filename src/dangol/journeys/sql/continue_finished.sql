-- Let those who had finished go on at a step of another version; the next tick moves them.
-- Writes enrollment. Locks the enrollments it wakes.
update enrollment
set
    version_id = %(version_id)s::integer,
    step_number = %(step_number)s::integer,
    state = 'active',
    end_reason = null,
    ended_at = null
where
    enrollment.id = any(%(enrollment_ids)s::bigint[])
    and enrollment.state = 'ended'
    and enrollment.end_reason = 'completed'
