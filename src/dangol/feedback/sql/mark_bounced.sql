-- Mark the addresses that these messages were last handed to as bounced.
-- Reads delivery. Writes address. Locks the addresses.
with tried as (
    select distinct on (message_id)
        workspace_id,
        channel,
        address_key
    from delivery
    where message_id = any(%(message_ids)s::bigint[])
    order by message_id asc, attempt desc
)

update address
set state = 'bounced', changed_at = %(now)s::timestamptz
from tried
where
    address.workspace_id = tried.workspace_id
    and address.channel = tried.channel
    and address.key = tried.address_key
    and address.state <> 'bounced'
