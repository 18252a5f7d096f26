-- Give claims back; their messages are allowed again, unless the guard has decided otherwise.
-- Writes delivery, message. Locks both.
with released as (
    update delivery
    set state = 'released', settled_at = %(now)s::timestamptz
    where id = any(%(delivery_ids)s) and state = 'claimed'
    returning id, message_id
),

returned as (
    update message
    set state = 'allowed', act_at = %(now)s::timestamptz
    from released
    where message.id = released.message_id and message.state = 'handed'
)

select id from released
