-- Read the highest id of a customer: there cannot be more of them.
-- Reads customer.
select coalesce(max(customer.id), 0)
from customer
where customer.workspace_id = %(workspace_id)s
