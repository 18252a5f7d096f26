-- Let the guard, the journeys and the segments pass over this customer from now on. A part that is
-- to be forgotten is nobody's part any more, so that no head is made of it again.
-- Writes customer. Locks the customer.
update customer
set state = 'erased', head_id = null, keeps_id = null, joined_at = null
where customer.workspace_id = %(workspace_id)s and customer.id = %(customer_id)s
