-- Find a customer and whoever else holds their address on a channel.
-- Reads address.
select %(customer_id)s::bigint as customer_id
union
select address.customer_id
from address
where
    address.workspace_id = %(workspace_id)s
    and address.channel = %(channel)s::channel
    and address.key = %(address_key)s
    and address.key <> ''
order by customer_id
