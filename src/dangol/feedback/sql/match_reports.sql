-- Find the messages that reports are about, by our names for them and by the vendor's.
-- Reads message, delivery.
select
    message.id,
    null::text as vendor_id
from message
where
    message.workspace_id = %(workspace_id)s
    and message.id = any(%(message_ids)s::bigint[])
union all
select
    delivery.message_id,
    delivery.provider_message_id
from delivery
where
    delivery.workspace_id = %(workspace_id)s
    and delivery.provider = %(provider)s
    and delivery.provider_message_id = any(%(vendor_ids)s::text[])
