-- Note that apps are gone whose device has named no other token for long: an event each, and an
-- opt-out of the last notification that reached the device.
-- Reads customer, message, delivery. Writes device, event, receipt. Locks the devices.
with due as (
    select
        device.key,
        device.changed_at as suspected_at
    from device
    where
        device.workspace_id = %(workspace_id)s
        and device.state = 'suspected'
        and device.changed_at <= %(suspected_until)s::timestamptz
        and device.refused_because = any(%(codes)s::text[])
    order by device.key
    limit %(batch)s
    for update
),

settled as (
    update device
    set state = 'uninstalled', changed_at = %(now)s::timestamptz
    from due
    where device.workspace_id = %(workspace_id)s and device.key = due.key
    returning device.customer_id, device.platform, device.token_key
),

person as (
    select
        coalesce(customer.head_id, customer.id) as customer_id,
        settled.platform,
        settled.token_key
    from settled
    inner join customer on settled.customer_id = customer.id
),

told as (
    insert into event (
        workspace_id, received_at, occurred_at, type, name, message_id, customer_id, properties
    )
    select
        %(workspace_id)s,
        %(now)s::timestamptz,
        %(now)s::timestamptz,
        'track',
        'App Uninstalled',
        'device:' || person.token_key || ':uninstalled',
        person.customer_id,
        jsonb_build_object('platform', person.platform)
    from person
),

blamed as (
    insert into receipt (
        workspace_id, message_id, customer_id, kind, occurred_at, detail, dedupe_key
    )
    select
        %(workspace_id)s,
        last_message.id,
        person.customer_id,
        'unsubscribed',
        %(now)s::timestamptz,
        'app uninstalled',
        'uninstalled:' || person.token_key
    from person
    cross join
        lateral (
            select message.id
            from message
            inner join delivery on message.id = delivery.message_id
            where
                message.customer_id = person.customer_id
                and message.channel = 'push'
                and message.state = 'handed'
                and delivery.state = 'accepted'
                and delivery.address_key = person.token_key
            order by delivery.settled_at desc, message.id desc
            limit 1
        ) as last_message
    on conflict (workspace_id, dedupe_key) do nothing
)

select person.customer_id from person
