-- What a part is known by.
-- Reads identifier, customer.
select
    identifier.kind,
    identifier.key,
    identifier.sealed
from customer
inner join identifier on customer.id = identifier.part_id
where
    customer.workspace_id = %(workspace_id)s
    and (customer.id = %(part_id)s or customer.keeps_id = %(part_id)s)
order by identifier.kind, identifier.first_seen_at
