-- Read what a customer, and nobody else, is recognised by and reached at.
-- Reads identifier, address.
-- An address that a family shares is no name of any of them.
select
    identifier.kind::text as kind,
    identifier.key
from identifier
where
    identifier.workspace_id = %(workspace_id)s
    and identifier.customer_id = %(customer_id)s
union
select
    case address.channel when 'email' then 'email' when 'push' then 'push' else 'phone' end,
    address.key
from address
left join identifier
    on
        address.workspace_id = identifier.workspace_id
        and case address.channel when 'email' then 'email' else 'phone' end = identifier.kind::text
        and address.key = identifier.key
where
    address.workspace_id = %(workspace_id)s
    and address.customer_id = %(customer_id)s
    and (identifier.key is null or identifier.customer_id = address.customer_id)
order by kind, key
