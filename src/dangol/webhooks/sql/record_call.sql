-- Record what came of a call: taken, to be tried again after its pause, or failed for good.
-- Writes webhook_call. Locks the call.
update webhook_call
set
    state = case
        when %(taken)s::boolean then 'delivered'::webhook_state
        when %(spoiled)s::boolean or webhook_call.attempts > cardinality(%(pauses)s::interval[])
            then 'failed'
        else 'waiting'
    end,
    due_at = case
        when
            not %(taken)s::boolean
            and not %(spoiled)s::boolean
            and webhook_call.attempts <= cardinality(%(pauses)s::interval[])
            then %(now)s::timestamptz + greatest(
                (%(pauses)s::interval[])[webhook_call.attempts], %(patience)s::interval
            )
    end,
    settled_at = case
        when
            %(taken)s::boolean
            or %(spoiled)s::boolean or webhook_call.attempts > cardinality(%(pauses)s::interval[])
            then %(now)s::timestamptz
    end,
    lease_until = null,
    status = %(status)s::integer,
    answer = %(answer)s
where
    webhook_call.id = %(id)s
    and webhook_call.state = 'calling'
    and webhook_call.attempts = %(attempts)s
returning webhook_call.endpoint_id
