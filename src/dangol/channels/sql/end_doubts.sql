-- Give up what cannot be repeated any more: the vendor has forgotten the key of the call.
-- Writes delivery, message. Locks both.
with over as materialized (
    select
        delivery.id,
        delivery.message_id,
        message.state in ('allowed', 'held') as waits
    from delivery
    inner join message on delivery.message_id = message.id
    where
        delivery.workspace_id = %(workspace_id)s
        and delivery.doubt_until <= %(now)s::timestamptz
    order by delivery.id
    for update of delivery, message skip locked
),

given_up as (
    update delivery
    set
        state = case when over.waits then 'unknown' else delivery.state end,
        doubt_until = null
    from over
    where delivery.id = over.id
)

update message
set state = 'handed', act_at = null
from over
where message.id = over.message_id and over.waits
