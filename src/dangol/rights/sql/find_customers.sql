-- Find everybody who is recognised by this, or reached at it, or has this number.
-- Reads identifier, address, customer.
-- Whoever was merged is found as the one they are now.
select identifier.customer_id
from identifier
where
    identifier.workspace_id = %(workspace_id)s
    and identifier.kind = %(kind)s::identifier_kind
    and identifier.key = %(key)s::text
    and identifier.customer_id is not null
union
select coalesce(customer.head_id, customer.id)
from address
inner join customer on address.customer_id = customer.id
where
    address.workspace_id = %(workspace_id)s
    and %(kind)s::identifier_kind = 'email'
    and address.channel = 'email'
    and address.key = %(key)s::text
union
select coalesce(customer.head_id, customer.id)
from customer
where
    customer.workspace_id = %(workspace_id)s
    and customer.id = %(customer_id)s::bigint
order by customer_id
