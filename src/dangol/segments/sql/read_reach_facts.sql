-- Read who of all or some can be reached where: the address takes messages, and nobody forbade it.
-- Reads address, suppression.
select
    address.customer_id,
    address.channel
from address
where
    address.workspace_id = %(workspace_id)s
    and address.state = 'reachable'
    and (
        %(customer_ids)s::bigint[] is null
        or address.customer_id = any(%(customer_ids)s::bigint[])
    )
    and not exists (
        select
        from suppression
        where
            suppression.workspace_id = address.workspace_id
            and suppression.channel = address.channel
            and suppression.address_key = address.key
    )
