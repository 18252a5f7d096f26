-- Find those of the messages whose recipients have not yet refused because of them.
-- Reads message, receipt.
select message.id
from message
where
    message.id = any(%(message_ids)s::bigint[])
    and not exists (
        select
        from receipt
        where
            receipt.workspace_id = message.workspace_id
            and receipt.dedupe_key = 'unsubscribed:' || message.id
    )
order by message.id
