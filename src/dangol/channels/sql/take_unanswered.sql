-- Take calls without an answer about which their vendor can be asked by now, the oldest first.
-- Reads address, customer_key. Writes delivery. Locks the deliveries it takes.
with due as (
    select delivery.id
    from delivery
    where
        delivery.workspace_id = %(workspace_id)s
        and delivery.provider = %(provider)s
        and delivery.state = 'unknown'
        -- Since its end, too: the call may have begun long after its mark.
        and delivery.calling_at <= %(now)s::timestamptz - %(visible_after)s::interval
        and delivery.settled_at <= %(now)s::timestamptz - %(visible_after)s::interval
        and delivery.calling_at > %(now)s::timestamptz - %(at_most)s::interval
        and (
            delivery.asked_at is null
            or delivery.asked_at <= %(now)s::timestamptz - %(visible_after)s::interval
        )
    order by delivery.calling_at, delivery.id
    limit %(batch)s
    for update skip locked
),

taken as (
    update delivery
    set asked_at = %(now)s::timestamptz
    from due
    where delivery.id = due.id
    returning
        delivery.id,
        delivery.message_id,
        delivery.customer_id,
        delivery.channel,
        delivery.calling_at
)

select
    taken.id as delivery_id,
    taken.message_id,
    taken.channel,
    taken.calling_at as called_at,
    address.sealed as address,
    customer_key.wrapped as address_key
from taken
left join address on taken.customer_id = address.customer_id and taken.channel = address.channel
left join customer_key on address.key_of = customer_key.customer_id
order by taken.id
