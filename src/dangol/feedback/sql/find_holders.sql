-- Find the customer a message was for, and whoever else holds the address it went to.
-- Reads message, delivery, address.
select message.customer_id
from message
where message.workspace_id = %(workspace_id)s and message.id = %(message_id)s
union
select address.customer_id
from delivery as tried
inner join address
    on
        tried.workspace_id = address.workspace_id
        and tried.channel = address.channel
        and tried.address_key = address.key
where tried.workspace_id = %(workspace_id)s and tried.message_id = %(message_id)s
order by customer_id
