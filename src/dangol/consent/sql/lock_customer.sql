-- Take turns with everybody else who changes this customer's consents.
-- Reads customer. Writes nothing. Locks the customer.
select customer.id
from customer
where customer.workspace_id = %(workspace_id)s and customer.id = %(customer_id)s
for no key update
