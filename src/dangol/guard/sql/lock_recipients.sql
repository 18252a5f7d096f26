-- Let none of these messages' customers be erased before this transaction is over.
-- Reads message, customer. Writes nothing. Locks the customers, in order; others may still change.
select customer.id
from customer
where
    customer.workspace_id = %(workspace_id)s
    and customer.id in (
        select message.customer_id
        from message
        where message.id = any(%(message_ids)s::bigint[])
    )
order by customer.id
for key share
