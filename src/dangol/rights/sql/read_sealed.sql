-- Read the customer's sealed contact data, each with the key that opens it.
-- Reads identifier, address, device, customer_key.
select
    identifier.kind::text as kind,
    identifier.sealed,
    customer_key.wrapped
from identifier
inner join customer_key on identifier.key_of = customer_key.customer_id
where
    identifier.workspace_id = %(workspace_id)s
    and identifier.customer_id = %(customer_id)s
union all
select
    case address.channel
        when 'email' then 'email'
        when 'push' then 'push'
        else 'phone'
    end,
    address.sealed,
    customer_key.wrapped
from address
inner join customer_key on address.key_of = customer_key.customer_id
where address.workspace_id = %(workspace_id)s and address.customer_id = %(customer_id)s
union all
select
    'push',
    device.sealed,
    customer_key.wrapped
from device
inner join customer_key on device.key_of = customer_key.customer_id
where device.workspace_id = %(workspace_id)s and device.customer_id = %(customer_id)s
