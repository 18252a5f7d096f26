-- What a part is known by.
-- Reads identifier, customer, customer_key.
select
    identifier.kind,
    identifier.key,
    identifier.sealed,
    customer_key.wrapped
from customer
inner join identifier on customer.id = identifier.part_id
left join customer_key on identifier.key_of = customer_key.customer_id
where
    customer.workspace_id = %(workspace_id)s
    and (customer.id = %(part_id)s or customer.keeps_id = %(part_id)s)
order by identifier.kind, identifier.first_seen_at
