-- Record once that a message made its recipient answer, complain or leave.
-- Reads message. Writes receipt. Of answers, one of each kind is kept: a complaint counts, too,
-- where thanks came before it.
insert into receipt (workspace_id, message_id, customer_id, kind, occurred_at, dedupe_key, reply)
select
    message.workspace_id,
    message.id,
    message.customer_id,
    %(kind)s::receipt_kind,
    %(now)s::timestamptz,
    concat_ws(':', %(kind)s::text, message.id, %(reply)s::text),
    %(reply)s::reply_kind
from message
where message.workspace_id = %(workspace_id)s and message.id = %(message_id)s
on conflict (workspace_id, dedupe_key) do nothing
