-- Read what a customer is recognised by and reached at.
-- Reads identifier, address.
select
    identifier.kind::text as kind,
    identifier.key
from identifier
where
    identifier.workspace_id = %(workspace_id)s
    and identifier.customer_id = %(customer_id)s
union
select
    address.channel::text,
    address.key
from address
where address.workspace_id = %(workspace_id)s and address.customer_id = %(customer_id)s
order by kind, key
