-- Read a customer's traits, one a row.
-- Reads customer.
select
    trait.key as name,
    trait.value::text as value,
    to_timestamp((customer.traits_at ->> trait.key)::double precision) as said_at
from customer
cross join lateral jsonb_each(customer.traits) as trait (key, value)
where customer.workspace_id = %(workspace_id)s and customer.id = %(customer_id)s
order by trait.key
