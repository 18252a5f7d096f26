-- Read what is known of active customers, all or some; of the traits, those that are asked for.
-- Reads customer.
select
    customer.id as customer_id,
    customer.first_seen_at,
    customer.last_seen_at,
    customer.locale,
    customer.country,
    customer.time_zone,
    (
        select coalesce(jsonb_object_agg(trait.key, trait.value), '{}')
        from jsonb_each(customer.traits) as trait
        where trait.key = any(%(traits)s::text[])
    ) as traits
from customer
where
    customer.workspace_id = %(workspace_id)s
    and customer.state = 'active'
    and (
        %(customer_ids)s::bigint[] is null
        or customer.id = any(%(customer_ids)s::bigint[])
    )
order by customer.id
