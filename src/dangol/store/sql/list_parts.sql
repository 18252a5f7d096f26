-- Read under which ids a customer's events are kept: their own and those of their parts.
-- Reads customer.
select customer.id
from customer
where customer.workspace_id = %(workspace_id)s and customer.id = %(customer_id)s
union all
select customer.id
from customer
where customer.workspace_id = %(workspace_id)s and customer.head_id = %(customer_id)s
