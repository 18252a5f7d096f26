-- Let what would leave at once be over: the guard then skips it as expired, and says so.
-- Reads delivery. Writes message. Locks the messages it changes.
update message
set expires_at = least(message.expires_at, %(now)s::timestamptz)
where
    message.purpose = any(%(purposes)s::purpose[])
    and (
        (
            message.state in ('planned', 'held', 'allowed')
            and message.act_at <= %(now)s::timestamptz
        )
        or (
            message.state = 'handed'
            and exists (
                select
                from delivery
                where delivery.message_id = message.id and delivery.state = 'claimed'
            )
        )
    )
