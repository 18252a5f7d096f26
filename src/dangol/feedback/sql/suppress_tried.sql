-- Forbid the addresses that these messages were last handed to, for a reason of their own.
-- Reads delivery. Writes suppression.
with tried as (
    select distinct on (message_id)
        workspace_id,
        channel,
        address_key
    from delivery
    where message_id = any(%(message_ids)s::bigint[])
    order by message_id asc, attempt desc
)

insert into suppression (workspace_id, channel, address_key, reason, since)
select distinct
    tried.workspace_id,
    tried.channel,
    tried.address_key,
    %(reason)s::suppression_reason,
    %(now)s::timestamptz
from tried
where tried.address_key <> ''
on conflict (workspace_id, channel, address_key) do nothing
