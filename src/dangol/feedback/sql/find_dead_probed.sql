-- Find the devices of tokens that their vendor says are dead, still with the token of then.
-- Reads device. Locks the devices, in one order.
select
    device.key,
    told.code
from device
inner join
    unnest(
        %(keys)s::text[],
        %(token_keys)s::text[],
        %(codes)s::text[],
        %(gone_at)s::timestamptz[]
    ) as told (key, token_key, code, gone_at)
    on device.key = told.key and device.token_key = told.token_key
where
    device.workspace_id = %(workspace_id)s
    and device.state = 'active'
    -- Who registered after the vendor lost sight of the app has it.
    and coalesce(device.registered_at <= told.gone_at, true)
order by device.key
for update of device
