-- What a customer is recognised by; contact data stays sealed.
-- Reads identifier.
select
    identifier.kind,
    identifier.key,
    identifier.sealed
from identifier
where
    identifier.workspace_id = %(workspace_id)s
    and identifier.customer_id = %(customer_id)s
order by identifier.kind, identifier.first_seen_at
