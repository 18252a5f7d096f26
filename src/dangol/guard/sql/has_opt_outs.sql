-- Tell whether somebody has opted out or complained within the last hour.
-- Reads receipt. Writes nothing. Locks nothing.
select exists(
    select
    from receipt
    where
        receipt.workspace_id = %(workspace_id)s
        and receipt.kind in ('unsubscribed', 'complained')
        and receipt.occurred_at > %(now)s::timestamptz - interval '1 hour'
) as opted_out
