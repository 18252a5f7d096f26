-- Count what is being handed over to the customer at this moment.
-- Reads delivery, message.
select count(*)
from message
inner join delivery on message.id = delivery.message_id
where
    message.workspace_id = %(workspace_id)s
    and message.customer_id = %(customer_id)s
    and delivery.state = 'calling'
