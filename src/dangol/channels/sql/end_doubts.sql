-- Give up what cannot be repeated any more: the vendor has forgotten the key of the call.
-- Reads delivery. Writes delivery, message. Locks both.
-- Of several calls of a message the last becomes unknown, unless another attempt has settled it.
-- Whoever holds a message now is let finish first, and passes no door with it any more.
with over as materialized (
    select
        message.id,
        message.state in ('allowed', 'held') as waits
    from message
    where
        message.id in (
            select delivery.message_id
            from delivery
            where
                delivery.workspace_id = %(workspace_id)s
                and delivery.doubt_until <= %(now)s::timestamptz
        )
        and (
            message.state <> 'handed'
            or exists (
                select
                from delivery as settling
                where
                    settling.message_id = message.id
                    and settling.state in ('accepted', 'rejected', 'unknown')
            )
        )
    order by message.id
    for update skip locked
),

last_call as (
    select distinct on (delivery.message_id)
        delivery.id,
        delivery.message_id
    from over
    inner join delivery on over.id = delivery.message_id
    where
        delivery.doubt_until is not null
        and not exists (
            select
            from delivery as settling
            where
                settling.message_id = delivery.message_id
                and settling.state in ('accepted', 'rejected', 'unknown')
        )
    order by delivery.message_id asc, delivery.attempt desc
),

given_up as (
    update delivery
    set
        state = case when delivery.id = last_call.id then 'unknown' else delivery.state end,
        doubt_until = null
    from over
    left join last_call on over.id = last_call.message_id
    where delivery.message_id = over.id and delivery.doubt_until is not null
)

update message
set state = 'handed', act_at = null
from over
where message.id = over.id and over.waits
