-- Take turns with everybody else who changes this customer's consents; return whose part it is.
-- Reads customer. Writes nothing. Locks the customer.
select customer.head_id
from customer
where customer.workspace_id = %(workspace_id)s and customer.id = %(customer_id)s
for no key update
