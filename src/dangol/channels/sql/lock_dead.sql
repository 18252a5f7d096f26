-- Let nobody else settle some deliveries and their messages before this transaction is over.
-- Reads delivery, message. Writes nothing. Locks both.
select delivery.id
from delivery
inner join message on delivery.message_id = message.id
where
    delivery.workspace_id = %(workspace_id)s
    and delivery.id = any(%(delivery_ids)s::bigint[])
order by delivery.id
for update of delivery, message
