-- What a customer is recognised by, and an address they share; contact data stays sealed.
-- Reads identifier, address.
select
    identifier.kind,
    identifier.key,
    identifier.sealed,
    identifier.first_seen_at
from identifier
where
    identifier.workspace_id = %(workspace_id)s
    and identifier.customer_id = %(customer_id)s
union all
select
    'email'::identifier_kind,
    address.key,
    address.sealed,
    address.changed_at
from address
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
