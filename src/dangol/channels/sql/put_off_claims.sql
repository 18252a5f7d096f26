-- Give claims back whose receiver takes nothing now; their messages wait until their moment.
-- Writes delivery, message. Locks both.
with released as (
    update delivery
    set state = 'released', settled_at = %(now)s::timestamptz
    from unnest(%(delivery_ids)s::bigint[], %(moments)s::timestamptz[]) as put_off (id, moment)
    where delivery.id = put_off.id and delivery.state = 'claimed'
    returning delivery.message_id, put_off.moment
),

returned as (
    update message
    set state = 'allowed', act_at = released.moment
    from released
    where message.id = released.message_id and message.state = 'handed'
)

select message_id from released
