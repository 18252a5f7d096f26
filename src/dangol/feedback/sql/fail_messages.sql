-- Let messages fail that will not arrive, unless they ever did.
-- Reads receipt. Writes delivery, message. Locks both.
with failed as (
    update message
    set state = 'failed'
    where
        message.id = any(%(message_ids)s::bigint[])
        and message.state = 'handed'
        and not exists (
            select
            from delivery
            where delivery.message_id = message.id and delivery.state in ('claimed', 'calling')
        )
        and not exists (
            select
            from receipt
            where
                receipt.message_id = message.id
                and receipt.kind in ('delivered', 'opened', 'clicked', 'replied')
        )
    returning message.id
),

refused as (
    update delivery
    set state = 'rejected', settled_at = %(now)s::timestamptz
    from failed
    where delivery.message_id = failed.id and delivery.state = 'unknown'
)

select id from failed
