-- Claim the allowed messages whose time has come, each as a new attempt.
-- Reads workspace, customer, address, customer_key, enrollment.
-- Writes message, delivery. Locks the messages it claims.
with due as (
    select
        message.id,
        message.workspace_id,
        message.customer_id,
        message.channel,
        message.journey_id,
        message.template_id,
        message.purpose,
        message.enrollment_id
    from message
    inner join workspace on message.workspace_id = workspace.id
    where
        message.workspace_id = %(workspace_id)s
        and message.channel = %(channel)s::channel
        and message.state = 'allowed'
        and message.act_at <= %(now)s::timestamptz
        and not workspace.sending_paused
    order by message.act_at, message.id
    limit %(batch)s
    for update of message skip locked
),

handed as (
    update message
    set state = 'handed', act_at = null
    from due
    where message.id = due.id
),

claimed as (
    insert into delivery (
        workspace_id, message_id, customer_id, attempt, channel, provider, address_key,
        state, claimed_by, claimed_at, lease_until
    )
    select
        due.workspace_id,
        due.id,
        due.customer_id,
        1 + coalesce(
            (
                select max(earlier.attempt)
                from delivery as earlier
                where earlier.message_id = due.id
            ), 0
        ),
        due.channel,
        %(provider)s,
        coalesce(address.key, ''),
        'claimed',
        %(worker)s,
        %(now)s::timestamptz,
        %(now)s::timestamptz + %(lease)s::interval
    from due
    left join address on due.customer_id = address.customer_id and due.channel = address.channel
    -- A message that still has a live attempt is handed over already.
    on conflict do nothing
    returning id, message_id
)

select
    claimed.id as delivery_id,
    due.workspace_id,
    due.id as message_id,
    due.customer_id,
    due.journey_id,
    due.template_id,
    due.purpose,
    address.sealed as address,
    customer_key.wrapped as address_key,
    customer.traits,
    enrollment.entry_properties as event
from claimed
inner join due on claimed.message_id = due.id
left join enrollment on due.enrollment_id = enrollment.id
inner join customer on due.customer_id = customer.id
left join address on due.customer_id = address.customer_id and due.channel = address.channel
left join customer_key on address.key_of = customer_key.customer_id
order by claimed.id
