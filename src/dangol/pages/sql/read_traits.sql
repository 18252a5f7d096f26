-- Read what the shop told about a customer.
-- Reads customer.
select customer.traits
from customer
where customer.workspace_id = %(workspace_id)s and customer.id = %(customer_id)s
