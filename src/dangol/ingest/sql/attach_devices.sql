-- Keep the tick's new devices; name whose devices changed. A token is one device's, and an app that
-- was gone and has a token again was installed again.
-- Reads tick_device, customer. Writes device, event. Locks the devices it changes.
with known as (
    select
        device.key,
        device.customer_id,
        device.state,
        device.token_key
    from device
    inner join tick_device on device.key = tick_device.key
    where device.workspace_id = %(workspace_id)s
),

replaced as (
    delete from device
    using tick_device
    where
        device.workspace_id = %(workspace_id)s
        and device.token_key = tick_device.token_key
        and device.key not in (select newer.key from tick_device as newer)
    returning device.customer_id
),

written as (
    insert into device (
        workspace_id, key, key_of, customer_id, platform, token_key, sealed, registered_at,
        changed_at, heard_at
    )
    select
        %(workspace_id)s,
        tick_device.key,
        tick_device.customer_id as key_of,
        tick_device.customer_id,
        tick_device.platform,
        tick_device.token_key,
        tick_device.sealed,
        tick_device.registered_at,
        %(now)s::timestamptz,
        tick_device.registered_at as heard_at
    from tick_device
    order by tick_device.key
    on conflict (workspace_id, key) do update
        set
            customer_id = excluded.customer_id,
            platform = excluded.platform,
            token_key = excluded.token_key,
            sealed = excluded.sealed,
            key_of = excluded.key_of,
            state = 'active',
            refused_because = '',
            registered_at = excluded.registered_at,
            changed_at = excluded.changed_at,
            heard_at = excluded.heard_at,
            probed_at = null
),

returned as (
    insert into event (
        workspace_id, received_at, occurred_at, type, name, message_id, customer_id, properties
    )
    select
        %(workspace_id)s,
        %(now)s::timestamptz,
        tick_device.registered_at,
        'track',
        'App Reinstalled',
        'device:' || tick_device.token_key || ':reinstalled',
        coalesce(customer.head_id, customer.id),
        jsonb_build_object('platform', tick_device.platform)
    from known
    inner join tick_device on known.key = tick_device.key
    inner join customer on tick_device.customer_id = customer.id
    where known.state = 'uninstalled'
)

select known.customer_id from known
union
select replaced.customer_id from replaced
union
select tick_device.customer_id from tick_device
