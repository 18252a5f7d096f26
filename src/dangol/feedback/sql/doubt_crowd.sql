-- Doubt the hits of one network that looked into the mail of many recipients within a minute.
-- Reads receipt. Writes receipt. Locks the receipts it doubts.
with near as (
    select
        receipt.id,
        receipt.message_id
    from receipt
    where
        receipt.workspace_id = %(workspace_id)s
        and receipt.detail like 'why=%%'
        and substring(receipt.detail from ' net=([0-9a-f]*) ') = %(net)s::text
        and receipt.occurred_at > %(now)s::timestamptz - %(crowd_span)s::interval
)

update receipt
set
    human_confidence = %(hardly)s::real,
    detail = regexp_replace(receipt.detail, '^why=person ', 'why=crowd ')
from near
where
    receipt.id = near.id
    and receipt.human_confidence > %(hardly)s::real
    and receipt.detail like 'why=person %%'
    and (select count(distinct near.message_id) from near) >= %(crowd)s
