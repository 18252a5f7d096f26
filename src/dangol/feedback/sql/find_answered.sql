-- Find the message that somebody answered who is known only by where they answered from: the last
-- that went to that address before, on the channels that reach it.
-- Reads address, message, delivery.
with told as (
    select
        answer.place,
        answer.address_key,
        answer.happened_at
    from
        unnest(
            %(places)s::integer[], %(address_keys)s::text[], %(moments)s::timestamptz[]
        ) as answer (place, address_key, happened_at)
)

select distinct on (told.place)
    told.place,
    message.id
from told
inner join address
    on
        told.address_key = address.key
        and address.workspace_id = %(workspace_id)s
        and address.channel = any(%(channels)s::channel[])
inner join message
    on
        address.customer_id = message.customer_id
        and message.channel = any(%(channels)s::channel[])
        and message.planned_at > told.happened_at - %(within)s::interval
inner join delivery
    on
        message.id = delivery.message_id
        and told.address_key = delivery.address_key
        and delivery.state in ('accepted', 'unknown')
        and told.happened_at >= delivery.calling_at
order by told.place, delivery.calling_at desc, message.id desc
