-- A page of customers, newest first: all, or those with an id, in a segment, or under a reason.
-- Reads customer, identifier, address, customer_key, activity, consent, membership, decision.
select
    customer.id,
    customer.last_seen_at,
    known.external_id,
    reached.sealed as email_sealed,
    reached_key.wrapped as email_wrapped,
    coalesce(orders.count, 0) as orders,
    coalesce(consent.state = 'granted', false) as consented
from customer
left join lateral (
    select min(identifier.key) filter (where identifier.kind = 'external') as external_id
    from identifier
    where identifier.customer_id = customer.id
) as known on true
left join address as reached
    on customer.id = reached.customer_id and reached.channel = 'email'
left join customer_key as reached_key on reached.key_of = reached_key.customer_id
left join activity as orders
    on customer.id = orders.customer_id and orders.event_name = 'Order Completed'
left join consent
    on
        customer.id = consent.customer_id
        and consent.channel = 'email' and consent.purpose = 'marketing'
where
    customer.workspace_id = %(workspace_id)s
    and customer.state = 'active'
    and customer.id < %(before)s::bigint
    and (
        %(query)s::text = ''
        or exists (
            select 1
            from identifier
            where
                identifier.customer_id = customer.id
                and identifier.kind in ('external', 'anonymous')
                and starts_with(identifier.key, %(query)s::text)
        )
        or customer.id in (
            select identifier.customer_id
            from identifier
            where
                identifier.workspace_id = %(workspace_id)s
                and identifier.kind = 'email'
                and identifier.key = %(email_key)s::text
            -- What a family shares leads to nobody, and reaches each of them.
            union all
            select address.customer_id
            from address
            where
                address.workspace_id = %(workspace_id)s
                and address.channel = 'email'
                and address.key = %(email_key)s::text
        )
    )
    and (
        %(segment_id)s::bigint is null
        or exists (
            select 1
            from membership
            where
                membership.segment_id = %(segment_id)s::bigint
                and membership.customer_id = customer.id
        )
    )
    and (
        %(reason)s::decision_reason is null
        or exists (
            select 1
            from decision
            where
                decision.customer_id = customer.id
                and decision.reason = %(reason)s::decision_reason
        )
    )
order by customer.id desc
limit %(batch)s
