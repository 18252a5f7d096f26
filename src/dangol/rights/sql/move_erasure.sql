-- Note how far an erasure has come.
-- Writes erasure. Locks the erasure.
update erasure
set
    state = %(state)s::erasure_state,
    done_at = case when %(state)s::erasure_state = 'done' then %(now)s::timestamptz end
where erasure.ref = %(ref)s and erasure.state <> 'done'
