-- Record each report once, whatever it says.
-- Reads message, customer. Writes receipt.
insert into receipt (
    workspace_id, message_id, customer_id, kind, occurred_at, detail, dedupe_key, reply
)
select
    message.workspace_id,
    message.id,
    message.customer_id,
    told.kind::receipt_kind,
    told.occurred_at,
    -- A report may quote the address; of who is forgotten, nothing is kept.
    case when customer.state = 'erased' then '' else told.detail end,
    told.dedupe_key,
    told.reply::reply_kind
from
    unnest(
        %(message_ids)s::bigint[],
        %(kinds)s::text[],
        %(moments)s::timestamptz[],
        %(details)s::text[],
        %(dedupe_keys)s::text[],
        %(replies)s::text[]
    ) as told (message_id, kind, occurred_at, detail, dedupe_key, reply)
inner join message on told.message_id = message.id
inner join customer on message.customer_id = customer.id
on conflict (workspace_id, dedupe_key) do nothing
returning id
