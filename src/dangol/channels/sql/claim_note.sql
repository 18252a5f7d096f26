-- Claim the message that has waited longest for a customer's visit, as a new attempt.
-- Reads installation, workspace, delivery, activity, customer, template.
-- Writes message, delivery. Locks the message it claims.
-- None where this visit has had one, and none to somebody who is about to pay.
with due as (
    select
        message.id,
        message.workspace_id,
        message.customer_id,
        message.channel,
        message.template_id,
        message.purpose
    from message
    inner join workspace on message.workspace_id = workspace.id
    where
        message.workspace_id = %(workspace_id)s
        and message.customer_id = %(customer_id)s
        and message.channel = 'inapp'
        and message.state = 'allowed'
        and message.act_at <= %(now)s::timestamptz
        and not workspace.sending_paused
        and not exists (
            select
            from installation
            where installation.paused_at is not null
        )
        and not exists (
            select
            from message as shown
            inner join delivery on shown.id = delivery.message_id
            where
                shown.customer_id = %(customer_id)s
                and delivery.channel = 'inapp'
                and delivery.state = 'accepted'
                and (
                    delivery.claimed_by = %(visit)s
                    or delivery.claimed_at > %(now)s::timestamptz - %(visit_lasts)s::interval
                )
        )
        and not exists (
            select
            from activity as paying
            where
                paying.customer_id = %(customer_id)s
                and paying.event_name = any(%(paying_events)s::text[])
                and paying.last_at > %(now)s::timestamptz - %(paying_lasts)s::interval
                and not exists (
                    select
                    from activity as paid
                    where
                        paid.customer_id = %(customer_id)s
                        and paid.event_name = 'Order Completed'
                        and paid.last_at >= paying.last_at
                )
        )
    order by message.act_at, message.id
    limit 1
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
        'inapp',
        '',
        'claimed',
        %(visit)s,
        %(now)s::timestamptz,
        %(now)s::timestamptz + %(lease)s::interval
    from due
    on conflict do nothing
    returning id, message_id
)

select
    claimed.id as delivery_id,
    due.workspace_id,
    due.id as message_id,
    due.template_id,
    due.purpose,
    customer.traits
from claimed
inner join due on claimed.message_id = due.id
inner join customer on due.customer_id = customer.id
