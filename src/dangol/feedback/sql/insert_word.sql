-- Record once that a message made its recipient answer, complain or leave.
-- Reads message. Writes receipt.
insert into receipt (workspace_id, message_id, customer_id, kind, occurred_at, dedupe_key, reply)
select
    message.workspace_id,
    message.id,
    message.customer_id,
    %(kind)s::receipt_kind,
    %(now)s::timestamptz,
    %(kind)s || ':' || message.id,
    %(reply)s::reply_kind
from message
where message.workspace_id = %(workspace_id)s and message.id = %(message_id)s
on conflict (workspace_id, dedupe_key) do nothing
