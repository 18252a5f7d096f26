-- Read a customer's devices; their tokens sealed, beside the keys that open them.
-- Reads device, customer_key.
select
    device.platform::text as platform,
    '' as token,
    device.state::text as state,
    device.registered_at,
    device.changed_at,
    'push' as sealed_as,
    device.sealed,
    customer_key.wrapped
from device
left join customer_key on device.key_of = customer_key.customer_id
where
    device.workspace_id = %(workspace_id)s
    and device.customer_id = any(%(customer_ids)s::bigint[])
order by device.registered_at, device.key
