-- Whom does a customer count for, if nobody asked to be forgotten?
-- Reads customer.
select head.id
from customer
inner join customer as head on coalesce(customer.head_id, customer.id) = head.id
where
    customer.workspace_id = %(workspace_id)s
    and customer.id = %(customer_id)s
    and customer.state <> 'erased'
    and head.state <> 'erased'
