-- Take turns with whoever is about to hand a message over to this customer.
-- Reads customer. Writes nothing. Locks the customer, against the guard's lock at the door.
select customer.state
from customer
where customer.workspace_id = %(workspace_id)s and customer.id = %(customer_id)s
for update
