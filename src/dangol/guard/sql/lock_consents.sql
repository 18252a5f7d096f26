-- Let no consent of these messages' customers change before this transaction is over.
-- Reads message, consent. Writes nothing. Locks the consents for share, in order of customer.
select consent.state
from consent
where
    consent.workspace_id = %(workspace_id)s
    and consent.customer_id in (
        select message.customer_id
        from message
        where message.id = any(%(message_ids)s::bigint[])
    )
order by consent.customer_id, consent.channel, consent.purpose
for share
