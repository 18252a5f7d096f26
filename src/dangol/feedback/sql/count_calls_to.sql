-- Count what is being sent at this moment to any of these people, or to these addresses.
-- Reads delivery.
select count(*)
from delivery
where
    delivery.workspace_id = %(workspace_id)s
    and delivery.state = 'calling'
    and delivery.channel = any(%(channels)s::channel[])
    and (
        delivery.customer_id = any(%(customer_ids)s::bigint[])
        or delivery.address_key = any(%(keys)s::text[])
    )
