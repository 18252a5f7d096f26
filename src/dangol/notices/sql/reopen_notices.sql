-- Open anew what a message could not tell: the guard stopped it, or nobody took it.
-- Reads message, delivery. Writes consent_notice. Locks the notices.
-- A call that nobody knows the end of is repeated a day later: being told twice harms nobody.
with lost as (
    select delivery.message_id
    from delivery
    where
        delivery.workspace_id = %(workspace_id)s
        and delivery.state = 'unknown'
        and delivery.settled_at < %(now)s::timestamptz - interval '1 day'
)

update consent_notice
set message_id = null, ready_at = %(now)s::timestamptz + interval '1 day'
from message
where
    consent_notice.workspace_id = %(workspace_id)s
    and consent_notice.message_id = message.id
    and consent_notice.told_at is null
    and consent_notice.dropped_at is null
    and (
        message.state in ('skipped', 'failed')
        or (message.state = 'handed' and message.id in (select lost.message_id from lost))
    )
