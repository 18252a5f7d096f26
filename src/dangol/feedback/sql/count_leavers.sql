-- Count whom a message made stop since a moment, whether they said why or not.
-- Reads receipt.
select count(*)
from receipt
where
    receipt.workspace_id = %(workspace_id)s
    and receipt.kind = 'unsubscribed'
    and receipt.occurred_at > %(since)s::timestamptz
