-- Find everybody who is recognised by this, or reached at it, or has this number.
-- Reads identifier, address, customer.
select identifier.customer_id
from identifier
where
    identifier.workspace_id = %(workspace_id)s
    and identifier.kind = %(kind)s::identifier_kind
    and identifier.key = %(key)s::text
union
select address.customer_id
from address
where
    address.workspace_id = %(workspace_id)s
    and %(kind)s::identifier_kind = 'email'
    and address.channel = 'email'
    and address.key = %(key)s::text
union
select customer.id
from customer
where
    customer.workspace_id = %(workspace_id)s
    and customer.id = %(customer_id)s::bigint
order by customer_id
