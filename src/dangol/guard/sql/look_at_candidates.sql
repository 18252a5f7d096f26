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
    exists(
        select
        from candidate
        where (
            select customer.state
            from customer
            where customer.id = candidate.customer_id
        ) = 'erased'
    ) as skip_erased,
    exists(
        select
        from candidate
        inner join journey on candidate.journey_id = journey.id
        where journey.state = 'stopped'
    ) as skip_stopped,
    exists(
        select
        from candidate
        where candidate.enrollment_id = any(
            select conversion.enrollment_id
            from conversion
            where conversion.enrollment_id = candidate.enrollment_id
        )
    ) as skip_converted,
    exists(
        select
        from candidate
        where candidate.expires_at <= %(now)s
    ) as skip_expired,
    exists(
        select
        from candidate
        inner join journey on candidate.journey_id = journey.id
        where journey.state = 'paused'
    ) as hold_while_paused
