-- What a customer is recognised by; contact data stays sealed.
-- Reads identifier, customer_key.
select
    identifier.kind,
    identifier.key,
    identifier.sealed,
    customer_key.wrapped
from identifier
left join customer_key on identifier.key_of = customer_key.customer_id
where
    identifier.workspace_id = %(workspace_id)s
    and identifier.customer_id = %(customer_id)s
order by identifier.kind, identifier.first_seen_at
