-- Take devices of which nothing was heard for long, and name those whose vendor is to be asked.
-- Reads workspace, installation, customer, message, delivery, consent, suppression, customer_key.
-- Writes device. Locks the devices it takes.
-- All that are taken count as heard of, before anybody is asked: what a crash comes between is
-- asked when its time comes round again. Whoever refuses notifications, for whatever purpose, is
-- left alone.
with ours as (
    select
        workspace.id,
        %(now)s::timestamptz - make_interval(days => workspace.probe_days) as silent_since
    from workspace
    where
        workspace.id = %(workspace_id)s
        and workspace.probe_days > 0
        and not workspace.sending_paused
        and not exists (
            select
            from installation
            where installation.paused_at is not null
        )
),

silent as (
    select
        device.key,
        device.customer_id,
        coalesce(customer.head_id, customer.id) as person_id,
        device.token_key,
        device.sealed,
        device.key_of,
        ours.silent_since
    from ours
    inner join device on ours.id = device.workspace_id
    inner join customer on device.customer_id = customer.id
    where
        device.state = 'active'
        and device.platform <> 'web'
        and device.heard_at <= ours.silent_since
    order by device.heard_at, device.key
    limit %(batch)s
    for update of device skip locked
),

judged as (
    select
        silent.key,
        silent.token_key,
        silent.sealed,
        silent.key_of,
        pushed.at as pushed_at,
        pushed.at is null
        and not exists (
            select
            from consent
            where
                consent.customer_id in (silent.customer_id, silent.person_id)
                and consent.channel = 'push'
                and consent.state <> 'granted'
        )
        and not exists (
            select
            from suppression
            where
                suppression.workspace_id = %(workspace_id)s
                and suppression.channel = 'push'
                and suppression.address_key = silent.token_key
        ) as is_asked
    from silent
    cross join
        lateral (
            select max(delivery.settled_at) as at
            from message
            inner join delivery on message.id = delivery.message_id
            where
                message.customer_id in (silent.customer_id, silent.person_id)
                and message.channel = 'push'
                and delivery.state = 'accepted'
                and delivery.address_key = silent.token_key
                and delivery.settled_at > silent.silent_since
        ) as pushed
),

noted as (
    update device
    set
        heard_at = coalesce(judged.pushed_at, %(now)s::timestamptz),
        probed_at = case
            when judged.is_asked then %(now)s::timestamptz else device.probed_at
        end
    from judged
    where device.workspace_id = %(workspace_id)s and device.key = judged.key
)

select
    judged.key,
    judged.token_key,
    judged.sealed,
    customer_key.wrapped
from judged
inner join customer_key on judged.key_of = customer_key.customer_id
where judged.is_asked
order by judged.key
