-- Settle as taken what nobody knew the end of, where it has arrived; it is not sent again.
-- Writes delivery, message. Locks both.
with arrived as materialized (
    select
        delivery.id,
        delivery.message_id
    from delivery
    inner join message on delivery.message_id = message.id
    where
        delivery.message_id = any(%(message_ids)s::bigint[])
        and (
            delivery.state = 'unknown'
            or (delivery.doubt_until is not null and message.state in ('allowed', 'held'))
            or (
                delivery.state = 'retried'
                and message.state in ('allowed', 'held')
                and not exists (
                    select
                    from delivery as later
                    where
                        later.message_id = delivery.message_id
                        and later.attempt > delivery.attempt
                )
            )
        )
    order by delivery.id
    for update of delivery, message
),

settled as (
    update delivery
    set state = 'accepted', settled_at = %(now)s::timestamptz, doubt_until = null
    from arrived
    where delivery.id = arrived.id
)

update message
set state = 'handed', act_at = null
from arrived
where message.id = arrived.message_id and message.state in ('allowed', 'held')
