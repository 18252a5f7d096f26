-- Forbid the addresses that these messages were last handed to, for a reason receipts name too.
-- Reads delivery, receipt. Writes suppression. Locks the rows it changes.
-- The graver reason stands: dead before complained of, that before refused. By hand stays by hand.
with tried as (
    select distinct on (message_id)
        message_id,
        workspace_id,
        channel,
        address_key
    from delivery
    where message_id = any(%(message_ids)s::bigint[])
    order by message_id asc, attempt desc
)

insert into suppression (workspace_id, channel, address_key, reason, since, receipt_id)
select distinct on (tried.workspace_id, tried.channel, tried.address_key)
    tried.workspace_id,
    tried.channel,
    tried.address_key,
    %(reason)s::text::suppression_reason,
    %(now)s::timestamptz,
    receipt.id
from tried
left join receipt
    on tried.message_id = receipt.message_id and receipt.kind = %(reason)s::text::receipt_kind
where tried.address_key <> ''
order by tried.workspace_id, tried.channel, tried.address_key, receipt.id desc
on conflict (workspace_id, channel, address_key) do update
    set
        reason = excluded.reason,
        since = excluded.since,
        receipt_id = excluded.receipt_id
    where suppression.reason <> 'manual' and excluded.reason < suppression.reason
