-- Tell which of the rules that seldom speak may have something to say about the candidates.
-- Reads candidate, suppression, customer, journey, conversion. Writes nothing. Locks nothing.
-- Each is named like its rule, and true wherever the rule would find somebody. Customers and
-- conversions are looked up one by one: there are many more of them than candidates.
select
    exists(
        select
        from suppression
        where suppression.workspace_id = %(workspace_id)s
    ) as skip_suppressed,
    coalesce(bool_or(seen.customer_state = 'erased'), false) as skip_erased,
    coalesce(bool_or(seen.journey_state = 'stopped'), false) as skip_stopped,
    coalesce(bool_or(seen.is_converted), false) as skip_converted,
    coalesce(bool_or(seen.expires_at <= %(now)s), false) as skip_expired,
    coalesce(bool_or(seen.journey_state = 'paused'), false) as hold_while_paused
from (
    select
        candidate.expires_at,
        journey.state as journey_state,
        (
            select customer.state
            from customer
            where customer.id = candidate.customer_id
        ) as customer_state,
        (
            select count(*) > 0
            from conversion
            where conversion.enrollment_id = candidate.enrollment_id
        ) as is_converted
    from candidate
    left join journey on candidate.journey_id = journey.id
) as seen
