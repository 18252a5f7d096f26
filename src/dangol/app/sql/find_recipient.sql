-- Say whose a message is.
-- Reads message.
select message.customer_id
from message
where message.workspace_id = %(workspace_id)s and message.id = %(message_id)s
