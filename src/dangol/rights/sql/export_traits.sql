-- Read a customer's traits, one a row; also what another of their parts said, if that is kept.
-- Reads customer.
select distinct
    trait.key as name,
    trait.value::text as value,
    to_timestamp((customer.traits_at ->> trait.key)::double precision) as said_at
from customer
cross join lateral jsonb_each(customer.traits) as trait (key, value)
where customer.workspace_id = %(workspace_id)s and customer.id = any(%(customer_ids)s::bigint[])
order by name, said_at desc, value
