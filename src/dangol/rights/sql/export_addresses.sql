-- Read where a customer is reached, sealed, beside the key that opens it.
-- Reads address, suppression, customer_key.
select distinct on (address.channel, address.key)
    address.channel::text as channel,
    '' as key,
    address.state,
    suppression.reason as suppressed_because,
    address.changed_at,
    case address.channel
        when 'email' then 'email'
        when 'push' then 'push'
        else 'phone'
    end as sealed_as,
    address.sealed,
    customer_key.wrapped
from address
left join customer_key on address.key_of = customer_key.customer_id
left join suppression
    on
        address.workspace_id = suppression.workspace_id
        and address.channel = suppression.channel
        and address.key = suppression.address_key
where
    address.workspace_id = %(workspace_id)s
    and address.customer_id = any(%(customer_ids)s::bigint[])
order by address.channel, address.key, address.changed_at
