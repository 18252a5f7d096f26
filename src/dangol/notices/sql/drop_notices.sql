-- Drop what need not be told any more: a reminder of what was taken back, or of a confirmation that
-- another has followed; what concerns somebody who wants to be forgotten.
-- Reads customer, consent, message. Writes consent_notice, message. Locks both.
-- What such a reminder has planned expires: the guard stops it at the door.
with idle as (
    select
        consent_notice.id,
        consent_notice.message_id
    from consent_notice
    inner join customer on consent_notice.customer_id = customer.id
    left join consent
        on
            coalesce(customer.head_id, customer.id) = consent.customer_id
            and consent_notice.channel = consent.channel
            and consent.purpose = 'marketing'
    where
        consent_notice.workspace_id = %(workspace_id)s
        and consent_notice.told_at is null
        and consent_notice.dropped_at is null
        and (
            customer.state = 'erased'
            or (
                consent_notice.kind = 'reminder'
                and (
                    consent.state is distinct from 'granted'
                    or coalesce(consent.confirmed_at, consent.since) <> consent_notice.said_at
                )
                and not exists (
                    select
                    from delivery
                    where
                        delivery.message_id = consent_notice.message_id
                        and delivery.state in ('calling', 'accepted')
                )
            )
        )
),

expired as (
    update message
    set expires_at = least(message.expires_at, %(now)s::timestamptz)
    from idle
    where message.id = idle.message_id and message.state in ('planned', 'held', 'allowed')
)

update consent_notice
set dropped_at = %(now)s, ready_at = null
from idle
where consent_notice.id = idle.id
