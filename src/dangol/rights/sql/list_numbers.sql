-- List the numbers that customers have.
-- Reads customer.
select customer.id
from customer
where customer.workspace_id = %(workspace_id)s
