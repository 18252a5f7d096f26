-- Read what a customer is recognised by; contact data sealed, beside the key that opens it.
-- Reads identifier, customer_key.
select
    identifier.kind::text as kind,
    identifier.key,
    identifier.first_seen_at,
    identifier.kind::text as sealed_as,
    identifier.sealed,
    customer_key.wrapped
from identifier
left join customer_key on identifier.key_of = customer_key.customer_id
where
    identifier.workspace_id = %(workspace_id)s
    and identifier.customer_id = %(customer_id)s
order by identifier.kind, identifier.first_seen_at, identifier.key
