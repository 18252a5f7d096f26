-- What a customer is recognised by, and an address they share; contact data stays sealed.
-- Reads identifier, address, customer_key.
select
    identifier.kind,
    identifier.key,
    identifier.sealed,
    customer_key.wrapped,
    identifier.first_seen_at
from identifier
left join customer_key on identifier.key_of = customer_key.customer_id
where
    identifier.workspace_id = %(workspace_id)s
    and identifier.customer_id = %(customer_id)s
union all
select
    'email'::identifier_kind,
    address.key,
    address.sealed,
    customer_key.wrapped,
    address.changed_at
from address
left join customer_key on address.key_of = customer_key.customer_id
where
    address.workspace_id = %(workspace_id)s
    and address.customer_id = %(customer_id)s
    and address.channel = 'email'
    and not exists (
        select 1
        from identifier
        where
            identifier.workspace_id = address.workspace_id
            and identifier.kind = 'email'
            and identifier.key = address.key
            and identifier.customer_id = address.customer_id
    )
order by kind, first_seen_at
