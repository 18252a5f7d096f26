-- Give claims back whose receiver takes nothing now; their messages wait until their moment.
-- Not what has expired meanwhile: the guard ends that.
-- Writes delivery, message. Locks both.
with released as (
    update delivery
    set state = 'released', settled_at = %(now)s::timestamptz
    from unnest(%(delivery_ids)s::bigint[], %(moments)s::timestamptz[]) as put_off (id, moment)
    inner join delivery as held on put_off.id = held.id
    inner join message on held.message_id = message.id
    where
        delivery.id = held.id
        and delivery.state = 'claimed'
        and message.expires_at > %(now)s::timestamptz
    returning delivery.id, delivery.message_id, put_off.moment
),

returned as (
    update message
    set state = 'allowed', act_at = released.moment
    from released
    where message.id = released.message_id and message.state = 'handed'
)

select id from released
