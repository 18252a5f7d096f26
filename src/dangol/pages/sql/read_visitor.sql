-- Read who a message was for: whether they are still a customer, and their address, sealed.
-- Reads message, customer, address, customer_key.
select
    customer.id,
    customer.state,
    address.key,
    address.sealed,
    customer_key.wrapped
from message
inner join customer on message.customer_id = customer.id
left join address
    on customer.id = address.customer_id and message.channel = address.channel
left join customer_key on address.key_of = customer_key.customer_id
where message.workspace_id = %(workspace_id)s and message.id = %(message_id)s
