-- Find the devices that these messages were last handed to, still with the token of then.
-- Reads delivery, device. Locks the devices, in one order.
with tried as (
    select distinct on (told.message_id)
        told.message_id,
        told.code,
        told.gone_at,
        delivery.workspace_id,
        delivery.address_key
    from
        unnest(
            %(message_ids)s::bigint[], %(codes)s::text[], %(gone_at)s::timestamptz[]
        ) as told (message_id, code, gone_at)
    inner join delivery on told.message_id = delivery.message_id
    where delivery.channel = 'push'
    order by told.message_id asc, delivery.attempt desc
)

select
    tried.message_id,
    device.workspace_id,
    device.key,
    tried.code,
    -- Who registered after the vendor lost sight of the app has it.
    device.state = 'active'
    and coalesce(device.registered_at <= tried.gone_at, true) as is_dead
from device
inner join tried
    on
        device.workspace_id = tried.workspace_id
        and device.token_key = tried.address_key
order by device.workspace_id, device.key
for update of device
