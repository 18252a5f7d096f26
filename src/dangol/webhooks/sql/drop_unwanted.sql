-- Drop what waits about customers who have not consented to the purpose it is for.
-- Reads consent. Writes webhook_call. Locks the calls it drops.
update webhook_call
set
    state = 'dropped',
    due_at = null,
    settled_at = %(now)s::timestamptz,
    answer = 'no_consent'
where
    webhook_call.state = 'waiting'
    and webhook_call.purpose is not null
    and not exists (
        select
        from consent
        where
            consent.customer_id = webhook_call.customer_id
            and consent.purpose = webhook_call.purpose
            and consent.state = 'granted'
    )
