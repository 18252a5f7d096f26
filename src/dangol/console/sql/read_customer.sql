-- One customer of this workspace; for a part of another, that one.
-- Reads customer.
select
    customer.id,
    customer.state,
    customer.first_seen_at,
    customer.last_seen_at,
    customer.locale,
    customer.time_zone,
    customer.country,
    customer.traits
from customer
where
    customer.workspace_id = %(workspace_id)s
    and customer.id = (
        select coalesce(part.head_id, part.id)
        from customer as part
        where part.workspace_id = %(workspace_id)s and part.id = %(customer_id)s
    )
