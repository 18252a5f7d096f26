-- Let the guard, the journeys and the segments pass over this customer from now on.
-- Writes customer. Locks the customer.
update customer
set state = 'erased'
where customer.workspace_id = %(workspace_id)s and customer.id = %(customer_id)s
