-- Take every hit on a message from where our trap was walked into for a machine's.
-- Writes receipt. Locks the receipts it doubts.
update receipt
set
    human_confidence = 0,
    detail = regexp_replace(receipt.detail, '^why=\w+ ', 'why=trap ')
where
    receipt.message_id = %(message_id)s
    and receipt.workspace_id = %(workspace_id)s
    and receipt.kind in ('opened', 'clicked')
    and receipt.occurred_at > %(now)s::timestamptz - %(trap_span)s::interval
    and receipt.detail like '%% ip=' || %(ip)s::text || ' %%'
