-- List everybody who takes part in a trial: heads only.
-- Reads customer. Writes nothing. Locks nothing.
select customer.id
from customer
where customer.workspace_id = %(workspace_id)s and customer.state = 'active'
order by customer.id
