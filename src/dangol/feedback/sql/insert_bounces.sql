-- Record each bounce once per message and status.
-- Reads message, customer. Writes receipt.
insert into receipt (
    workspace_id, message_id, customer_id, kind, occurred_at, detail, dedupe_key
)
select
    message.workspace_id,
    message.id,
    message.customer_id,
    'bounced',
    %(now)s::timestamptz,
    -- A report quotes the address; of who is forgotten, nothing is kept.
    case when customer.state = 'erased' then '' else bounce.detail end,
    'bounced:' || message.id || ':' || bounce.status
from
    unnest(
        %(message_ids)s::bigint[], %(statuses)s::text[], %(details)s::text[]
    ) as bounce (message_id, status, detail)
inner join message on bounce.message_id = message.id
inner join customer on message.customer_id = customer.id
on conflict (workspace_id, dedupe_key) do nothing
returning id
